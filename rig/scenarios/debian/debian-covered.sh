# SPDX-License-Identifier: GPL-2.0
# Rules: R2
#
# Debian boots, with udev and an initramfs, where firmware marked just what its region
# decodes: CXL owns the memory, and it is online.

debian=online_movable

firmware() { one_region; }

system()
{
	boots_with cxl "$sr0"
	expect "iomem shows window, region, dax device, memory" \
		in_iomem "$sr0" "CXL Window 0 > region0 > dax* > System RAM (kmem)"
	expect "the memory holds data" holds_data "$sr0"
}
