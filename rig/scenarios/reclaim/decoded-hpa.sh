# SPDX-License-Identifier: GPL-2.0
#
# HMEM let go of a range, and the device behind it is not driven: its decoders
# still decode the range. So it is for the region of these decoders alone, and a
# region of another device gets other addresses, or none.

devices="512M 768M"

firmware() { size=256M one_region; }

kernel()
{
	keep_undriven 1
	load
	check "HMEM owns the range" wait_for 20 owned_by hmem "$sr0"
	need unbind_hmem "$sr0"
	check "nobody owns the range" owned_by none "$sr0"

	size=512M create_region decoder0.0 2
	check "a larger region of another device lies right behind" \
		[ "$(start_of "$(range_of "$region")")" -eq $(($(end_of "$sr0") + 1)) ]
	size=256M create_region decoder0.0 2
	check "then one more fills the window" \
		[ "$(start_of "$(range_of "$region")")" -gt "$(end_of "$sr0")" ]

	let_drive 1
	check "CXL owns the range when its device is driven" \
		wait_for 20 owned_by cxl "$sr0"
	check "its memory comes online" comes_online "$sr0"
	check "the memory holds data" holds_data "$sr0"
}
