# SPDX-License-Identifier: GPL-2.0
# Rules: R2 R3
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
	remember below "$below"
	remember above "$above"
	soft_reserve "$(span "$below" "$above")"
}

covered()
{
	load
	expect "memory below the boundary comes online" comes_online "$below"
	expect "memory above it comes online" comes_online "$above"
	expect "CXL owns all of the range" owned_by cxl "$sr0"
	expect "memory blocks are no larger for the windows" \
		[ "$(< /sys/devices/system/memory/block_size_bytes)" = 8000000 ]
	expect "the first window did not grow" in_iomem "$below" \
		"CXL Window 0 > region* > dax* > System RAM (kmem)"
	expect "the second window did not shrink" in_iomem "$above" \
		"CXL Window 1 > region* > dax* > System RAM (kmem)"
	soft_reserve "$sr0"
}

fallback()
{
	keep_undriven 3
	load
	owns cxl "$below" "CXL covers the first piece and owns it"
	owns hmem "$above" "HMEM owns the second piece"
	expect "memory of the first comes online" comes_online "$below"
	expect "memory of the second comes online" comes_online "$above"
	expect "the second is published in its own window" in_iomem "$above" \
		"CXL Window 1 > Soft Reserved > dax* > System RAM (kmem)"
	expect "the first holds data" holds_data "$below"
	expect "the second holds data" holds_data "$above"
	soft_reserve "$sr0"
	boot_with numa=off
}

no_nodes()
{
	keep_undriven 3
	load
	owns cxl "$below" "without nodes, CXL owns the first piece"
	owns hmem "$above" "without nodes, HMEM owns the second"
	expect "the second is published in its own window again" in_iomem "$above" \
		"CXL Window 1 > Soft Reserved > dax*"
}
