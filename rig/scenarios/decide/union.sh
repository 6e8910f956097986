# SPDX-License-Identifier: GPL-2.0
#
# Firmware made two regions side by side and merged them into one Soft Reserved
# range. No region covers it alone, but together they do: CXL owns all of it.

firmware() { two_regions; }

kernel()
{
	load
	check "memory of the range comes online" comes_online "$sr0"
	check "CXL owns all of it" owned_by cxl "$sr0"
	check "the first region is there" in_iomem "$first" \
		"CXL Window 0 > region* > dax* > System RAM (kmem)"
	check "the second region is there" in_iomem "$second" \
		"CXL Window 0 > region* > dax* > System RAM (kmem)"
	check "the first holds data" holds_data "$first"
	check "the second holds data" holds_data "$second"
	check "no device is deferred" nothing_deferred
}
