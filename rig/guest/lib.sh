# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What scenarios are written with. All of it runs in the guest, as root.
#
# A range is written as /proc/iomem does: 5b0000000-5cfffffff.
# A size may have a suffix: 256M.

stages="firmware kernel"	# the boots of a scenario; a function for each
modules="cxl_acpi cxl_port cxl_pci cxl_mem dax_hmem dax_cxl kmem"
next_cmdline=
kept=()
test_number=0
sr_count=0

# --- KTAP ---------------------------------------------------------------

say() { printf '# %s\n' "$*"; }
indent() { sed 's/^/#   /'; }

# tell TEXT: what goes on, for whoever watches; "== TEXT" is a heading
tell() { printf '# > %s\n' "$@"; }

# map: draw who owns what, as wide as the host's terminal
map()
{
	softres --brief --width="${rig_columns-80}" "${rig_map--a}" 2>&1 | sed 's/^/# > /'
	tell ""
}

# check WHAT COMMAND...: a test point. Each counts in the plan, so it stands
# on a line of its own and not in a loop; or else the scenario sets plan=N.
check()
{
	local what=$1 out
	shift

	test_number=$((test_number + 1))
	if out=$("$@" 2>&1); then
		echo "ok $test_number - $what"
	else
		echo "not ok $test_number - $what"
		say "failed: $*"
		[ -z "$out" ] || indent <<< "$out"
		list_iomem | indent
	fi
	say_unowned
}

# skip WHAT WHY: a test point that cannot be tried here
skip()
{
	test_number=$((test_number + 1))
	echo "ok $test_number - $1 # SKIP $2"
}

planned()
{
	[ -z "${plan-}" ] || { echo "$plan"; return; }
	grep -cE '^[[:space:]]*(check|skip)[[:space:]]' "$1"
}

# fail WHY: the scenario cannot go on
fail()
{
	{
		list_iomem | indent
		say_unowned
		echo "@fail $*"
	} >&3 # also from where output is kept
	exec tail -f /dev/null
}

# need COMMAND...: what must succeed for the scenario to make sense
need()
{
	local out

	out=$("$@" 2>&1) || fail "$*: $(tail -n 3 <<< "$out" | tr '\n' ' ')"
	say_unowned >&3
}

# wait_for SECONDS COMMAND...: until the command succeeds; false if it does not
wait_for()
{
	local end=$((SECONDS + $1))
	shift

	until "$@" > /dev/null 2>&1; do
		((SECONDS < end)) || {
			echo "waited in vain for: $*" >&2
			return 1
		}
		sleep 0.1
	done
}

not() { ! "$@"; }

# write TEXT FILE: into a file of sysfs
write() { echo "$1" > "$2"; }

# unbind_from BUS/DRIVER DEVICE, bind_to BUS/DRIVER DEVICE
unbind_from() { write "$2" "/sys/bus/${1/\///drivers/}/unbind"; }
bind_to() { write "$2" "/sys/bus/${1/\///drivers/}/bind"; }

# --- Boots --------------------------------------------------------------

# keep NAME VALUE: a variable that the next boots see, too
keep()
{
	declare -g "$1=$2"
	[[ " ${kept[*]} " == *" $1 "* ]] || kept+=("$1")
}

# boot_with WORD...: for the next kernel's command line
boot_with() { next_cmdline+=" $*"; }

read_cmdline()
{
	local word

	for word in $(< /proc/cmdline); do
		case $word in
		rig.keep.*)
			word=${word#rig.keep.}
			keep "${word%%=*}" "${word#*=}"
			;;
		rig.*)
			word=${word#rig.}
			declare -g "rig_${word%%=*}=${word#*=}"
			;;
		esac
	done
	test_number=${rig_tests-0}
}

