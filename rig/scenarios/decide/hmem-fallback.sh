# SPDX-License-Identifier: GPL-2.0
# Rules: R3
#
# Firmware made a region over a device and marked it Soft Reserved, but the
# kernel cannot drive the device: no region assembles. HMEM owns all of it.

firmware() { one_region; }

system()
{
	keep_undriven 1
	load
	expect "memory of the range comes online" comes_online "$sr0"
	expect "HMEM owns all of it" owned_by hmem "$sr0"
	expect "Soft Reserved is published, below the CXL window" in_iomem "$sr0" \
		"CXL Window 0 > Soft Reserved > dax* > System RAM (kmem)"
	expect "the memory holds data" holds_data "$sr0"
}
