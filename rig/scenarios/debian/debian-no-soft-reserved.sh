# SPDX-License-Identifier: GPL-2.0
# Rules: R4 R5
#
# Debian boots, with udev and an initramfs, where firmware made a region and marked
# nothing: CXL owns it, as on kernels before this series.

debian=online_movable

firmware()
{
	load
	create_region decoder0.0 1
	remember range "$(range_of "$region")"
}

system()
{
	boots_with cxl "$range"
	expect "iomem shows window, region, dax device, memory" in_iomem "$range" \
		"CXL Window 0 > region0 > dax* > System RAM (kmem)"
	expect "the memory holds data" holds_data "$range"
}
