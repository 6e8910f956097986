# SPDX-License-Identifier: GPL-2.0
#
# HMEM owns a range, a part of which a region decodes. Whatever is typed to reset
# that region's decoders is refused, and the memory keeps what is in it.

firmware() { two_regions; }

kernel()
{
	keep_undriven 2
	load
	check "HMEM owns the range" wait_for 20 owned_by hmem "$sr0"
	check "its memory comes online" comes_online "$sr0"
	need hold_data "$sr0"
	decoders=$(hdm)
	region0=/sys/bus/cxl/devices/region0

	check "commit 0 is refused" not write 0 "$region0/commit"
	check "the log says why" logged "region0: .* is not reset: hmem.* has claimed"
	check "its target is not to be taken away" not write "" "$region0/target0"
	check "delete_region is refused" \
		not write region0 /sys/bus/cxl/devices/decoder0.0/delete_region
	check "cxl destroy-region -f is refused" not cxl destroy-region -f region0
	check "the region is still there" [ -e "$region0" ]
	need cxl enable-region region0
	check "cxl disable-region -f harms nothing" cxl disable-region -f region0
	check "a disabled region cannot be reset, either" \
		not write 0 "$region0/commit"
	check "all decoders are as they were" [ "$(hdm)" = "$decoders" ]
	check "HMEM still owns the range" owned_by hmem "$sr0"
	check "what was written is still there" still_holds_data

	need offline "$sr0"
	need unbind_hmem "$sr0"
	check "let go of, the region can be destroyed" cxl destroy-region -f region0
	check "its decoders are reset" [ "$(hdm)" != "$decoders" ]
}
