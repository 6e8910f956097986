# SPDX-License-Identifier: GPL-2.0
# Rules: R3
#
# With 64G of RAM x86 takes memory blocks of 2G, and two windows of 3G meet amid such a
# block. Blocks are no larger than what the windows are aligned to, so that none lies
# across an edge, and all of the memory comes online: if CXL owns it, if HMEM owns one
# window's, and without nodes.

stages="firmware covered fallback no_nodes"
ram=66G				# costs what is used of it
hide='memmap=62G$0x100000000'	# next to nothing, thus
boot_words=$hide
qemu_extra=(-M max-ram-below-4g=1G)
windows="0:3G 1:3G"
root_ports=1
devices="3G 3G"

firmware()
{
	load
	create_region decoder0.0 1
	below=$(range_of "$region")
	create_region decoder0.1 2
	above=$(range_of "$region")
	remember below "$below"
	remember above "$above"
	soft_reserve "$(span "$below" "$above")"
	boot_with "$hide"
}

block_size() { echo $((0x$(< /sys/devices/system/memory/block_size_bytes))); }

# whole_blocks RANGE: none lies across an end of it
whole_blocks()
{
	echo "blocks of $(block_size)"
	(($(start_of "$1") % $(block_size) == 0 && ($(end_of "$1") + 1) % $(block_size) == 0))
}

covered()
{
	load
	expect "no block lies across an edge of the first window" whole_blocks "$below"
	expect "none lies across one of the second" whole_blocks "$above"
	expect "blocks are larger than those of a small machine" \
		[ "$(block_size)" -gt $((128 << 20)) ]
	expect "CXL owns all of the range" owned_by cxl "$sr0"
	expect "all of it comes online" comes_online "$sr0"
	expect "what is next to the edge holds data" holds_data \
		"$(part "$sr0" $(($(size_of "$below") - $(block_size))) "$(block_size)")"
	soft_reserve "$sr0"
	boot_with "$hide"
}

fallback()
{
	keep_undriven 2
	load
	owns cxl "$below" "CXL owns the first piece"
	owns hmem "$above" "HMEM owns the second"
	expect "all of the first comes online" comes_online "$below"
	expect "all of the second comes online" comes_online "$above"
	expect "the second holds data" holds_data "$above"
	expect "no line says that any is lost" not logged "cannot come online"
	soft_reserve "$sr0"
	boot_with "$hide" numa=off
}

no_nodes()
{
	keep_undriven 2
	load
	expect "without nodes, no block lies across an edge" whole_blocks "$below"
	owns hmem "$above" "HMEM owns the second piece"
	# Not put online: it would be in one node with what programs run from,
	# and QEMU dies if a CPU fetches instructions from CXL memory.
	expect "all of the first is there" wait_for 20 all_blocks "$below"
	expect "all of the second is there" wait_for 20 all_blocks "$above"
}
