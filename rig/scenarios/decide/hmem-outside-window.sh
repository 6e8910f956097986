# SPDX-License-Identifier: GPL-2.0
#
# Firmware marked memory of a node of its own (say, HBM) Soft Reserved. CXL has
# nothing to do with it: it is HMEM's at once.

firmware()
{
	soft_reserve node1
}

kernel()
{
	load dax_hmem kmem
	check "memory comes online before CXL is loaded" comes_online "$sr0"
	check "HMEM owns all of it" owned_by hmem "$sr0"
	check "Soft Reserved is published" \
		in_iomem "$sr0" "Soft Reserved > dax* > System RAM (kmem)"
	load
	check "loading CXL changes nothing" owned_by hmem "$sr0"
	check "the memory holds data" holds_data "$sr0"
	check "no device is deferred" nothing_deferred
}
