# SPDX-License-Identifier: GPL-2.0
#
# CXL comes too late: HMEM owns a range when the device behind it is driven after
# all. The region that its decoders make is a breadcrumb: it gets no place in
# iomem, no dax device, and harms nothing. Nor does its going away.

firmware() { one_region; }

kernel()
{
	keep_undriven 1
	load
	check "HMEM owns the range" wait_for 20 owned_by hmem "$sr0"
	check "its memory comes online" comes_online "$sr0"
	iomem=$(list_iomem)

	let_drive 1
	check "the region is there" [ "$(regions)" = region0 ]
	check "its dax_region is there" [ -e /sys/bus/cxl/devices/dax_region0 ]
	check "but not bound" [ ! -e /sys/bus/cxl/devices/dax_region0/driver ]
	check "iomem is as before" [ "$(list_iomem)" = "$iomem" ]
	check "HMEM still owns the range" owned_by hmem "$sr0"
	check "its memory holds data" holds_data "$sr0"
	check "no device is deferred" nothing_deferred
}
