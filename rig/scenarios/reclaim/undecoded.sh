# SPDX-License-Identifier: GPL-2.0
# Rules: R8
#
# CXL has reset the decoders of a range that firmware marked: nothing is behind
# these addresses any more. HMEM does not get them, since whoever used such
# memory would crash; a new region may.

firmware() { one_region; }

system()
{
	keep_undriven 1
	load
	owns hmem "$sr0"
	hmem=$(hmem_of "$sr0")
	assert unbind_hmem "$sr0"
	let_drive 1
	owns cxl "$sr0" "CXL owns it after HMEM let go"
	assert cxl destroy-region -f region0

	expect "destroyed: HMEM is refused" not bind_hmem "$hmem"
	expect "the log says why" logged "$hmem: .* its CXL decoders have been reset"
	decide_afresh
	expect "decided afresh, HMEM does not get it" \
		wait_for 20 logged "is unowned: its CXL decoders have been reset"
	expect "nobody owns it" owned_by none "$sr0"
	expect "nothing is published" not published "$sr0"

	create_region decoder0.0 1
	expect "a new region gets the range" \
		[ "$(range_of "$region")" = "$sr0" ]
	owns cxl "$sr0" "CXL owns it"
	expect "its memory comes online" comes_online "$sr0"
	expect "the memory holds data" holds_data "$sr0"
}
