# SPDX-License-Identifier: GPL-2.0
#
# Firmware made a region and marked nothing Soft Reserved. CXL owns the region,
# as on kernels before this series, and nobody waits for anybody.

firmware()
{
	load
	create_region decoder0.0 1
	keep range "$(range_of "$region")"
}

kernel()
{
	load
	check "no device is deferred" nothing_deferred
	check "memory of the region comes online" comes_online "$range"
	check "CXL owns all of it" owned_by cxl "$range"
	check "iomem shows window, region, dax device, memory" in_iomem "$range" \
		"CXL Window 0 > region0 > dax* > System RAM (kmem)"
	check "the memory holds data" holds_data "$range"
}
