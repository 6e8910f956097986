# SPDX-License-Identifier: GPL-2.0
# Rules: R5 R7
#
# cxl_acpi is unbound and bound again: ports, regions and windows go and come.
# What was CXL's, and offline, CXL can make regions of again. What is HMEM's stays
# HMEM's all the while, with a program's data.

stages="firmware covered fallback"

firmware() { two_regions; }

covered()
{
	load
	owns cxl "$sr0" "CXL owns all of the range"
	expect "its memory comes online" comes_online "$sr0"

	assert offline "$sr0"
	assert unbind_from platform/cxl_acpi ACPI0017:00
	expect "cxl_acpi unbound: nobody owns it" owned_by none "$sr0"
	expect "iomem has nothing there" [ -z "$(iomem_path "$first")" ]
	assert bind_to platform/cxl_acpi ACPI0017:00
	settle
	expect "cxl_acpi bound again: the window is back" in_iomem "$sr0" \
		"CXL Window 0"
	create_region decoder0.0 1
	create_region decoder0.0 2
	owns cxl "$sr0" "CXL owns the range again"
	expect "its memory comes online again" comes_online "$sr0"
	expect "the first half holds data" holds_data "$first"
	expect "the second half holds data" holds_data "$second"
	soft_reserve "$sr0"
}

fallback()
{
	keep_undriven 2
	load
	owns hmem "$sr0" "HMEM owns all of the range"
	# what a region lies over comes first, so that it has the data
	expect "memory of the first half comes online" comes_online "$first"
	assert write_pattern "$first"
	expect "memory of the second half comes online" comes_online "$second"

	assert unbind_from platform/cxl_acpi ACPI0017:00
	expect "cxl_acpi unbound: HMEM still owns it" owned_by hmem "$sr0"
	expect "iomem shows it without a window" in_iomem "$sr0" \
		"Soft Reserved > dax* > System RAM (kmem)"
	assert bind_to platform/cxl_acpi ACPI0017:00
	settle
	expect "cxl_acpi bound again: HMEM still owns it" owned_by hmem "$sr0"
	expect "iomem shows it in the window" in_iomem "$sr0" \
		"CXL Window 0 > Soft Reserved > dax* > System RAM (kmem)"
	expect "the first half still has its data" pattern_intact
	expect "the second half holds data" holds_data "$second"
	expect "the region is back as a breadcrumb" region_over "$first"
}
