# SPDX-License-Identifier: GPL-2.0
# Rules: R5
#
# HMEM owns a range in a window. A region that is made beside it, for a device
# that firmware ignored, is nobody else's business: it works and goes as ever.

firmware() { one_region; }

system()
{
	keep_undriven 1
	load
	owns hmem "$sr0"
	expect "its memory comes online" comes_online "$sr0"

	create_region decoder0.0 2
	beside=$(range_of "$region")
	owns cxl "$beside" "CXL owns a region made beside"
	expect "its memory comes online" comes_online "$beside"
	expect "it holds data" holds_data "$beside"

	assert offline "$beside"
	expect "it is destroyed as ever" cxl destroy-region -f "$region"
	expect "HMEM still owns its range" owned_by hmem "$sr0"
	expect "its memory still holds data" holds_data "$sr0"
}
