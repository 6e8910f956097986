# SPDX-License-Identifier: GPL-2.0
# Rules: R2
#
# One Soft Reserved range over the memory of two NUMA nodes. It is cut where the
# node changes, and all of it comes online, each part in its own node.

hbm=128M
qemu_extra=(-m 1G -object memory-backend-ram,id=hbm2,size=128M
	-numa "node,nodeid=2,memdev=hbm2,initiator=0")

firmware()
{
	near=$(range_of node1)
	far=$(range_of node2)
	remember near "$near"
	remember far "$far"
	soft_reserve "$(span "$near" "$far")"
}

in_node() { [ -e "$(blocks "$2" | head -n 1)/$1" ]; }

system()
{
	load
	expect "memory of the range comes online" comes_online "$sr0"
	expect "HMEM owns all of it" owned_by hmem "$sr0"
	expect "a piece is published in the first node" published "$near"
	expect "and one in the second" published "$far"
	expect "the first is in its node" in_node node1 "$near"
	expect "the second is in its node" in_node node2 "$far"
	expect "the first holds data" holds_data "$near"
	expect "the second holds data" holds_data "$far"
}
