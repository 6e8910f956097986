# SPDX-License-Identifier: GPL-2.0
# Rules: R3
#
# Debian boots, with udev and an initramfs, where firmware decodes and marked a range,
# and its device cannot be driven, so that there is no region: HMEM owns it.

debian=online_movable

firmware()
{
	one_region
	undriven 1
}

system()
{
	boots_with hmem "$sr0"
	expect "Soft Reserved is published, below the CXL window" in_iomem "$sr0" \
		"CXL Window 0 > Soft Reserved > dax* > System RAM (kmem)"
	expect "there is no region" [ -z "$(regions)" ]
	expect "the memory holds data" holds_data "$sr0"
}
