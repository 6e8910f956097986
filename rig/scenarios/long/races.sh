# SPDX-License-Identifier: GPL-2.0
# Rules: R1 R7
#
# Two actors, each of which takes away and gives back, at the same time and for a
# while: whatever comes of it, no byte has two owners, nobody hangs, and when they
# are gone everything can be torn down, set up again and used. make stress does this
# for many pairs, on a kernel that looks for bugs.

pair=${rig_pair-${PAIR:-hmem+region}}
seconds=${rig_time-${TIME:-10}}
boot_words="rig.pair=$pair rig.time=$seconds"
by_hand=1
limit=$((600 + 2 * seconds))
devices_dir=/sys/bus/cxl/devices

# If one of the actors is HMEM's, HMEM has the first range, since one of CXL's regions
# came late. Beside the second there is room for another region.
owner=cxl late=
[[ ! $pair =~ hmem|platform|modules|online ]] || owner=hmem late=2

# Lockdep does not see that 6.12 removes memory and brings it online under one lock
# that is only tried (and then rests).
[[ ! $pair =~ online ]] || known_splat=memory_subsys_online

firmware()
{
	two_regions
	create_region decoder0.1 3
	remember third "$(range_of "$region")"
	soft_reserve "$third"
}

# --- Actors: what each does over and over ---------------------------------

# try COMMAND...: either it works, or it is refused and the reason is kept
try()
{
	if "$@" 2> "$actor.error"; then
		echo "$1" >> "$actor.done"
	else
		echo "$1: $(sed 's/.*: //' "$actor.error" | tail -n 1)" >> "$actor.refused"
	fi
}

pause() { sleep "0.$((RANDOM % 3))$((RANDOM % 10))"; }

# off_and_on BUS/DRIVER DEVICE...: one of them
off_and_on()
{
	local driver=$1
	shift

	set -- "${@:1 + RANDOM % $#:1}"
	[ -e "$1" ] || { pause; return; }
	try unbind_from "$driver" "${1##*/}"
	pause
	try bind_to "$driver" "${1##*/}"
}

race_hmem() { off_and_on platform/hmem /sys/bus/platform/devices/hmem.*; }
race_platform() { off_and_on platform/hmem_platform /sys/bus/platform/devices/hmem_platform.0; }
race_region() { off_and_on cxl/cxl_region $devices_dir/region*; }
race_memdev() { off_and_on cxl/cxl_mem $devices_dir/mem[0-9]*; }
race_acpi() { off_and_on platform/cxl_acpi /sys/bus/platform/devices/ACPI0017:00; }

race_modules()
{
	local all=(dax_hmem dax_cxl kmem cxl_mem) module

	module=${all[RANDOM % 4]}
	try modprobe -r "$module"
	pause
	try modprobe "$module"
}

# memory of the first half: a claim whose memory cannot be removed stays
race_online()
{
	try online "$first"
	pause
	try offline "$first"
}

# make_region WINDOW SERIAL: by hand, as the tools take too long here
make_region()
{
	local d region window=$devices_dir/decoder0.$1

	for d in "$devices_dir/$(endpoint "$2")"/decoder*.0; do
		bare_region "decoder0.$1" 512M &&
			echo ram > "$d/mode" &&
			echo $((512 << 20)) > "$d/dpa_size" &&
			echo "${d##*/}" > "$devices_dir/$region/target0" &&
			echo 1 > "$devices_dir/$region/commit" &&
			bind_to cxl/cxl_region "$region" && return
		{
			[ -z "$region" ] || echo "$region" > "$window/delete_region"
			echo 0 > "$d/dpa_size"
		} 2> /dev/null
		return 1
	done
}

remove_region()
{
	local d=$devices_dir/$1 decoder

	read -r decoder < "$d/target0"
	echo "$1" > "$d/../delete_region" || return
	[ -z "$decoder" ] || echo 0 > "$devices_dir/$decoder/dpa_size"
}

# a region that is nobody's business
race_create()
{
	local all

	try make_region 1 4
	pause
	all=("$devices_dir/decoder0.1"/region*)
	try remove_region "${all[-1]##*/}"
}

# a region is reset and committed again, and bound
race_commit()
{
	local name

	name=$(some_region)
	try write 0 "$devices_dir/$name/commit"
	pause
	try write 1 "$devices_dir/$name/commit"
	try bind_to cxl/cxl_region "$name"
}

# some_region: any that is there
some_region()
{
	local all=("$devices_dir"/region*)

	echo "${all[RANDOM % ${#all[@]}]##*/}"
}

