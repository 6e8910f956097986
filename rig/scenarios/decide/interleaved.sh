# SPDX-License-Identifier: GPL-2.0
# Rules: R2 R3
#
# Firmware made a region that is interleaved over both host bridges. CXL drives
# both devices, so CXL owns it. In the next boot it cannot drive one of them, no
# region assembles, and HMEM owns the very same range.

stages="firmware covered fallback"

firmware()
{
	load
	create_region decoder0.2 1 3
	soft_reserve "$region"
}

covered()
{
	load
	expect "memory of the range comes online" comes_online "$sr0"
	expect "CXL owns all of it" owned_by cxl "$sr0"
	expect "the memory holds data" holds_data "$sr0"
	soft_reserve "$sr0"
}

fallback()
{
	keep_undriven 3
	load
	expect "without one device, its memory comes online" comes_online "$sr0"
	expect "HMEM owns all of it" owned_by hmem "$sr0"
	expect "Soft Reserved is published, below the CXL window" in_iomem "$sr0" \
		"CXL Window 2 > Soft Reserved > dax* > System RAM (kmem)"
	expect "this memory holds data, too" holds_data "$sr0"
}
