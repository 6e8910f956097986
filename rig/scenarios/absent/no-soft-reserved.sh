# SPDX-License-Identifier: GPL-2.0
# Rules: R4 R5
#
# Firmware made a region and marked nothing Soft Reserved. CXL owns the region,
# as on kernels before this series, and nobody waits for anybody.

firmware()
{
	load
	create_region decoder0.0 1
	remember range "$(range_of "$region")"
}

system()
{
	load
	none_deferred
	expect "memory of the region comes online" comes_online "$range"
	expect "CXL owns all of it" owned_by cxl "$range"
	expect "iomem shows window, region, dax device, memory" in_iomem "$range" \
		"CXL Window 0 > region0 > dax* > System RAM (kmem)"
	expect "the memory holds data" holds_data "$range"
}
