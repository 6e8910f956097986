# SPDX-License-Identifier: GPL-2.0
# Rules: R3 R12
#
# A Soft Reserved range that starts and ends amid memory blocks, and at no 2 MiB
# boundary either. All of it is HMEM's, and each block wholly inside comes online.
# One that is too small for HMEM is left to CXL.

stages="firmware unaligned small"

firmware()
{
	load
	create_region decoder0.0 1
	whole=$(range_of "$region")
	remember whole "$whole"
	soft_reserve "$(range $(($(start_of "$whole") + 0x1000)) $((0x1ffe0000)))"
}

unaligned()
{
	keep_undriven 1
	load
	inside=$(part "$whole" 128M 256M)
	expect "the range is published as firmware has it" \
		wait_for 20 published "$sr0"
	expect "blocks inside come online" comes_online "$inside"
	expect "HMEM owns them" owned_by hmem "$inside"
	expect "they hold data" holds_data "$inside"
	expect "a line says how much is lost" \
		logged "memory blocks of 128M: 252M of it cannot come online"

	soft_reserve "$(range $(($(end_of "$whole") - 0xfffff)) $((0x200000)))"
}

small()
{
	load
	owns cxl "$whole" "a region that half covers a range of 2M is CXL's"
	expect "its memory comes online" comes_online "$whole"
	expect "nothing is published" not published "$sr0"
}
