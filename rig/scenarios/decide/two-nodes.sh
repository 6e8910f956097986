# SPDX-License-Identifier: GPL-2.0
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
	keep near "$near"
	keep far "$far"
	soft_reserve "$(span "$near" "$far")"
}

in_node() { [ -e "$(blocks "$2" | head -n 1)/$1" ]; }

kernel()
{
	load
	check "memory of the range comes online" comes_online "$sr0"
	check "HMEM owns all of it" owned_by hmem "$sr0"
	check "a piece is published in the first node" published "$near"
	check "and one in the second" published "$far"
	check "the first is in its node" in_node node1 "$near"
	check "the second is in its node" in_node node2 "$far"
	check "the first holds data" holds_data "$near"
	check "the second holds data" holds_data "$far"
	check "no device is deferred" nothing_deferred
}
