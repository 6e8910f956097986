# SPDX-License-Identifier: GPL-2.0
# Rules: R2 R3 R8
#
# Firmware made two regions side by side under one Soft Reserved range, and the
# kernel can drive the device of only one. CXL covers half of the range, so HMEM
# owns all of it, and the region is left as a breadcrumb.

firmware() { two_regions; }

system()
{
	keep_undriven 2
	load
	expect "memory of the range comes online" comes_online "$sr0"
	expect "HMEM owns all of it" owned_by hmem "$sr0"
	expect "Soft Reserved is published, below the CXL window" in_iomem "$sr0" \
		"CXL Window 0 > Soft Reserved > dax* > System RAM (kmem)"
	expect "what the region covers holds data" holds_data "$first"
	expect "what it does not cover holds data" holds_data "$second"
	expect "the region is still there" [ "$(regions)" = region0 ]
	expect "its dax_region is there" [ -e /sys/bus/cxl/devices/dax_region0 ]
	expect "but not bound" [ ! -e /sys/bus/cxl/devices/dax_region0/driver ]
	none_deferred

	assert offline "$sr0"
	assert unbind_hmem "$sr0"
	expect "Soft Reserved is withdrawn" not published "$sr0"
	expect "the region is back in iomem" in_iomem "$first" \
		"CXL Window 0 > region0"
	assert cxl disable-region region0
	assert cxl enable-region region0
	owns cxl "$first" "CXL owns what it covers"
	expect "its memory comes online" comes_online "$first"
}
