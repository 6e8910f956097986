# SPDX-License-Identifier: GPL-2.0
# Rules: R4
#
# Firmware marked memory of a node of its own (say, HBM) Soft Reserved. CXL has
# nothing to do with it: it is HMEM's at once.

firmware()
{
	soft_reserve node1
}

system()
{
	load dax_hmem kmem
	expect "memory comes online before CXL is loaded" comes_online "$sr0"
	expect "HMEM owns all of it" owned_by hmem "$sr0"
	expect "Soft Reserved is published" \
		in_iomem "$sr0" "Soft Reserved > dax* > System RAM (kmem)"
	load
	expect "loading CXL changes nothing" owned_by hmem "$sr0"
	expect "the memory holds data" holds_data "$sr0"
}
