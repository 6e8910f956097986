# SPDX-License-Identifier: GPL-2.0
# Rules: R2
#
# Firmware made two regions side by side and merged them into one Soft Reserved
# range. No region covers it alone, but together they do: CXL owns all of it.

firmware() { two_regions; }

system()
{
	load
	expect "memory of the range comes online" comes_online "$sr0"
	expect "CXL owns all of it" owned_by cxl "$sr0"
	expect "the first region is there" in_iomem "$first" \
		"CXL Window 0 > region* > dax* > System RAM (kmem)"
	expect "the second region is there" in_iomem "$second" \
		"CXL Window 0 > region* > dax* > System RAM (kmem)"
	expect "the first holds data" holds_data "$first"
	expect "the second holds data" holds_data "$second"
}
