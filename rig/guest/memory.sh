# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Memory blocks and dax devices: they come online, and hold data

# blocks RANGE: memory blocks wholly inside it that exist
blocks()
{
	local block first last i

	block=$((0x$(< /sys/devices/system/memory/block_size_bytes)))
	first=$((($(start_of "$1") + block - 1) / block))
	last=$((($(end_of "$1") + 1) / block))
	for ((i = first; i < last; i++)); do
		[ ! -d /sys/devices/system/memory/memory$i ] ||
			echo /sys/devices/system/memory/memory$i
	done
}

# online RANGE: what can be. Movable, because TCG runs CXL memory as I/O, and
# kernel objects in it would crash the guest.
online()
{
	local b

	for b in $(blocks "$1"); do
		[ "$(< "$b/state")" = online ] ||
			echo online_movable > "$b/state" || return
	done
}

# offline RANGE: memory that is to be removed
offline()
{
	local b

	for b in $(blocks "$1"); do
		[ "$(< "$b/state")" = offline ] ||
			echo offline > "$b/state" || return
	done
}

bytes_online()
{
	local b n=0

	for b in $(blocks "$1"); do
		[ "$(< "$b/state")" != online ] || n=$((n + 1))
	done
	echo $((n * 0x$(< /sys/devices/system/memory/block_size_bytes)))
}

# comes_online RANGE: every byte of it
comes_online()
{
	wait_for 20 all_blocks "$1" || return
	online "$1" || return
	all_online "$1"
}

# all_online RANGE: it is, without being brought online here
all_online()
{
	local online size

	online=$(bytes_online "$1")
	size=$(size_of "$1")
	echo "$online of $size bytes online"
	[ "$online" = "$size" ]
}

all_blocks()
{
	local n

	n=$(blocks "$1" | wc -l)
	((n * 0x$(< /sys/devices/system/memory/block_size_bytes) == $(size_of "$1")))
}

# holds_data RANGE [SIZE]: a random pattern written to pages that lie in it
# comes back. 1M by default: TCG is slow here.
#
# Nobody can ask for pages of a range, only of a node: what else of the node can
# go offline does so meanwhile.
holds_data()
{
	local b node others=() status=0

	b=$(blocks "$1" | head -n 1)
	[ -n "$b" ] || { echo "no memory block in $1"; return 1; }
	node=$(echo "$b"/node[0-9]*)
	node=${node##*node}
	for b in /sys/devices/system/node/node"$node"/memory[0-9]*; do
		blocks "$1" | grep -qxF "/sys/devices/system/memory/${b##*/}" &&
			continue
		[ "$(< "$b/state")" = online ] || continue
		echo offline > "$b/state" && others+=("$b")
	done
	/mnt/rig/memcheck "$node" "${1%-*}" "${1#*-}" "$(in_bytes "${2:-1M}")" ||
		status=1
	for b in "${others[@]}"; do
		echo online_movable > "$b/state"
	done
	return $status
}

# write_pattern RANGE [SIZE]: and keep the pages until pattern_intact, once, reads
# them. The range is alone in its node.
write_pattern()
{
	local node

	node=$(blocks "$1" | head -n 1)
	node=$(echo "$node"/node[0-9]*)
	mkfifo pattern
	/mnt/rig/memcheck "${node##*node}" "${1%-*}" "${1#*-}" \
		"$(in_bytes "${2:-1M}")" hold <> pattern > pattern.log 2>&1 &
	wait_for 30 test -s pattern.log
	grep -q written pattern.log || { cat pattern.log; return 1; }
}

# written_at: where the first word of the pattern is, and what it is: ADDRESS=WORD
written_at() { sed -n 's/^written \(.*\) \(.*\)$/\1=\2/p' pattern.log; }

# dump_has ADDRESS=WORD: what a crash kernel sees of the kernel that crashed
dump_has()
{
	local nr i type offset paddr size found address=$((${1%=*})) word=$((${1#*=}))

	nr=$(dump_numbers 2 56 1)
	for ((i = 0; i < nr; i++)); do
		read -r type offset _ paddr size <<< "$(dump_numbers 8 $((64 + 56 * i)) 5)"
		(((type & 0xffffffff) == 1 && address >= paddr && address - paddr < size)) ||
			continue
		found=$(dump_numbers 8 $((offset + address - paddr)) 1)
		printf 'it has %#x there\n' "$found"
		((found == word))
		return
	done
	echo "it has nothing there"
	return 1
}

# dump_numbers BYTES OFFSET COUNT: out of the dump, in one line. It is an ELF file with
# 64 bits: program headers of 56 bytes from offset 64 on, as many as offset 56 says
dump_numbers()
{
	local numbers=()

	read -r -d '' -a numbers < <(od -A n -t "d$1" -j "$2" -N $(($1 * $3)) /proc/vmcore)
	echo "${numbers[*]}"
}

pattern_intact()
{
	echo > pattern
	wait_for 30 grep -v written pattern.log
	cat pattern.log
	grep -q intact pattern.log
}

# map_dax FILE [SIZE]: map a dax device, or a file, write a pattern, and keep it
# mapped until still_mapped, once, reads it
map_dax()
{
	mkfifo mapped
	/mnt/rig/daxcheck "$1" 0 "$(in_bytes "${2:-2M}")" <> mapped > mapped.log 2>&1 &
	wait_for 30 test -s mapped.log
	grep -q written mapped.log || { cat mapped.log; return 1; }
}

still_mapped()
{
	echo > mapped
	wait_for 30 grep -v written mapped.log
	cat mapped.log
	rm mapped
	grep -q intact mapped.log
}

# open_dax FILE: keep it open until close_dax
open_dax()
{
	mkfifo opened
	/mnt/rig/daxcheck "$1" open <> opened > opened.log 2>&1 &
	echo $! > opener
	wait_for 30 grep -q open opened.log || { cat opened.log; return 1; }
}

close_dax()
{
	echo > opened
	wait_for 30 not kill -0 "$(< opener)"
	rm opened opener
}

# no_leaks: kmemleak believes what it has seen twice, and is old enough
no_leaks()
{
	local i

	for i in 1 2; do
		sleep 6
		echo scan > /sys/kernel/debug/kmemleak
	done
	! grep . /sys/kernel/debug/kmemleak
}
