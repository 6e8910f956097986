# SPDX-License-Identifier: GPL-2.0
# Rules: R3
#
# SRAT gives node 1 twice as much memory as firmware marks Soft Reserved. HMEM
# serves only what is marked, in that node. The rest is System RAM, as e820 says.

firmware()
{
	node=$(range_of node1)
	soft_reserve "$(part "$node" 0 128M)"
	remember rest "$(part "$node" 128M 128M)"
}

system()
{
	load
	expect "memory of the range comes online" comes_online "$sr0"
	expect "HMEM owns all of it" owned_by hmem "$sr0"
	expect_published "$sr0" "just that is published"
	expect "the rest is System RAM" \
		[ "$(iomem_path "$rest")" = "System RAM" ]
	expect "no dax device has any of the rest" owned_by none "$rest"
	expect "the range is in the node that SRAT says" \
		[ -e "$(blocks "$sr0" | head -n 1)/node1" ]
	expect "the range holds data" holds_data "$sr0"
}
