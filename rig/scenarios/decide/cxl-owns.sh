# SPDX-License-Identifier: GPL-2.0
# Rules: R2
#
# Firmware made a region over a device and marked the region Soft Reserved.
# CXL can drive it, so CXL owns all of it.

firmware() { one_region; }

system()
{
	load
	expect "memory of the range comes online" comes_online "$sr0"
	expect "CXL owns all of it" owned_by cxl "$sr0"
	expect "iomem shows window, region, dax device, memory" \
		in_iomem "$sr0" "CXL Window 0 > region0 > dax* > System RAM (kmem)"
	expect "the memory holds data" holds_data "$sr0"
}
