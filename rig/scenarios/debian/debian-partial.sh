# SPDX-License-Identifier: GPL-2.0
# Rules: R2 R3
#
# Debian boots, with udev and an initramfs, where firmware made two regions under one
# Soft Reserved range, and one of the devices cannot be driven: HMEM owns all of it.

debian=online_movable

firmware()
{
	two_regions
	undriven 2
}

system()
{
	boots_with hmem "$sr0"
	expect "Soft Reserved is published, below the CXL window" in_iomem "$sr0" \
		"CXL Window 0 > Soft Reserved > dax* > System RAM (kmem)"
	expect "the device that is driven has its region" [ "$(regions)" = region0 ]
	expect "what the region covers holds data" holds_data "$first"
	expect "what it does not cover holds data" holds_data "$second"
}
