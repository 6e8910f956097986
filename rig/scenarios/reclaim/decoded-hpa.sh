# SPDX-License-Identifier: GPL-2.0
# Rules: R8
#
# HMEM let go of a range, and the device behind it is not driven: its decoders
# still decode the range. So it is for the region of these decoders alone, and a
# region of another device gets other addresses, or none.

devices="512M 768M"

firmware() { size=256M one_region; }

system()
{
	keep_undriven 1
	load
	owns hmem "$sr0"
	assert unbind_hmem "$sr0"
	expect "nobody owns the range" owned_by none "$sr0"

	size=512M create_region decoder0.0 2
	expect "a larger region of another device lies right behind" \
		[ "$(start_of "$(range_of "$region")")" -eq $(($(end_of "$sr0") + 1)) ]
	size=256M create_region decoder0.0 2
	expect "then one more fills the window" \
		[ "$(start_of "$(range_of "$region")")" -gt "$(end_of "$sr0")" ]

	let_drive 1
	owns cxl "$sr0" "CXL owns the range when its device is driven"
	expect "its memory comes online" comes_online "$sr0"
	expect "the memory holds data" holds_data "$sr0"
}
