# SPDX-License-Identifier: GPL-2.0
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
	check "CXL owns what it covers" wait_for 20 owned_by cxl "$first"
	check "its memory comes online" comes_online "$first"
	need hold_data "$first"
	check "nobody owns the rest" owned_by none "$second"

	load dax_hmem
	check "HMEM owns the rest when it comes" wait_for 20 owned_by hmem "$second"
	check "its memory comes online" comes_online "$second"
	check "it is published below the window" in_iomem "$second" \
		"CXL Window 0 > Soft Reserved > dax* > System RAM (kmem)"
	check "CXL still owns its half" owned_by cxl "$first"
	check "what was written there is still there" still_holds_data
	check "the rest holds data" holds_data "$second"
	check "no device is deferred" nothing_deferred

	need offline "$second"
	need unbind_hmem "$second"
	check "HMEM lets go of its half" not published "$second"
	decide_afresh
	check "decided afresh, it is HMEM's again" wait_for 20 owned_by hmem "$second"
	check "and CXL's half is CXL's" owned_by cxl "$first"

	need offline "$first"
	need cxl disable-region "$(region_over "$first")"
	decide_afresh
	check "without the region, HMEM owns all of it" wait_for 20 owned_by hmem "$sr0"
	check "in one piece, so that no block is lost at the cut" published "$sr0"
	soft_reserve "$sr0"
}

lower_half()
{
	late 1
	check "CXL owns the upper half" wait_for 20 owned_by cxl "$second"
	load dax_hmem
	check "HMEM owns the lower half when it comes" wait_for 20 owned_by hmem "$first"
	check "its memory comes online" comes_online "$first"
	check "CXL still owns the upper half" owned_by cxl "$second"
}
