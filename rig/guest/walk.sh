# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # variables are a scenario's parameters
#
# Random walks: the machine, what firmware does, and which drivers there are. A scenario
# sets these, or has them drawn from $seed:
#
#	walk_devices	SERIAL:PORT:RAM:PMEM, sizes in MiB
#	walk_regions	firmware's, WINDOW:SIZE:SERIAL,SERIAL
#	walk_marks	ranges that firmware marks
#	walk_words	for the command line of the kernel that is tested
#	walk_undriven	serial numbers of devices that have no driver at first
#	walk_modules	in the order in which they are loaded
#
# The host sources this, too, to build the machine.

# some ITEM...: one of them, in $some; not in a subshell, which has its own RANDOM
some() { some=${*:1 + RANDOM % $#:1}; }

# draw_machine: four to six devices, at least one below each of two bridges, the second of
# which has a switch
draw_machine()
{
	local ports=(rp2 rp3 rp5 ds1 ds2) i n at port

	RANDOM=$seed
	some "0:1G 1:1G 0,1:2G" "0,1:2G 0:1G 1:1G" "0:1G 1:1G" "0:1G 1:1G 0:512M 0,1:1G"
	windows=$some
	walk_devices=
	n=$((4 + RANDOM % 3))
	for ((i = 1; i <= n; i++)); do
		some 512:0 512:0 512:0 256:256 256:256 0:256
		case $i in
		1) port=rp1 some=512:0 ;;
		2) port=rp4 some=512:0 ;;
		*)
			at=$((RANDOM % ${#ports[@]})) port=${ports[at]}
			ports=("${ports[@]:0:at}" "${ports[@]:at + 1}")
			;;
		esac
		walk_devices+=" $i:$port:$some"
	done
}

# walk_machine: QEMU's arguments for $walk_devices; drawn, if it is not set
walk_machine()
{
	local i serial port ram pmem memory

	[ -n "${walk_devices-}" ] || draw_machine
	# how 6.12 plugs devices, removes memory, and, as lockdep rests then, forgets to
	# reset a class of locks; and an allocation that was made to fail
	known_splat='pciehp_(un)?configure_device|memory_subsys_online|overriding existing custom lock'
	known_splat+='|vmalloc error:'
	may_defer=1
	root_ports=3 devices=
	qemu_extra=(-device "cxl-upstream,id=us,bus=rp6")
	for i in 1 2; do
		qemu_extra+=(-device "cxl-downstream,id=ds$i,bus=us,port=$i,chassis=9,slot=$i")
	done
	for i in $walk_devices; do
		IFS=: read -r serial port ram pmem <<< "$i"
		memory=
		if ((ram)); then
			qemu_extra+=(-object "memory-backend-ram,id=v$serial,size=${ram}M,share=on")
			memory+=",volatile-memdev=v$serial"
		fi
		if ((pmem)); then
			qemu_extra+=(-object "memory-backend-ram,id=p$serial,size=${pmem}M,share=on"
				-object "memory-backend-ram,id=l$serial,size=1M,share=on")
			memory+=",persistent-memdev=p$serial,lsa=l$serial"
		fi
		qemu_extra+=(-device "cxl-type3,id=dev$serial,bus=$port,sn=$serial$memory")
	done
}

# walk_firmware: some regions, and Soft Reserved laid over them, or past them
walk_firmware()
{
	local i

	walk_words=${walk_words-}
	load
	if [ -z "${walk_regions+set}" ]; then
		draw_regions
	else
		for i in $walk_regions; do
			create_walk_region "$i" || fail "firmware cannot make $i"
		done
	fi
	[ -n "${walk_marks+set}" ] || draw_marks
	# shellcheck disable=SC2086 # a list of words
	soft_reserve $walk_marks
	[ -z "$walk_words" ] || boot_with "$walk_words"
	say "windows=\"$windows\""
	for i in walk_devices walk_regions walk_marks walk_words; do
		say "$i=\"${!i# }\""
	done
}

create_walk_region()
{
	local window serials

	IFS=: read -r window size serials <<< "$1"
	# shellcheck disable=SC2086 # a list of words
	cxl_create_region "decoder0.$window" ${serials//,/ } > /dev/null
}

# below_bridge SERIAL BRIDGE: that device is
below_bridge()
{
	local below=1

	[[ " $walk_devices " != *" $1:rp"[123]:* ]] || below=0
	[ "$2" = $below ]
}

# some_below BRIDGE...: for each a device that is below it, in $some
some_below()
{
	local bridge device serials list=

	for bridge; do
		serials=
		for device in $walk_devices; do
			! below_bridge "${device%%:*}" "$bridge" || serials+=" ${device%%:*}"
		done
		# shellcheck disable=SC2086 # a list of words
		some $serials
		list+=,$some
	done
	some=${list#,}
}

# draw_regions: up to four, in eight tries; now and then two of the same device
draw_regions()
{
	local i n=0 region window bridges again=

	walk_regions=
	RANDOM=$((seed + 1))
	# shellcheck disable=SC2086 # a list of words
	set -- $windows
	for ((i = 0; i < 8 && n < 4; i++)); do
		window=$((RANDOM % $#))
		bridges=${*:window + 1:1}
		bridges=${bridges%:*}
		some 256M 256M 512M
		region=$window:$some
		# shellcheck disable=SC2086 # a list of words
		some_below ${bridges//,/ }
		[[ $bridges == *,* ]] || ((RANDOM % 4)) || some_below "$bridges" "$bridges"
		region+=:$some
		[ -z "$again" ] || region=$again
		again=
		create_walk_region "$region" || continue
		walk_regions+=" $region"
		n=$((n + 1))
		[[ $region != *:256M:* ]] || ((RANDOM % 3)) || again=$region
	done
}

# draw_marks: how firmware marks what its regions of RAM decode, if at all
draw_marks()
{
	local r range start size mib=$((1 << 20)) window

	walk_marks=
	for r in /sys/bus/cxl/devices/region*; do
		[ -e "$r" ] || continue
		[ "$(< "$r/mode")" = ram ] || continue
		range=$(range_of "${r##*/}") start=$(start_of "$range") size=$(size_of "$range")
		some exact exact exact first second over unaligned gap across not
		case $some in
		exact) ;;
		first) range=$(range "$start" $((size / 2))) ;;
		second) range=$(range $((start + size / 2)) $((size / 2))) ;;
		over) range=$(range "$start" $((size + 128 * mib))) ;;
		unaligned) range=$(range $((start + mib)) $((size - mib))) ;;
		gap) range="$(range "$start" $((size / 4))) $(range $((start + size / 2)) $((size / 2)))" ;;
		across)
			window=$(window_of "$start")
			range=$(range "$start" $(($(end_of "$window") + 1 + 128 * mib - start)))
			;;
		not) continue ;;
		esac
		walk_marks+=" $range"
	done
	((RANDOM % 2)) || walk_marks+=" $(range_of node1)"
	((RANDOM % 6)) || walk_words=soft_reserve=early
}

