# SPDX-License-Identifier: GPL-2.0
# Rules: R3
#
# Firmware lists one range twice, then one that overlaps it, then one that only
# touches that. Together they are one range, with one owner.

stages="firmware fallback covered"

firmware()
{
	load
	create_region decoder0.0 1
	whole=$(range_of "$region")
	remember whole "$whole"
	overlapping
}

overlapping()
{
	soft_reserve "$(part "$whole" 128M 128M)" "$(part "$whole" 128M 128M)" \
		"$(part "$whole" 0 256M)" "$(part "$whole" 256M 256M)"
}

fallback()
{
	keep_undriven 1
	load
	expect "memory of all of it comes online" comes_online "$whole"
	expect "HMEM owns it" owned_by hmem "$whole"
	expect "one entry is published" \
		[ "$(grep -c "Soft Reserved" /proc/iomem)" = 1 ]
	expect "and it is all of it" published "$whole"
	expect "one dax device has it" [ "$(dax_over "$whole" | wc -l)" = 1 ]
	expect "what was listed twice holds data" holds_data "$sr0"
	expect "what overlapped holds data" holds_data "$sr2"
	expect "what only touched holds data" holds_data "$sr3"
	overlapping
}

covered()
{
	load
	expect "with its device driven, memory comes online" comes_online "$whole"
	expect "CXL owns it" owned_by cxl "$whole"
	expect "nothing is published" not grep "Soft Reserved" /proc/iomem
	expect "the memory holds data" holds_data "$whole"
}
