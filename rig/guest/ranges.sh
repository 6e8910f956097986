# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Ranges of physical addresses, written as /proc/iomem does: 5b0000000-5cfffffff.
# A size may have a suffix: 256M.

start_of() { echo $((0x${1%-*})); }
end_of() { echo $((0x${1#*-})); }
size_of() { echo $(($(end_of "$1") - $(start_of "$1") + 1)); }
# in_bytes SIZE: without its suffix
in_bytes() { numfmt --from=iec "$1"; }
# range START SIZE: numbers in any base, a size may have a suffix
range() { printf '%x-%x\n' "$(($1))" $(($1 + $(in_bytes "$2") - 1)); }
# part RANGE OFFSET SIZE: a range inside another
part() { range $(($(start_of "$1") + $(in_bytes "$2"))) "$3"; }
# span RANGE RANGE: from the first's start to the second's end
span() { echo "${1%-*}-${2#*-}"; }

# range_of THING: of a region, decoder, dax device, or NUMA node as booted
range_of()
{
	local d=/sys/bus/cxl/devices/$1 first last block

	case $1 in
	dax*.*)
		d=/sys/bus/dax/devices/$1
		range "$(< "$d/resource")" "$(< "$d/size")"
		;;
	node*)
		block=$((0x$(< /sys/devices/system/memory/block_size_bytes)))
		first=$(node_blocks "$1" | head -n 1)
		last=$(node_blocks "$1" | tail -n 1)
		range $((first * block)) $(((last - first + 1) * block))
		;;
	region*) range "$(< "$d/resource")" "$(($(< "$d/size")))" ;;
	*) range "$(< "$d/start")" "$(($(< "$d/size")))" ;;
	esac
}

node_blocks()
{
	printf '%s\n' /sys/devices/system/node/"$1"/memory[0-9]* |
		sed 's/.*memory//' | sort -n
}
