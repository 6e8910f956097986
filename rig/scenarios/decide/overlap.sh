# SPDX-License-Identifier: GPL-2.0
#
# Firmware lists one range twice, then one that overlaps it, then one that only
# touches that. Together they are one range, with one owner.

stages="firmware fallback covered"

firmware()
{
	load
	create_region decoder0.0 1
	whole=$(range_of "$region")
	keep whole "$whole"
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
	check "memory of all of it comes online" comes_online "$whole"
	check "HMEM owns it" owned_by hmem "$whole"
	check "one entry is published" \
		[ "$(grep -c "Soft Reserved" /proc/iomem)" = 1 ]
	check "and it is all of it" published "$whole"
	check "one dax device has it" [ "$(dax_over "$whole" | wc -l)" = 1 ]
	check "what was listed twice holds data" holds_data "$sr0"
	check "what overlapped holds data" holds_data "$sr2"
	check "what only touched holds data" holds_data "$sr3"
	check "no device is deferred" nothing_deferred
	overlapping
}

covered()
{
	load
	check "with its device driven, memory comes online" comes_online "$whole"
	check "CXL owns it" owned_by cxl "$whole"
	check "nothing is published" not grep "Soft Reserved" /proc/iomem
	check "the memory holds data" holds_data "$whole"
	check "no device is deferred" nothing_deferred
}
