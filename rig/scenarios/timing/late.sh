# SPDX-License-Identifier: GPL-2.0
# Rules: R6
#
# CXL comes too late: HMEM owns a range when the device behind it is driven after
# all. The region that its decoders make is a breadcrumb: it gets no place in
# iomem, no dax device, and harms nothing. Nor does its going away.

firmware() { one_region; }

system()
{
	keep_undriven 1
	load
	owns hmem "$sr0"
	expect "its memory comes online" comes_online "$sr0"
	iomem=$(list_iomem)

	let_drive 1
	expect "the region is there" [ "$(regions)" = region0 ]
	expect "its dax_region is there" [ -e /sys/bus/cxl/devices/dax_region0 ]
	expect "but not bound" [ ! -e /sys/bus/cxl/devices/dax_region0/driver ]
	expect "iomem is as before" [ "$(list_iomem)" = "$iomem" ]
	expect "HMEM still owns the range" owned_by hmem "$sr0"
	expect "its memory holds data" holds_data "$sr0"
}
