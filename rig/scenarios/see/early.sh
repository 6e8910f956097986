# SPDX-License-Identifier: GPL-2.0
# Rules: R10
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
	remember below "$below"
	remember above "$above"
	soft_reserve "$(span "$(part "$below" 256M 256M)" "$above")"
	boot_with soft_reserve=early
}

covered()
{
	expect "published at boot, below the boundary" \
		published "$(part "$below" 256M 256M)"
	expect "and above it" published "$above"
	load
	owns cxl "$below" "CXL owns all of the region that begins before the range"
	owns cxl "$above" "CXL owns what is above the boundary"
	expect "memory of the first comes online" comes_online "$below"
	expect "memory of the second comes online" comes_online "$above"
	expect "nothing is published any more" not grep "Soft Reserved" /proc/iomem
	expect "iomem shows window, region, dax device, memory" in_iomem "$below" \
		"CXL Window 0 > region* > dax* > System RAM (kmem)"
	soft_reserve "$(span "$below" "$above")"
	boot_with soft_reserve=early
}

fallback()
{
	keep_undriven 2 3
	expect "published at boot" published "$below"
	load
	owns hmem "$below" "HMEM owns the first piece"
	owns hmem "$above" "HMEM owns the second piece"
	expect "memory of the first comes online" comes_online "$below"
	expect "memory of the second comes online" comes_online "$above"
	expect "it is published below the window" in_iomem "$above" \
		"CXL Window 1 > Soft Reserved > dax* > System RAM (kmem)"
	expect "the memory holds data" holds_data "$above"
	none_deferred

	assert offline "$above"
	assert unbind_hmem "$above"
	expect "unbound, it leaves iomem" not published "$above"
	soft_reserve "$(span "$below" "$above")"
}

no_hmem()
{
	blacklist dax_hmem
	keep_undriven 3
	load cxl_acpi cxl_port cxl_pci cxl_mem dax_cxl kmem
	owns cxl "$below" "without HMEM, CXL owns what its region covers"
	expect "it is decided that nobody serves the rest" \
		wait_for 20 logged "is unowned: there is no HMEM driver"
	expect "the rest stays published" published "$above"
}
