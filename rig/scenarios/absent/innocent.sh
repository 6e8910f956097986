# SPDX-License-Identifier: GPL-2.0
#
# HMEM owns a range in a window. A region that is made beside it, for a device
# that firmware ignored, is nobody else's business: it works and goes as ever.

firmware() { one_region; }

kernel()
{
	keep_undriven 1
	load
	check "HMEM owns the range" wait_for 20 owned_by hmem "$sr0"
	check "its memory comes online" comes_online "$sr0"

	create_region decoder0.0 2
	beside=$(range_of "$region")
	check "CXL owns a region made beside" wait_for 20 owned_by cxl "$beside"
	check "its memory comes online" comes_online "$beside"
	check "it holds data" holds_data "$beside"

	need offline "$beside"
	check "it is destroyed as ever" cxl destroy-region -f "$region"
	check "HMEM still owns its range" owned_by hmem "$sr0"
	check "its memory still holds data" holds_data "$sr0"
	check "no device is deferred" nothing_deferred
}
