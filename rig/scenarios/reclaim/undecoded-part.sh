# SPDX-License-Identifier: GPL-2.0
#
# HMEM lets go of a range, and the region that decodes a half of it is destroyed and
# made anew. Nothing has touched the decoders of the other half, whose device has no
# driver: decided afresh, that is owned by HMEM.

firmware() { two_regions; }

kernel()
{
	keep_undriven 1
	load
	check "HMEM owns the range" wait_for 20 owned_by hmem "$sr0"
	need wait_for 20 all_blocks "$sr0"
	need unbind_hmem "$sr0"
	need cxl destroy-region -f "$(region_over "$second")"
	create_region decoder0.0 2
	check "the new region has the same addresses" [ "$(range_of "$region")" = "$second" ]
	check "CXL owns it" wait_for 20 owned_by cxl "$second"
	decide_afresh
	check "HMEM owns the other half" wait_for 20 owned_by hmem "$first"
	check "its memory comes online" comes_online "$first"
	check "it holds data" holds_data "$first"

	need offline "$first"
	need unbind_hmem "$first"
	need offline "$second"
	need cxl destroy-region -f "$region"
	decide_afresh
	check "HMEM does not get what nothing decodes" not wait_for 3 owned_by hmem "$second"
	check "but the other half again" wait_for 20 owned_by hmem "$first"
}
