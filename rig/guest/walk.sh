# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # variables are a scenario's parameters
#
# Random walks: the machine, what firmware does, and which drivers there are, all of
# them drawn from $seed. The host sources this, too, to build the machine.

# some ITEM...: one of them, in $some; not in a subshell, which has its own RANDOM
some() { some=${*:1 + RANDOM % $#:1}; }

# walk_machine: two bridges, a switch below the second, four to six devices, which are
# in $walk_devices, as SERIAL:PORT:RAM:PMEM
walk_machine()
{
	local ports=(rp1 rp4 rp2 rp5 ds1 ds2) i n ram pmem port

	RANDOM=$seed
	some "0:1G 1:1G 0,1:2G" "0,1:2G 0:1G 1:1G" "0:1G 1:1G" "0:1G 1:1G 0:512M 0,1:1G"
	windows=$some
	root_ports=3 devices='' walk_devices=
	qemu_extra=(-device "cxl-upstream,id=us,bus=rp6")
	for i in 1 2; do
		qemu_extra+=(-device "cxl-downstream,id=ds$i,bus=us,port=$i,chassis=9,slot=$i")
	done
	n=$((4 + RANDOM % 3))
	for ((i = 1; i <= n; i++)); do
		some 512:0 512:0 512:0 256:256 256:256 0:256
		((i > 2)) || some=512:0
		ram=${some%:*} pmem=${some#*:} port=${ports[i - 1]}
		walk_devices+=" $i:$port:$ram:$pmem"
		some=
		if ((ram)); then
			qemu_extra+=(-object "memory-backend-ram,id=v$i,size=${ram}M,share=on")
			some+=",volatile-memdev=v$i"
		fi
		if ((pmem)); then
			qemu_extra+=(-object "memory-backend-ram,id=p$i,size=${pmem}M,share=on"
				-object "memory-backend-ram,id=l$i,size=1M,share=on")
			some+=",persistent-memdev=p$i,lsa=l$i"
		fi
		qemu_extra+=(-device "cxl-type3,id=dev$i,bus=$port,sn=$i$some")
	done
}

# walk_firmware: some regions, and Soft Reserved laid over them, or past them
walk_firmware()
{
	local i n=0 r windows_there=() serials

	load
	RANDOM=$((seed + 1))
	for i in /sys/bus/cxl/devices/root0/decoder0.*; do
		windows_there+=("${i##*/}")
	done
	# shellcheck disable=SC2086 # a list of words
	set -- $walk_devices
	for ((i = 0; i < 8 && n < 4; i++)); do
		some "$@"
		serials=${some%%:*}
		some "$@"
		((RANDOM % 3)) || serials+=" ${some%%:*}"
		some 256M 256M 512M
		size=$some
		some "${windows_there[@]}"
		# shellcheck disable=SC2086 # a list of words
		if cxl_create_region "$some" $serials > /dev/null; then
			n=$((n + 1))
		fi
	done
	for r in /sys/bus/cxl/devices/region*; do
		[ ! -e "$r" ] || [ "$(< "$r/mode")" != ram ] || walk_mark "$(range_of "${r##*/}")"
	done
	((RANDOM % 2)) || soft_reserve node1
}

# walk_mark RANGE: how firmware marks what a region decodes, if at all
walk_mark()
{
	local size

	size=$(size_of "$1")
	some exact exact exact first second over unaligned not
	case $some in
	exact) soft_reserve "$1" ;;
	first) soft_reserve "$(range "$(start_of "$1")" $((size / 2)))" ;;
	second) soft_reserve "$(range $(($(start_of "$1") + size / 2)) $((size / 2)))" ;;
	over) soft_reserve "$(range "$(start_of "$1")" $((size + (128 << 20))))" ;;
	unaligned) soft_reserve "$(range $(($(start_of "$1") + (1 << 20))) $((size - (1 << 20))))" ;;
	esac
}

# walk_drivers: those there are at first, in any order, and what they do not drive
walk_drivers()
{
	local all=() i

	RANDOM=$((seed + 2))
	# shellcheck disable=SC2086 # a list of words
	set -- $walk_devices
	for i; do
		((RANDOM % 4)) || keep_undriven "${i%%:*}"
	done
	# shellcheck disable=SC2086 # a list of words
	set -- $modules cxl_pmem device_dax
	while [ $# -gt 0 ]; do
		i=$((1 + RANDOM % $#))
		((RANDOM % 8 == 0)) || all+=("${!i}")
		set -- "${@:1:i-1}" "${@:i+1}"
	done
	say "modules: ${all[*]}"
	for i in "${all[@]}"; do
		assert modprobe "$i"
	done
	for i in /sys/bus/pci/devices/*/driver_override; do
		[ "$(< "$i")" = '(null)' ] || echo > "$i"
	done
}

# walk_on: and say of each promise whether it was kept
walk_on()
{
	local status=0

	failslab_on
	# stock: sections that were added before one failed stay, and are in the way
	filter reject add_memory_resource
	# shellcheck disable=SC2086 # a list of words
	/mnt/rig/walk "$@" $walk_devices || status=$?
	[ $status -le 1 ] || fail "walk ended with $status"
	expect "(a) no byte has two owners" kept a
	expect "(b) pieces change their states as they may" kept b
	expect "(c) what is in use keeps what was written to it" kept c
	expect "(d) decoders stay under what is in use, and others are known" kept d
	expect "(e) a refusal has a reason and no effect" kept e
	expect "(f) what is idle is taken down and set up again" kept f
	expect "(g) the kernel does not report on itself" kept g
}

kept() { ! grep "^$1" broken; }
