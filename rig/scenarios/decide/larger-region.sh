# SPDX-License-Identifier: GPL-2.0
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
	keep whole "$whole"
	soft_reserve "$(part "$whole" 128M 256M)"
}

one()
{
	echo 'format "requests probe deferral" +p' \
		> /sys/kernel/debug/dynamic_debug/control
	load cxl_acpi cxl_port cxl_pci cxl_mem dax_cxl kmem
	check "CXL owns all of the region" wait_for 20 owned_by cxl "$whole"
	check "at once: its dax_region did not wait" \
		not logged "dax_region0: .* requests probe deferral"
	load dax_hmem
	check "its memory comes online" comes_online "$whole"
	check "no memory is HMEM's" not owned_by hmem "$sr0"
	check "the Soft Reserved part holds data" holds_data "$sr0"

	soft_reserve "$(part "$whole" 0 128M)" "$(part "$whole" 384M 128M)"
}

two()
{
	load
	check "with two ranges, the memory comes online" comes_online "$whole"
	check "CXL owns all of it" owned_by cxl "$whole"
	check "no device is deferred" nothing_deferred
}
