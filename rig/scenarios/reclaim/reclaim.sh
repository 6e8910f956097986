# SPDX-License-Identifier: GPL-2.0
#
# HMEM owns a range. Its memory is taken offline and hmem.N unbound: Soft
# Reserved leaves iomem, and CXL gets the very same addresses.

firmware() { one_region; }

kernel()
{
	keep_undriven 1
	load
	check "HMEM owns the range" wait_for 20 owned_by hmem "$sr0"
	check "its memory comes online" comes_online "$sr0"

	need offline "$sr0"
	need unbind_hmem "$sr0"
	check "Soft Reserved is withdrawn" not published "$sr0"
	check "nobody owns the range" [ "$(owners "$sr0")" = none ]

	let_drive 1
	check "CXL owns all of it" wait_for 20 owned_by cxl "$sr0"
	check "its memory comes online" comes_online "$sr0"
	check "iomem shows window, region, dax device, memory" \
		in_iomem "$sr0" "CXL Window 0 > region0 > dax* > System RAM (kmem)"
	check "the memory holds data" holds_data "$sr0"
	check "no device is deferred" nothing_deferred
}
