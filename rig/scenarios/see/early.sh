# SPDX-License-Identifier: GPL-2.0
#
# soft_reserve=early: Soft Reserved is in iomem from boot on, as on kernels before
# this series, cut at the window's end. Who owns what is the same: what CXL owns
# is withdrawn, what HMEM owns stays, and what nobody serves, too.

stages="firmware covered fallback no_hmem"
ours_only=1	# nothing for compare: no other kernel has this

firmware()
{
	load
	create_region decoder0.0 1
	create_region decoder0.0 2
	below=$(range_of "$region")
	create_region decoder0.1 3
	above=$(range_of "$region")
	keep below "$below"
	keep above "$above"
	soft_reserve "$(span "$(part "$below" 256M 256M)" "$above")"
	boot_with soft_reserve=early
}

covered()
{
	check "published at boot, below the boundary" \
		published "$(part "$below" 256M 256M)"
	check "and above it" published "$above"
	load
	check "CXL owns all of the region that begins before the range" \
		wait_for 20 owned_by cxl "$below"
	check "CXL owns what is above the boundary" \
		wait_for 20 owned_by cxl "$above"
	check "memory of the first comes online" comes_online "$below"
	check "memory of the second comes online" comes_online "$above"
	check "nothing is published any more" not grep "Soft Reserved" /proc/iomem
	check "iomem shows window, region, dax device, memory" in_iomem "$below" \
		"CXL Window 0 > region* > dax* > System RAM (kmem)"
	soft_reserve "$(span "$below" "$above")"
	boot_with soft_reserve=early
}

fallback()
{
	keep_undriven 2 3
	check "published at boot" published "$below"
	load
	check "HMEM owns the first piece" wait_for 20 owned_by hmem "$below"
	check "HMEM owns the second piece" wait_for 20 owned_by hmem "$above"
	check "memory of the first comes online" comes_online "$below"
	check "memory of the second comes online" comes_online "$above"
	check "it is published below the window" in_iomem "$above" \
		"CXL Window 1 > Soft Reserved > dax* > System RAM (kmem)"
	check "the memory holds data" holds_data "$above"
	check "no device is deferred" nothing_deferred

	need offline "$above"
	need unbind_hmem "$above"
	check "unbound, it leaves iomem" not published "$above"
	soft_reserve "$(span "$below" "$above")"
}

no_hmem()
{
	blacklist dax_hmem
	keep_undriven 3
	load cxl_acpi cxl_port cxl_pci cxl_mem dax_cxl kmem
	check "without HMEM, CXL owns what its region covers" \
		wait_for 20 owned_by cxl "$below"
	check "it is decided that nobody serves the rest" \
		wait_for 20 logged "is free: there is no HMEM driver"
	check "the rest stays published" published "$above"
}
