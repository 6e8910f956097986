# SPDX-License-Identifier: GPL-2.0
# Rules: R2 R4
#
# Firmware marked a part of its region Soft Reserved, and in the next boot two
# parts. The region alone contains each of them: CXL owns all of it, and binds
# before dax_hmem is there to decide anything.

stages="firmware one two"

firmware()
{
	load
	create_region decoder0.0 1
	whole=$(range_of "$region")
	remember whole "$whole"
	soft_reserve "$(part "$whole" 128M 256M)"
}

one()
{
	echo 'format "requests probe deferral" +p' \
		> /sys/kernel/debug/dynamic_debug/control
	load cxl_acpi cxl_port cxl_pci cxl_mem dax_cxl kmem
	owns cxl "$whole" "CXL owns all of the region"
	expect "at once: its dax_region did not wait" \
		not logged "dax_region0: .* requests probe deferral"
	load dax_hmem
	expect "its memory comes online" comes_online "$whole"
	expect "no memory is HMEM's" not owned_by hmem "$sr0"
	expect "the Soft Reserved part holds data" holds_data "$sr0"

	soft_reserve "$(part "$whole" 0 128M)" "$(part "$whole" 384M 128M)"
}

two()
{
	load
	expect "with two ranges, the memory comes online" comes_online "$whole"
	expect "CXL owns all of it" owned_by cxl "$whole"
}