# window_of ADDRESS: the range of the window that it is in
window_of()
{
	local w range

	for w in /sys/bus/cxl/devices/root0/decoder0.*; do
		range=$(range_of "${w##*/}")
		(($1 < $(start_of "$range") || $1 > $(end_of "$range"))) || echo "$range"
	done
}

# draw_drivers: most of them, in any order, and most devices
draw_drivers()
{
	local i

	RANDOM=$((seed + 2))
	walk_undriven='' walk_modules=
	# shellcheck disable=SC2086 # a list of words
	set -- $walk_devices
	for i; do
		((RANDOM % 4)) || walk_undriven+=" ${i%%:*}"
	done
	# shellcheck disable=SC2086 # a list of words
	set -- $modules cxl_pmem nd_pmem device_dax
	while [ $# -gt 0 ]; do
		i=$((1 + RANDOM % $#))
		((RANDOM % 8 == 0)) || walk_modules+=" ${!i}"
		set -- "${@:1:i-1}" "${@:i+1}"
	done
}

# walk_drivers: those there are at first
walk_drivers()
{
	local i

	[ -n "${walk_modules+set}" ] || draw_drivers
	for i in walk_undriven walk_modules; do
		say "$i=\"${!i# }\""
	done
	# shellcheck disable=SC2086 # a list of words
	keep_undriven $walk_undriven
	for i in $walk_modules; do
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
	# killed in the kernel
	[ $status -le 128 ] || echo g >> broken
	[ $status != 2 ] || fail "the walk has ended early"
	expect "(a) no byte has two owners" kept a
	expect "(b) pieces change their states as they may" kept b
	expect "(c) what is in use keeps what was written to it" kept c
	expect "(d) decoders stay under what is in use, and others are known" kept d
	expect "(e) a refusal has a reason and no effect" kept e
	expect "(f) what is idle is taken down and set up again" kept f
	expect "(g) the kernel does not report on itself" kept g
	[ ! -e /sys/kernel/debug/kmemleak ] || expect "(g) no memory leaks" no_leaks
}

# walked: the steps in the file beside the scenario
walked()
{
	walk_drivers
	walk_on list "/mnt/rig/scenario/$rig_scenario.list"
}

kept() { ! grep "^$1" broken; }