stage_after()
{
	local rest=" $stages "

	rest=${rest#* "$1" }
	[ -z "${rig_then-}" ] || rest=$rig_then
	echo "${rest%% *}"
}

# reboot_into STAGE: kexec; decoders stay as they are, as firmware leaves them
reboot_into()
{
	local cmdline name word

	for word in $(< /proc/cmdline); do
		case $word in
		memmap=* | rig.stage=* | rig.keep.* | rig.tests=*) ;;
		*) cmdline+="$word " ;;
		esac
	done
	cmdline+="rig.stage=$1 rig.tests=$test_number$next_cmdline"
	for name in "${kept[@]}"; do
		cmdline+=" rig.keep.$name=${!name}"
	done
	# The new kernel goes to node 0: a scenario may reserve all of node 1.
	need kexec -c -l --no-checks --mem-max=0xffffffff /mnt/bzImage \
		--command-line="$cmdline"
	count_lines
	kexec -e -x
	fail "kexec returned"
}

# count_lines: tell the host which lines of the kernel this boot has run; they
# are counted in the flavour "gcov" alone
count_lines()
{
	local counts

	find /sys/kernel/debug/gcov -name '*.gcda' 2> /dev/null |
		while IFS= read -r counts; do
			echo "@gcov $rig_stage ${counts#*/obj-gcov/} $(gzip -c "$counts" | base64 -w 0)" >&3
		done
}

# host COMMAND: have QEMU's monitor run it (device_add, device_del)
host()
{
	local answer

	echo "@host $*" >&3
	IFS= read -r -t 30 answer <&3 || answer="no answer"
	[ "$answer" = ok ] || { echo "$answer" >&2; return 1; }
}

# --- Ranges -------------------------------------------------------------

