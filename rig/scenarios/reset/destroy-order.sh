# SPDX-License-Identifier: GPL-2.0
#
# A device shares out its capacity in the order of its decoders. Of two regions on
# it, the one on the lower decoder cannot be destroyed first: it is refused before
# anything is touched, and the log names the one to begin with. Nothing here is Soft
# Reserved.

stages=kernel
windows="0:2G 1:1G 0,1:2G"

destroy_all() { cxl destroy-region -f all; cxl list -R; }
left() { regions | grep -c .; }

kernel()
{
	load
	size=256M create_region decoder0.0 1
	lower=$region
	size=256M create_region decoder0.0 1
	upper=$region
	need offline "$(range_of "$lower")"
	need offline "$(range_of "$upper")"
	decoders=$(hdm)

	check "the lower one is not destroyed first" not cxl destroy-region -f "$lower"
	check "the log names the one that has to be" \
		logged "$lower: .* is not reset: .*, destroy $upper first"
	check "no decoder was touched" [ "$(hdm)" = "$decoders" ]
	check "its target is not to be taken away, either" \
		not write "" "/sys/bus/cxl/devices/$lower/target0"
	check "and still has its target" grep -q decoder "/sys/bus/cxl/devices/$lower/target0"
	need cxl enable-region "$lower"
	check "it can still be used" wait_for 20 owned_by cxl "$(range_of "$lower")"

	destroy_all
	destroy_all
	check "destroyed all, twice: none is left" [ "$(left)" = 0 ]
	check "no decoder is committed" [ -z "$(hdm)" ]
	create_region decoder0.0 1
	check "all of the device's capacity can be used again" \
		[ "$(size_of "$(range_of "$region")")" = $((512 << 20)) ]
	check "CXL owns it" wait_for 20 owned_by cxl "$(range_of "$region")"
}
