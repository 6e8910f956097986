# SPDX-License-Identifier: GPL-2.0
# Rules: R3
#
# SRAT gives node 1 more memory than there is: between two ranges that firmware marks
# Soft Reserved there is a hole, of which no map tells. HMEM serves the two, and brings
# no address of the hole online.

hbm=384M

firmware()
{
	node=$(range_of node1)
	hole=$(part "$node" 128M 128M)
	soft_reserve "$(part "$node" 0 128M)" "$(part "$node" 256M 128M)"
	remember hole "$hole"
	boot_with "$(printf 'memmap=%#x%%%#x-1' "$(size_of "$hole")" "$(start_of "$hole")")"
}

system()
{
	assert [ -z "$(iomem_path "$hole")" ]
	load
	owns hmem "$sr0" "HMEM owns what is below the hole"
	owns hmem "$sr1" "and what is above it"
	expect "memory below it comes online" comes_online "$sr0"
	expect "memory above it comes online" comes_online "$sr1"
	expect "no dax device has any of the hole" owned_by none "$hole"
	expect "no memory block is in it" [ -z "$(blocks "$hole")" ]
	expect "what is above it holds data" holds_data "$sr1"
}
