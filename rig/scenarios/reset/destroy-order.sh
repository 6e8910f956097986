# SPDX-License-Identifier: GPL-2.0
# Rules: R5 R7
#
# A device shares out its capacity in the order of its decoders. Of two regions on
# it, the one on the lower decoder cannot be destroyed first: it is refused before
# anything is touched, and the log names the one to begin with. Nothing here is Soft
# Reserved.

stages=system
windows="0:2G 1:1G 0,1:2G"

destroy_all() { cxl destroy-region -f all; cxl list -R; }
left() { regions | grep -c .; }

system()
{
	load
	size=256M create_region decoder0.0 1
	lower=$region
	size=256M create_region decoder0.0 1
	upper=$region
	assert offline "$(range_of "$lower")"
	assert offline "$(range_of "$upper")"
	decoders=$(hdm)

	expect "the lower one is not destroyed first" not cxl destroy-region -f "$lower"
	expect "the log names the one that has to be" \
		logged "$lower: .* is not reset: .*, destroy $upper first"
	expect "no decoder was touched" [ "$(hdm)" = "$decoders" ]
	expect "its target is not to be taken away, either" \
		not write "" "/sys/bus/cxl/devices/$lower/target0"
	expect "and still has its target" grep -q decoder "/sys/bus/cxl/devices/$lower/target0"
	assert cxl enable-region "$lower"
	owns cxl "$(range_of "$lower")" "it can still be used"

	destroy_all
	destroy_all
	expect "destroyed all, twice: none is left" [ "$(left)" = 0 ]
	expect "no decoder is committed" [ -z "$(hdm)" ]
	create_region decoder0.0 1
	expect "all of the device's capacity can be used again" \
		[ "$(size_of "$(range_of "$region")")" = $((512 << 20)) ]
	owns cxl "$(range_of "$region")" "CXL owns it"
}
