# SPDX-License-Identifier: GPL-2.0
#
# Firmware made two regions side by side under one Soft Reserved range, and the
# kernel can drive the device of only one. CXL covers half of the range, so HMEM
# owns all of it, and the region is left as a breadcrumb.

firmware() { two_regions; }

kernel()
{
	keep_undriven 2
	load
	check "memory of the range comes online" comes_online "$sr0"
	check "HMEM owns all of it" owned_by hmem "$sr0"
	check "Soft Reserved is published, below the CXL window" in_iomem "$sr0" \
		"CXL Window 0 > Soft Reserved > dax* > System RAM (kmem)"
	check "what the region covers holds data" holds_data "$first"
	check "what it does not cover holds data" holds_data "$second"
	check "the region is still there" [ "$(regions)" = region0 ]
	check "its dax_region is there" [ -e /sys/bus/cxl/devices/dax_region0 ]
	check "but not bound" [ ! -e /sys/bus/cxl/devices/dax_region0/driver ]
	check "no device is deferred" nothing_deferred

	need offline "$sr0"
	need unbind_hmem "$sr0"
	check "Soft Reserved is withdrawn" not published "$sr0"
	check "the region is back in iomem" in_iomem "$first" \
		"CXL Window 0 > region0"
	need cxl disable-region region0
	need cxl enable-region region0
	check "CXL owns what it covers" wait_for 20 owned_by cxl "$first"
	check "its memory comes online" comes_online "$first"
}
