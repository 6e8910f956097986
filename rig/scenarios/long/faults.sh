# SPDX-License-Identifier: GPL-2.0
# Rules: R1 R3
#
# Memory changes its owner, with a failure of each allocation that this takes, one
# after the other: nothing is lost, nothing stays behind, and what is refused says
# that it is for want of memory. make stress does this for each way that leads to
# a change, on a kernel that looks for bugs.

walk=${rig_walk-${WALK:-create}}
boot_words="rig.walk=$walk"
by_hand=1
limit=3600

# HMEM has a range that regions would cover, if they had been in time. In the other
# window there is nothing.
firmware() { two_regions; }

# --- Walks ------------------------------------------------------------------

# each UNDO VALUE FILE: VALUE is written to FILE, with a failure of each allocation
# in turn. UNDO leads back, whatever came of it, and iomem is as before.
each()
{
	local before n=0 status=0 refused=0

	before=$(list_iomem)
	while [ $status != 2 ]; do
		n=$((n + 1))
		write_failing $n "$2" "$3"
		status=$?
		if [ $status = 1 ]; then
			refused=$((refused + 1))
			grep -q 'Cannot allocate memory' refusal ||
				echo "${*:2}: allocation $n: $(sed 's/.*: //' refusal)" >> wrong
		fi
		"$1" || { echo "after allocation $n: no way back"; return 1; }
		wait_for 10 iomem_as_before || {
			diff <(echo "$before") <(list_iomem)
			echo "after allocation $n"
			return 1
		}
	done
	say "${2##*/} ${3##*/}: $((n - 1)) allocations, refused for $refused of them" >&3
}

iomem_as_before() { [ "$(list_iomem)" = "$before" ]; }

# ensure_bound, ensure_unbound: the device that a walk is about
ensure_bound() { [ -e "$driver/$device" ] || bind_to "$bus" "$device"; }
ensure_unbound() { [ ! -e "$driver/$device" ] || unbind_from "$bus" "$device"; }

# binds_and_unbinds BUS/DRIVER DEVICE: one that is bound
binds_and_unbinds()
{
	bus=$1 device=$2 driver=/sys/bus/${1/\///drivers/}

	each ensure_bound "$device" "$driver/unbind" && ensure_unbound &&
		each ensure_unbound "$device" "$driver/bind" && ensure_bound
}

walk_hmem() { binds_and_unbinds platform/hmem "$(hmem_of "$sr0")"; }

# with one region away: else both would have the range, as it is decided anew
walk_platform()
{
	local mem

	mem=$(memdev 2)
	unbind_from cxl/cxl_mem "$mem" &&
		binds_and_unbinds platform/hmem_platform hmem_platform.0 &&
		bind_to cxl/cxl_mem "$mem" && settle
}

# while HMEM has the range: the region is parked, and comes late. Stock: a port that
# could not be added all the way is in the way of the next.
walk_late()
{
	filter require cxl_add_to_region &&
		binds_and_unbinds cxl/cxl_mem "$(memdev 1)"
}

# while CXL has it
walk_region()
{
	local region

	unbind_hmem "$sr0" && region=$(region_over "$first") &&
		unbind_from cxl/cxl_region "$region" &&
		bind_to cxl/cxl_region "$region" &&
		wait_for 60 owned_by cxl "$first" &&
		binds_and_unbinds cxl/cxl_region "$region"
}

# a region that has nothing to do with it
walk_create()
{
	local devices=/sys/bus/cxl/devices decoder window name region

	decoder=$(basename "$devices/$(endpoint 3)"/decoder*.0)
	window=$devices/decoder0.1
	name=$(< "$window/create_ram_region")
	region=$devices/$name

	write ram "$devices/$decoder/mode" &&
		write $((256 << 20)) "$devices/$decoder/dpa_size" && named &&
		each unsized $((256 << 20)) "$region/size" && sized &&
		each untargeted "$decoder" "$region/target0" && targeted &&
		each uncommitted 1 "$region/commit" && committed &&
		each committed 0 "$region/commit" && committed &&
		bind_to cxl/cxl_region "$name" &&
		binds_and_unbinds cxl/cxl_region "$name" &&
		each made "$name" "$window/delete_region"
}

unsized() { write 0 "$region/size"; }
sized() { write $((256 << 20)) "$region/size"; }
untargeted() { write "" "$region/target0"; }
targeted() { write "$decoder" "$region/target0"; }
uncommitted() { write 0 "$region/commit"; }
committed() { write 1 "$region/commit"; }

named()
{
	write "$name" "$window/create_ram_region" &&
		write 256 "$region/interleave_granularity" &&
		write 1 "$region/interleave_ways"
}

made()
{
	[ -e "$region" ] || { named && sized && targeted && committed; } || return
	[ -e "$region/driver" ] || bind_to cxl/cxl_region "$name"
}

# --- The story --------------------------------------------------------------

system()
{
	keep_undriven 2
	load
	patience=60 owns hmem "$sr0" "HMEM owns the range"
	let_drive 2
	assert wait_for 60 region_over "$second"
	[ ! -e /sys/kernel/debug/kmemleak ] || echo clear > /sys/kernel/debug/kmemleak
	failslab_on
	# stock: sections that were added before one failed stay, and are in the way
	filter reject add_memory_resource

	expect "whatever fails, nothing is lost and nothing stays behind" "walk_$walk"
	expect "what is refused says that memory was short" nothing_in wrong
	if [ -e /sys/kernel/debug/kmemleak ]; then
		expect "no memory leaks" no_leaks
	else
		skip "no memory leaks" "this kernel has no kmemleak"
	fi

	assert modprobe dax_cxl
	assert nobody_has_it
	assert bind_to platform/hmem_platform hmem_platform.0
	patience=60 owns hmem "$sr0" "HMEM can have all of it"
	expect "its memory comes online" comes_online "$sr0"
	expect "the first half holds data" holds_data "$first"
	expect "the second half holds data" holds_data "$second"

	assert offline "$sr0"
	assert unbind_hmem "$sr0"
	assert bind_to cxl/cxl_region "$(region_over "$first")"
	assert bind_to cxl/cxl_region "$(region_over "$second")"
	patience=60 owns cxl "$sr0" "CXL can have all of it"
	expect "its memory comes online again" comes_online "$sr0"
	expect "it holds data" holds_data "$first"
}

nothing_in() { ! grep -s . "$1"; }

nobody_has_it()
{
	local d

	for d in /sys/bus/platform/drivers/hmem_platform/hmem_platform.0 \
		/sys/bus/cxl/drivers/cxl_region/region*; do
		[ ! -e "$d" ] || write "${d##*/}" "${d%/*}/unbind" || return
	done
}
