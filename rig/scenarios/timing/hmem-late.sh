# SPDX-License-Identifier: GPL-2.0
# Rules: R3 R9
#
# An initramfs has CXL's modules and dax_cxl, but not dax_hmem, and nothing there
# can load it. A region covers half of a range: CXL owns that half for good, since
# nobody could have the whole. When dax_hmem comes, HMEM serves the other half.

stages="firmware upper_half lower_half"

firmware() { two_regions; }

# late SERIAL: whose device is not driven
late()
{
	keep_undriven "$1"
	echo > /proc/sys/kernel/modprobe
	load cxl_acpi cxl_port cxl_pci cxl_mem dax_cxl kmem
}

upper_half()
{
	late 2
	owns cxl "$first" "CXL owns what it covers"
	expect "its memory comes online" comes_online "$first"
	assert write_pattern "$first"
	expect "nobody owns the rest" owned_by none "$second"

	load dax_hmem
	owns hmem "$second" "HMEM owns the rest when it comes"
	expect "its memory comes online" comes_online "$second"
	expect "it is published below the window" in_iomem "$second" \
		"CXL Window 0 > Soft Reserved > dax* > System RAM (kmem)"
	expect "CXL still owns its half" owned_by cxl "$first"
	expect "what was written there is still there" pattern_intact
	expect "the rest holds data" holds_data "$second"
	none_deferred

	assert offline "$second"
	assert unbind_hmem "$second"
	expect "HMEM lets go of its half" not published "$second"
	decide_afresh
	owns hmem "$second" "decided afresh, it is HMEM's again"
	expect "and CXL's half is CXL's" owned_by cxl "$first"

	assert offline "$first"
	assert cxl disable-region "$(region_over "$first")"
	decide_afresh
	owns hmem "$sr0" "without the region, HMEM owns all of it"
	expect "in one piece, so that no block is lost at the cut" published "$sr0"
	soft_reserve "$sr0"
}

lower_half()
{
	late 1
	owns cxl "$second" "CXL owns the upper half"
	load dax_hmem
	owns hmem "$first" "HMEM owns the lower half when it comes"
	expect "its memory comes online" comes_online "$first"
	expect "CXL still owns the upper half" owned_by cxl "$second"
}
