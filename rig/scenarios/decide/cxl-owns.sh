# SPDX-License-Identifier: GPL-2.0
#
# Firmware made a region over a device and marked the region Soft Reserved.
# CXL can drive it, so CXL owns all of it.

firmware() { one_region; }

kernel()
{
	load
	check "memory of the range comes online" comes_online "$sr0"
	check "CXL owns all of it" owned_by cxl "$sr0"
	check "iomem shows window, region, dax device, memory" \
		in_iomem "$sr0" "CXL Window 0 > region0 > dax* > System RAM (kmem)"
	check "the memory holds data" holds_data "$sr0"
	check "no device is deferred" nothing_deferred
}