start_of() { echo $((0x${1%-*})); }
end_of() { echo $((0x${1#*-})); }
size_of() { echo $(($(end_of "$1") - $(start_of "$1") + 1)); }
bytes() { numfmt --from=iec "$1"; }
# range START SIZE: numbers in any base, a size may have a suffix
range() { printf '%x-%x\n' "$(($1))" $(($1 + $(bytes "$2") - 1)); }
# part RANGE OFFSET SIZE: a range inside another
part() { range $(($(start_of "$1") + $(bytes "$2"))) "$3"; }
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

# --- CXL ----------------------------------------------------------------

# load [MODULE...]: in this order; all of them, CXL first, if none is named
load()
{
	local module

	# shellcheck disable=SC2086 # a list of words
	[ $# -gt 0 ] || set -- $modules
	for module; do
		need modprobe "$module"
	done
	settle
}

# load_at_once: all of them, each by a modprobe of its own
load_at_once()
{
	local module

	for module in $modules; do
		modprobe "$module" &
	done
	wait
	settle
}

# blacklist MODULE...: nothing loads them by alias
blacklist()
{
	mkdir -p /run/modprobe.d
	printf 'blacklist %s\n' "$@" > /run/modprobe.d/rig.conf
}

# settle: CXL's probing is over
settle()
{
	need wait_for 20 probed
	[ ! -e /sys/bus/cxl ] || echo 1 > /sys/bus/cxl/flush
}

# probed: each PCI memory device with a driver has its endpoint
probed()
{
	local d

	[ -d /sys/bus/pci/drivers/cxl_pci ] || return 0
	for d in /sys/bus/pci/devices/*; do
		[ "$(< "$d/class")" = 0x050210 ] || continue
		[ "$(< "$d/driver_override")" = '(null)' ] || continue
		[ -e "$d/driver" ] || return
		[ -d /sys/bus/cxl/drivers/cxl_mem ] || continue
		compgen -G "$d/mem*/driver" > /dev/null || return
	done
}

# pci_of SERIAL: its PCI address; works before a driver binds, too, because
# device N is on root port N, whose slot is N
pci_of()
{
	local d serial

	for d in /sys/bus/pci/devices/*; do
		[ "$(< "$d/class")" = 0x050210 ] || continue
		serial=$(lspci -vv -s "${d##*/}" |
			sed -n 's/.*Device Serial Number //p' | tr -d -)
		[ $((0x$serial)) -ne "$1" ] || { echo "${d##*/}"; return; }
	done
	return 1
}

memdev() { cxl list -M -s "$1" | jq -re '.[0].memdev'; }
endpoint() { cxl list -E -m "$(memdev "$1")" | jq -re '.[0].endpoint'; }

# keep_undriven SERIAL...: cxl_pci will not drive it; call it before load
keep_undriven()
{
	local serial

	for serial; do
		echo none > "/sys/bus/pci/devices/$(pci_of "$serial")/driver_override"
	done
}

# drive SERIAL...: what keep_undriven kept is driven now
drive()
{
	local serial pci

	for serial; do
		pci=$(pci_of "$serial")
		echo > "/sys/bus/pci/devices/$pci/driver_override"
		echo "$pci" > /sys/bus/pci/drivers_probe
	done
}

# let_drive SERIAL...: and CXL's probing is over
let_drive() { drive "$@"; settle; }

# create_region DECODER SERIAL...: over what is free of these devices, or $size
# of it, of type ram, or $type; the name of the new region is in $region
create_region()
{
	local decoder=$1 serial names=() out
	shift

	for serial; do
		names+=("$(memdev "$serial")") || fail "no device $serial"
	done
	out=$(cxl create-region -t "${type:-ram}" ${size:+-s "$size"} -d "$decoder" \
		-m "${names[@]}" 2>&1) ||
		fail "cxl create-region $decoder $*: $out"
	region=$(sed -n 's/.*"region": *"\([^"]*\)".*/\1/p' <<< "$out")
	[ -n "$region" ] || fail "cxl create-region names no region: $out"
}

# bare_region DECODER SIZE: one that has addresses and no targets, in $region, by
# hand; it is one way wide
bare_region()
{
	local devices=/sys/bus/cxl/devices

	read -r region < "$devices/$1/create_ram_region" &&
		write "$region" "$devices/$1/create_ram_region" &&
		write 256 "$devices/$region/interleave_granularity" &&
		write 1 "$devices/$region/interleave_ways" &&
		write "$(bytes "$2")" "$devices/$region/size"
}

# refused_region DECODER SERIAL...: there is no room for it in the window
refused_region()
{
	local decoder=$1 serial names=() out
	shift

	for serial; do
		names+=("$(memdev "$serial")") || fail "no device $serial"
	done
	out=$(cxl create-region -t ram -d "$decoder" -m "${names[@]}" 2>&1) && return 1
	echo "$out"
	[[ $out == *"Numerical result out of range"* ]]
}

regions() { cxl list -R | jq -r '.[].region'; }

# region_over RANGE: the region that is just there
region_over()
{
	local r

	for r in /sys/bus/cxl/devices/region*; do
		[ -e "$r" ] || continue
		[ "$(range_of "${r##*/}")" != "$1" ] || { echo "${r##*/}"; return; }
	done
	return 1
}

# --- Soft Reserved ------------------------------------------------------

# soft_reserve RANGE|THING...: firmware marks it for the next kernel, which
# sees it as $sr0, $sr1...
soft_reserve()
{
	local r

	for r; do
		[[ $r == *-* ]] || r=$(range_of "$r")
		boot_with "$(printf 'memmap=%#x%%%#x+0xefffffff' \
			"$(size_of "$r")" "$(start_of "$r")")"
		keep "sr$sr_count" "$r"
		sr_count=$((sr_count + 1))
	done
}

# one_region, two_regions, two_windows: what firmware does in most scenarios. A region over
# device 1, or one each over devices 1 and 2, side by side, at $first and $second;
# all of it is $sr0.
one_region()
{
	load
	create_region decoder0.0 1
	soft_reserve "$region"
}

two_regions()
{
	load
	create_region decoder0.0 1
	keep first "$(range_of "$region")"
	create_region decoder0.0 2
	keep second "$(range_of "$region")"
	soft_reserve "$(span "$first" "$second")"
}

# two_windows: one over device 1, in the first window, which is $sr0, and one over
# device 3, in the second, which is $sr1
two_windows()
{
	load
	create_region decoder0.0 1
	soft_reserve "$region"
	create_region decoder0.1 3
	soft_reserve "$region"
}

# list_iomem: the part of /proc/iomem that is about us
list_iomem()
{
	grep -E 'CXL|Soft|region|dax|kmem' /proc/iomem || echo "(nothing in iomem)"
}

# iomem_path RANGE: names of the entries that contain it, outermost first
iomem_path()
{
	local start end line name path=

	start=$(start_of "$1")
	end=$(end_of "$1")
	while IFS= read -r line; do
		name=${line#* : }
		line=${line%% : *}
		line=${line// /}
		((0x${line%-*} <= start && 0x${line#*-} >= end)) || continue
		path+="${path:+ > }$name"
	done < /proc/iomem
	echo "$path"
}

# in_iomem RANGE PATTERN: its path there is like this (* for anything)
in_iomem()
{
	local path

	path=$(iomem_path "$1")
	echo "iomem: $path"
	# shellcheck disable=SC2053 # a pattern is what is wanted
	[[ $path == $2 ]]
}

# published RANGE: just this range is Soft Reserved in iomem
published() { grep -qE "^ *0*$1 : Soft Reserved\$" /proc/iomem; }

# dax_over RANGE: names of the dax devices that overlap it
dax_over()
{
	local d start size first=$((0x${1%-*})) last=$((0x${1#*-}))

	for d in /sys/bus/dax/devices/dax*; do
		read -r start 2> /dev/null < "$d/resource" || continue
		read -r size 2> /dev/null < "$d/size" || continue
		((size > 0 && start <= last && start + size > first)) &&
			echo "${d##*/}"
	done
	return 0
}

# owners RANGE: drivers whose dax devices lie in it: cxl, hmem, or none
owners()
{
	local dax cxl='' hmem='' other='' all

	for dax in $(dax_over "$1"); do
		if compgen -G "/sys/bus/cxl/devices/dax_region*/$dax" > /dev/null; then
			cxl=cxl
		elif compgen -G "/sys/bus/platform/devices/hmem.*/$dax" > /dev/null; then
			hmem=hmem
		else
			other=other
		fi
	done
	all="$cxl $hmem $other"
	# shellcheck disable=SC2086 # words
	set -- $all
	echo "${*:-none}"
}

# owned_by OWNER RANGE: by it alone, and all of the range lies in its dax
# devices; owned_by none: in none at all
owned_by()
{
	local dax from to covered=0 first=$((0x${2%-*})) last=$((0x${2#*-})) by

	for dax in $(dax_over "$2"); do
		read -r from < "/sys/bus/dax/devices/$dax/resource"
		read -r to < "/sys/bus/dax/devices/$dax/size"
		to=$((from + to - 1))
		((from >= first)) || from=$first
		((to <= last)) || to=$last
		covered=$((covered + to - from + 1))
	done
	by=$(owners "$2")
	echo "owners: $by, $covered of $((last - first + 1)) bytes"
	[ "$by" = "$1" ] || return
	[ "$1" = none ] || ((covered == last - first + 1))
}

# hmem_of RANGE: the platform device that serves it
hmem_of()
{
	local dax

	dax=$(dax_over "$1") && dax=$(readlink -f "/sys/bus/dax/devices/$dax") &&
		basename "$(dirname "$dax")"
}

# unbind_hmem RANGE, bind_hmem hmem.N
unbind_hmem() { unbind_from platform/hmem "$(hmem_of "$1")"; }
bind_hmem() { bind_to platform/hmem "$1"; }

# unowned: how many of the bytes that firmware marked for this boot no dax device
# has; nothing if it marked none
unowned()
{
	local word d start size

	{
		for word in $(< /proc/cmdline); do
			[[ $word =~ ^memmap=(.+)%(.+)\+0xefffffff$ ]] || continue
			edges marked "${BASH_REMATCH[2]}" "${BASH_REMATCH[1]}"
		done
		for d in /sys/bus/dax/devices/dax*; do
			read -r start 2> /dev/null < "$d/resource" || continue
			read -r size 2> /dev/null < "$d/size" || continue
			edges dax "$start" "$size"
		done
	} | sort -n | awk '
		depth["marked"] { all += $1 - at; if (!depth["dax"]) none += $1 - at }
		{ at = $1; depth[$2] += $3 }
		END { if (all) printf "%.0f of %.0f bytes\n", none, all }'
}

# edges KIND START SIZE: lines of a list that is swept by address
edges() { printf '%d %s %d\n' "$(($2))" "$1" 1 "$(($2 + $3))" "$1" -1; }

# say_unowned: when it is not what was said last in this boot
say_unowned()
{
	local now

	now=$(unowned)
	[ "$now" = "${said_unowned-}" ] || say "unowned: $now"
	said_unowned=$now
}

# decide_afresh: what nobody claims
decide_afresh()
{
	need unbind_from platform/hmem_platform hmem_platform.0
	need bind_to platform/hmem_platform hmem_platform.0
}

# --- Memory -------------------------------------------------------------

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
	echo "$(bytes_online "$1") of $(size_of "$1") bytes online"
	[ "$(bytes_online "$1")" = "$(size_of "$1")" ]
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
	/mnt/rig/memcheck "$node" "${1%-*}" "${1#*-}" "$(bytes "${2:-1M}")" ||
		status=1
	for b in "${others[@]}"; do
		echo online_movable > "$b/state"
	done
	return $status
}

# hold_data RANGE [SIZE]: write a pattern, and keep the pages until
# still_holds_data, once, reads them. The range is alone in its node.
hold_data()
{
	local node

	node=$(blocks "$1" | head -n 1)
	node=$(echo "$node"/node[0-9]*)
	mkfifo held
	/mnt/rig/memcheck "${node##*node}" "${1%-*}" "${1#*-}" \
		"$(bytes "${2:-1M}")" hold <> held > held.log 2>&1 &
	wait_for 30 test -s held.log
	grep -q written held.log || { cat held.log; return 1; }
}

still_holds_data()
{
	echo > held
	wait_for 30 grep -v written held.log
	cat held.log
	grep -q intact held.log
}

# map_dax FILE [SIZE]: map a dax device, or a file, write a pattern, and keep it
# mapped until still_mapped, once, reads it
map_dax()
{
	mkfifo mapped
	/mnt/rig/daxcheck "$1" 0 "$(bytes "${2:-2M}")" <> mapped > mapped.log 2>&1 &
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
	opener=$!
	wait_for 30 grep -q open opened.log || { cat opened.log; return 1; }
}

close_dax()
{
	echo > opened
	wait "$opener"
	rm opened
}

# as_before: region0 yields to HMEM in $sr0, with decoders, iomem as noted before
as_before()
{
	settle
	[ "$(hdm)" = "$decoders" ] || { diff <(hdm) <(echo "$decoders"); return 1; }
	owned_by hmem "$sr0" || return
	wait_for 20 test -e /sys/bus/cxl/devices/dax_region0 || return
	# shellcheck disable=SC2154 # the scenario's
	[ "$(list_iomem)" = "$iomem" ] || { list_iomem; return 1; }
}

# --- Time ---------------------------------------------------------------

# log_times: kernels from the next one on log what is initialized, probed and
# plugged in, without printing it, and when they are idle
log_times()
{
	boot_with 'dyndbg="file drivers/base/dd.c +p; func init_memory_mapping +p"' \
		initcall_debug loglevel=1 log_buf_len=8M \
		trace_event=sched:sched_switch trace_clock=global trace_buf_size=8M
}

# timed COMMAND...: with all that modprobe reads from the disk in memory already;
# then the kernel's log is in the file "log", the trace in "trace"
timed()
{
	local t=/sys/kernel/tracing event

	find "/lib/modules/$(uname -r)/" -type f -exec cat {} + > /dev/null
	# shellcheck disable=SC2086 # a list of words
	need modprobe -n -a $modules
	sleep 0.01
	for event in "$t"/events/lock/lock_{acquire,release}; do
		[ ! -e "$event" ] ||
			write 'name == "soft_reserve_mutex"' "$event/filter"
		[ ! -e "$event" ] || write 1 "$event/enable"
	done
	"$@"
	write 0 "$t/tracing_on"
	dmesg > log
	cat "$t/trace" > trace
	# splats are looked for on the console
	dmesg -l emerg,alert,crit,err,warn > /dev/ttyS0
}

bound() { logged "bound device to driver $1\$"; }

# first_at, last_at PATTERN: when that was logged, in us
first_at() { grep -m 1 -E "$1" log | log_time; }
last_at() { grep -E "$1" log | tail -n 1 | log_time; }
log_time() { sed -nE 's/^\[ *([0-9]+)\.([0-9]+)\].*/\1\2/p' | sed 's/^0*//'; }

# initcalls PATTERN: how long those of that name took together, in us
initcalls()
{
	sed -nE 's/.*initcall ([^+]+)\+.* after ([0-9]+) usecs/\1 \2/p' log |
		awk -v name="$1" '$1 ~ name { sum += $2 } END { print sum + 0 }'
}

# idle FROM TO: how much of that time, in us
idle()
{
	awk -v from="$1" -v to="$2" '
		/sched_switch/ {
			match($0, /[0-9]+\.[0-9]+:/)
			at = substr($0, RSTART, RLENGTH - 1) * 1e6
			if (/prev_pid=0/ && since < to && at > from)
				sum += (at < to ? at : to) - (since > from ? since : from)
			since = at
		}
		END { printf "%d\n", sum }' trace
}

# holds: when the layer's lock was taken and released, in us
holds()
{
	sed -nE 's/.* ([0-9]+)\.([0-9]+): lock_(acquire|release): .*soft_reserve_mutex$/\1\2 \3/p' trace |
		awk '$2 == "acquire" { at = $1 } $2 == "release" && at { print at + 0, $1 + 0; at = 0 }'
}

# bench NAME VALUE: for make bench
bench() { say "bench $*"; }

# --- Kernel -------------------------------------------------------------

# suite_passes SUITE: all of its cases, and none is skipped
suite_passes()
{
	local results=/sys/kernel/debug/kunit/$1/results

	modprobe "$1_kunit" || return
	cat "$results"
	grep -qE "^ok [0-9]+ $1\$" "$results" &&
		! grep -qE '^ *not ok|# SKIP' "$results"
}

# failslab_on: memory may be short also where one may wait for it, quietly
failslab_on()
{
	failslab=/sys/kernel/debug/failslab
	write N $failslab/ignore-gfp-wait
	write 0 $failslab/verbose
}

# filter require|reject FUNCTION: what fails, in it and in what it calls
filter()
{
	local from to

	read -r from to < <(sort /proc/kallsyms | awk -v f="$2" '
		from { print from, $1; exit }
		$3 == f { from = $1 }')
	echo "0x$from" > "$failslab/$1-start" && echo "0x$to" > "$failslab/$1-end"
}

# write_failing N VALUE FILE: its N-th allocation fails; false if it is refused for
# that, 2 if it has fewer
write_failing()
(
	refused=0
	exec 2> refusal 4> "$3" 5<> "/proc/$BASHPID/fail-nth"
	echo "$1" >&5
	echo "$2" >&4 || refused=1
	read -r left <&5
	echo 0 >&5
	[ "$left" = 0 ] || return 2
	return "$refused"
)

# nothing_deferred: no device waits for a driver
nothing_deferred()
{
	cat /sys/kernel/debug/devices_deferred
	[ -z "$(< /sys/kernel/debug/devices_deferred)" ]
}

# logged PATTERN: the kernel log of this boot has such a line
logged() { dmesg | grep -E "$1"; }