# any_device: makes a region over what is free of a device
any_device()
{
	local serial=$((1 + RANDOM % 4))

	make_region $((serial > 2)) $serial
}

race_destroy()
{
	try remove_region "$(some_region)"
	pause
	try any_device
}

# a region loses its device first
race_target()
{
	local name

	name=$(some_region)
	try write "" "$devices_dir/$name/target0"
	pause
	try remove_region "$name"
	try any_device
}

# act NAME: until the time is over
act()
{
	local actor=$1

	while ((SECONDS < deadline)); do
		"race_$actor"
	done
	touch "$actor.ended"
}

ended()
{
	local actor

	for actor in "${actors[@]}"; do
		[ -e "$actor.ended" ] || return
	done
}

# hung: where the kernel is, to its log
hung() { write w /proc/sysrq-trigger; }

number() { cat "$@" 2> /dev/null | wc -l; }

report()
{
	local actor

	say "$pair, $seconds s: $(tail -n 1 iomem.log)"
	for actor in "${actors[@]}"; do
		say "$actor: $(number "$actor.done") done, $(number "$actor.refused") refused"
		sort "$actor.refused" 2> /dev/null | uniq -c | indent
	done
}

# one_owner: as seen meanwhile
one_owner()
{
	sort iomem.log | uniq -c
	grep -q looks iomem.log && ! grep -q alone iomem.log
}

# known_reasons: what is refused says why; a driver that is unloaded has no file, which
# cannot be made
known_reasons()
{
	! cat ./*.refused 2> /dev/null | sort |
		uniq -c | grep -vE 'busy|No such device|No such file|temporarily unavailable|out of range|Invalid argument|in use|Permission denied'
}

# --- After it ---------------------------------------------------------------

bind_all()
{
	local d

	# shellcheck disable=SC2086 # a list of words
	modprobe -a $modules || return
	[ -e /sys/bus/platform/drivers/cxl_acpi/ACPI0017:00 ] ||
		bind_to platform/cxl_acpi ACPI0017:00 || return
	settle
	for d in "$devices_dir"/mem[0-9]*; do
		[ -e "$d/driver" ] || bind_to cxl/cxl_mem "${d##*/}" || return
	done
	settle
}

# tear_down: nothing is left in the windows
tear_down()
{
	local d

	bind_all || return
	for d in "$first" "$second" "$third"; do
		offline "$d" || return
	done
	[ ! -e /sys/bus/platform/drivers/hmem_platform/hmem_platform.0 ] ||
		unbind_from platform/hmem_platform hmem_platform.0 || return
	for d in "$devices_dir"/region*; do
		[ ! -e "$d" ] || remove_region "${d##*/}" || return
	done
	for d in "$devices_dir"/decoder*/dpa_size; do
		[ "$(< "$d")" = 0 ] || write 0 "$d" || return
	done
	wait_for 20 nothing_between
}

nothing_between() { ! grep -qE '^ .*(region|Soft Reserved|dax)' /proc/iomem; }

is_held() { grep -q ' state=held ' /sys/kernel/debug/dax/regions; }

# stays_held: memory was in use when its owner let go
stays_held()
{
	expect "memory that could not be removed is held, and can be used" holds_held_data
	say "the rest cannot be tried: it is held until the machine reboots"
}

holds_held_data() { online "$first" && holds_data "$first"; }

system()
{
	local actor actors watch

	IFS=+ read -ra actors <<< "$pair"
	keep_undriven $late
	load
	patience=60 owns $owner "$sr0" "$owner owns the first range"
	let_drive $late
	assert wait_for 60 region_over "$second"

	deadline=$((SECONDS + seconds))
	iomemcheck "${first%-*}" "$seconds" > iomem.log &
	watch=$!
	for actor in "${actors[@]}"; do
		act "$actor" &
	done
	expect "nobody hangs" wait_for $((seconds + 120)) ended
	ended || hung
	wait "$watch"
	expect "no byte ever has two owners" one_owner
	report
	expect "what is refused says why" known_reasons

	if is_held; then
		stays_held
		return
	fi

	expect "all can be torn down" tear_down
	create_region decoder0.0 1
	create_region decoder0.0 2
	create_region decoder0.1 3
	patience=60 owns cxl "$sr0" "CXL owns the first range"
	patience=60 owns cxl "$third" "CXL owns the second range"
	expect "memory of the first comes online" comes_online "$sr0"
	expect "memory of the second comes online" comes_online "$third"
	expect "its first half holds data" holds_data "$first"
	expect "its second half holds data" holds_data "$second"
	expect "the second holds data" holds_data "$third"
}
