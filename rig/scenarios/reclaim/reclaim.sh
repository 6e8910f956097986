# SPDX-License-Identifier: GPL-2.0
# Rules: R8
#
# HMEM owns a range. Its memory is taken offline and hmem.N unbound: Soft
# Reserved leaves iomem, and CXL gets the very same addresses.

firmware() { one_region; }

system()
{
	keep_undriven 1
	load
	owns hmem "$sr0"
	expect "its memory comes online" comes_online "$sr0"

	assert offline "$sr0"
	assert unbind_hmem "$sr0"
	expect "Soft Reserved is withdrawn" not published "$sr0"
	expect "nobody owns the range" [ "$(owners "$sr0")" = none ]

	let_drive 1
	owns cxl "$sr0" "CXL owns all of it"
	expect "its memory comes online" comes_online "$sr0"
	expect "iomem shows window, region, dax device, memory" \
		in_iomem "$sr0" "CXL Window 0 > region0 > dax* > System RAM (kmem)"
	expect "the memory holds data" holds_data "$sr0"
}
