# SPDX-License-Identifier: GPL-2.0
# Rules: R8 R9
#
# HMEM lets go of a range, and the region that decodes a half of it is destroyed and
# made anew. Nothing has touched the decoders of the other half, whose device has no
# driver: decided afresh, that is owned by HMEM.

firmware() { two_regions; }

system()
{
	keep_undriven 1
	load
	owns hmem "$sr0"
	assert wait_for 20 all_blocks "$sr0"
	assert unbind_hmem "$sr0"
	assert cxl destroy-region -f "$(region_over "$second")"
	create_region decoder0.0 2
	expect "the new region has the same addresses" [ "$(range_of "$region")" = "$second" ]
	owns cxl "$second" "CXL owns it"
	decide_afresh
	owns hmem "$first" "HMEM owns the other half"
	expect "its memory comes online" comes_online "$first"
	expect "it holds data" holds_data "$first"

	assert offline "$first"
	assert unbind_hmem "$first"
	assert offline "$second"
	assert cxl destroy-region -f "$region"
	decide_afresh
	expect "HMEM does not get what nothing decodes" not wait_for 3 owned_by hmem "$second"
	owns hmem "$first" "but the other half again"
}
