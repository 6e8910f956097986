# SPDX-License-Identifier: GPL-2.0
# Rules: R8 R9 R12
#
# What softres says of a range that CXL covers in part can be typed, and leads where it
# says: from undecided to HMEM, from there to CXL, whose rest its own driver gets; back
# to HMEM; and what is held.

ours_only=1	# nothing for compare: softres names causes that no other kernel has
limit=600

firmware() { two_regions; }

system()
{
	keep_undriven 2
	leads undecided load-hmem "$sr0"
	owns hmem "$sr0"
	leads offline online "$sr0"
	calls online "$sr0"
	expect "its memory holds data" holds_data "$first"
	leads online hand-over "$sr0"
	expect "CXL owns what its region covers" owned_by cxl "$first"
	calls rest "$second"
	leads offline online "$first"
	leads rest return "$second"
	expect "HMEM owns all of it" owned_by hmem "$sr0"
	leads offline hand-over "$sr0"
	leads rest take-driver "$second"
	expect "CXL owns all of it" owned_by cxl "$sr0"
	leads offline online "$sr0"
	leads online return "$sr0"
	expect "HMEM owns all of it again" owned_by hmem "$sr0"

	assert comes_online "$sr0"
	assert unbind_hmem "$sr0"
	calls held "$sr0"
}
