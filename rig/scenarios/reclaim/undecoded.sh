# SPDX-License-Identifier: GPL-2.0
#
# CXL has reset the decoders of a range that firmware marked: nothing is behind
# these addresses any more. HMEM does not get them, since whoever used such
# memory would crash; a new region may.

firmware() { one_region; }

kernel()
{
	keep_undriven 1
	load
	check "HMEM owns the range" wait_for 20 owned_by hmem "$sr0"
	hmem=$(hmem_of "$sr0")
	need unbind_hmem "$sr0"
	let_drive 1
	check "CXL owns it after HMEM let go" wait_for 20 owned_by cxl "$sr0"
	need cxl destroy-region -f region0

	check "destroyed: HMEM is refused" not bind_hmem "$hmem"
	check "the log says why" logged "$hmem: .* its CXL decoders have been reset"
	decide_afresh
	check "decided afresh, HMEM does not get it" \
		wait_for 20 logged "is free: its CXL decoders have been reset"
	check "nobody owns it" owned_by none "$sr0"
	check "nothing is published" not published "$sr0"

	create_region decoder0.0 1
	check "a new region gets the range" \
		[ "$(range_of "$region")" = "$sr0" ]
	check "CXL owns it" wait_for 20 owned_by cxl "$sr0"
	check "its memory comes online" comes_online "$sr0"
	check "the memory holds data" holds_data "$sr0"
	check "no device is deferred" nothing_deferred
}
