# SPDX-License-Identifier: GPL-2.0
# Rules: R7
#
# HMEM owns a range, a part of which a region decodes. Whatever is typed to reset
# that region's decoders is refused, and the memory keeps what is in it.

firmware() { two_regions; }

system()
{
	keep_undriven 2
	load
	owns hmem "$sr0"
	expect "its memory comes online" comes_online "$sr0"
	assert write_pattern "$sr0"
	decoders=$(hdm)
	region0=/sys/bus/cxl/devices/region0

	expect "commit 0 is refused" not write 0 "$region0/commit"
	expect "the log says why" logged "region0: .* is not reset: hmem.* has claimed"
	expect "its target is not to be taken away" not write "" "$region0/target0"
	expect "delete_region is refused" \
		not write region0 /sys/bus/cxl/devices/decoder0.0/delete_region
	expect "cxl destroy-region -f is refused" not cxl destroy-region -f region0
	expect "the region is still there" [ -e "$region0" ]
	assert cxl enable-region region0
	expect "cxl disable-region -f harms nothing" cxl disable-region -f region0
	expect "a disabled region cannot be reset, either" \
		not write 0 "$region0/commit"
	expect "all decoders are as they were" [ "$(hdm)" = "$decoders" ]
	expect "HMEM still owns the range" owned_by hmem "$sr0"
	expect "what was written is still there" pattern_intact

	assert offline "$sr0"
	assert unbind_hmem "$sr0"
	expect "let go of, the region can be destroyed" cxl destroy-region -f region0
	expect "its decoders are reset" [ "$(hdm)" != "$decoders" ]
}
