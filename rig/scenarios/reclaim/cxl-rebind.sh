# SPDX-License-Identifier: GPL-2.0
#
# cxl_acpi is unbound and bound again: ports, regions and windows go and come.
# What was CXL's, and offline, CXL can make regions of again. What is HMEM's stays
# HMEM's all the while, with a program's data.

stages="firmware covered fallback"

firmware() { two_regions; }

covered()
{
	load
	check "CXL owns all of the range" wait_for 20 owned_by cxl "$sr0"
	check "its memory comes online" comes_online "$sr0"

	need offline "$sr0"
	need unbind_from platform/cxl_acpi ACPI0017:00
	check "cxl_acpi unbound: nobody owns it" owned_by none "$sr0"
	check "iomem has nothing there" [ -z "$(iomem_path "$first")" ]
	need bind_to platform/cxl_acpi ACPI0017:00
	settle
	check "cxl_acpi bound again: the window is back" in_iomem "$sr0" \
		"CXL Window 0"
	create_region decoder0.0 1
	create_region decoder0.0 2
	check "CXL owns the range again" wait_for 20 owned_by cxl "$sr0"
	check "its memory comes online again" comes_online "$sr0"
	check "the first half holds data" holds_data "$first"
	check "the second half holds data" holds_data "$second"
	check "no device is deferred" nothing_deferred
	soft_reserve "$sr0"
}

fallback()
{
	keep_undriven 2
	load
	check "HMEM owns all of the range" wait_for 20 owned_by hmem "$sr0"
	# what a region lies over comes first, so that it has the data
	check "memory of the first half comes online" comes_online "$first"
	need hold_data "$first"
	check "memory of the second half comes online" comes_online "$second"

	need unbind_from platform/cxl_acpi ACPI0017:00
	check "cxl_acpi unbound: HMEM still owns it" owned_by hmem "$sr0"
	check "iomem shows it without a window" in_iomem "$sr0" \
		"Soft Reserved > dax* > System RAM (kmem)"
	need bind_to platform/cxl_acpi ACPI0017:00
	settle
	check "cxl_acpi bound again: HMEM still owns it" owned_by hmem "$sr0"
	check "iomem shows it in the window" in_iomem "$sr0" \
		"CXL Window 0 > Soft Reserved > dax* > System RAM (kmem)"
	check "the first half still has its data" still_holds_data
	check "the second half holds data" holds_data "$second"
	check "the region is back as a breadcrumb" region_over "$first"
	check "no device is deferred" nothing_deferred
}
