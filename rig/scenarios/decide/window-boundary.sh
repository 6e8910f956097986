# SPDX-License-Identifier: GPL-2.0
#
# One Soft Reserved range over the end of a window and the start of the next. It
# is cut there. CXL covers both pieces and owns both; in the next boot it cannot
# drive the device of the second one, which alone is HMEM's then. Last, the kernel is
# told of no node, which could be another reason to cut there.

stages="firmware covered fallback no_nodes"

firmware()
{
	load
	create_region decoder0.0 1
	create_region decoder0.0 2
	below=$(range_of "$region")
	create_region decoder0.1 3
	above=$(range_of "$region")
	keep below "$below"
	keep above "$above"
	soft_reserve "$(span "$below" "$above")"
}

covered()
{
	load
	check "memory below the boundary comes online" comes_online "$below"
	check "memory above it comes online" comes_online "$above"
	check "CXL owns all of the range" owned_by cxl "$sr0"
	check "memory blocks are no larger for the windows" \
		[ "$(< /sys/devices/system/memory/block_size_bytes)" = 8000000 ]
	check "the first window did not grow" in_iomem "$below" \
		"CXL Window 0 > region* > dax* > System RAM (kmem)"
	check "the second window did not shrink" in_iomem "$above" \
		"CXL Window 1 > region* > dax* > System RAM (kmem)"
	soft_reserve "$sr0"
}

fallback()
{
	keep_undriven 3
	load
	check "CXL covers the first piece and owns it" \
		wait_for 20 owned_by cxl "$below"
	check "HMEM owns the second piece" wait_for 20 owned_by hmem "$above"
	check "memory of the first comes online" comes_online "$below"
	check "memory of the second comes online" comes_online "$above"
	check "the second is published in its own window" in_iomem "$above" \
		"CXL Window 1 > Soft Reserved > dax* > System RAM (kmem)"
	check "the first holds data" holds_data "$below"
	check "the second holds data" holds_data "$above"
	check "no device is deferred" nothing_deferred
	soft_reserve "$sr0"
	boot_with numa=off
}

no_nodes()
{
	keep_undriven 3
	load
	check "without nodes, CXL owns the first piece" \
		wait_for 20 owned_by cxl "$below"
	check "without nodes, HMEM owns the second" \
		wait_for 20 owned_by hmem "$above"
	check "the second is published in its own window again" in_iomem "$above" \
		"CXL Window 1 > Soft Reserved > dax*"
}
