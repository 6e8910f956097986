# SPDX-License-Identifier: GPL-2.0
# Rules: R2
#
# Debian boots, with udev and an initramfs, where firmware made two regions under one
# Soft Reserved range: together they cover it, and CXL owns it.

debian=online_movable

firmware() { two_regions; }

system()
{
	boots_with cxl "$sr0"
	expect "the first region is there" in_iomem "$first" \
		"CXL Window 0 > region* > dax* > System RAM (kmem)"
	expect "the second region is there" in_iomem "$second" \
		"CXL Window 0 > region* > dax* > System RAM (kmem)"
	expect "the first holds data" holds_data "$first"
	expect "the second holds data" holds_data "$second"
}
