# SPDX-License-Identifier: GPL-2.0
#
# Who owns what, who was refused and why can be read in debugfs, and traced from
# boot on: CXL owns one range, HMEM another, of which it gets a region of CXL that
# comes late.

ours_only=1	# nothing for compare: no other kernel has this
regions=/sys/kernel/debug/dax/regions

firmware()
{
	two_windows
	boot_with "trace_event=soft_reserve:*"
}

# record PATTERN...: each matches a line, in this order, what is indented too
record()
{
	local pattern line

	cat "$regions"
	exec {lines}< "$regions"
	for pattern; do
		while :; do
			IFS= read -r line <&"$lines" || return
			# shellcheck disable=SC2053 # a pattern is what is wanted
			[[ $line != $pattern ]] || break
		done
	done
}

# traced EVENT WHAT
traced() { grep -E "soft_reserve_$1: .*$2" /sys/kernel/tracing/trace; }

kernel()
{
	check "at boot both ranges are pending" record \
		"soft-reserved range=$sr0 node=* state=pending reason=\"not decided yet\"" \
		"soft-reserved range=$sr1 node=* state=pending reason=\"not decided yet\""

	keep_undriven 3
	load
	need wait_for 20 owned_by cxl "$sr0"
	need wait_for 20 owned_by hmem "$sr1"
	hmem=$(hmem_of "$sr1")
	check "two claims, of CXL and of HMEM, each in its time" record \
		"claim range=$sr0 kind=cxl state=live since=*.?????? owner=dax_region0" \
		"claim range=$sr1 kind=hmem state=live since=*.?????? owner=$hmem"
	check "CXL's range, and why" record \
		"soft-reserved range=$sr0 node=* state=cxl reason=\"covered by region0\""
	check "HMEM's range, and why" record \
		"soft-reserved range=$sr1 node=* state=hmem reason=\"no CXL region covers it\""
	check "the decisions are traced" traced decide \
		"range=$sr0 state=cxl reason=\"covered by region0\""
	check "so are claims" traced claim "range=$sr1 name=$hmem"
	check "so is what was published" traced publish "range=$sr1"

	need let_drive 3
	need wait_for 20 region_over "$sr1"
	late=$(region_over "$sr1")
	check "a region that comes late yields: traced" \
		traced yield "range=$sr1 name=$late"
	check "its refusal stands below the claim" record \
		"claim range=$sr1 * owner=$hmem" \
		"  refused range=$sr1 error=-16 count=1 last=*.?????? owner=$hmem who=dax_$late"
	check "the refusal is traced" traced refuse \
		"range=$sr1 error=-16 owner=$hmem name=dax_$late"
	need write "dax_$late" /sys/bus/cxl/drivers_probe
	check "refused again, it is counted" record \
		"  refused range=$sr1 * count=2 last=* owner=$hmem who=dax_$late"

	need unbind_from cxl/cxl_mem "$(memdev 3)"
	check "decoders that were left alone are traced" \
		traced reset_kept "range=$sr1 name=$late"

	need unbind_hmem "$sr1"
	check "let go of: the range is free" record \
		"soft-reserved range=$sr1 node=* state=free reason=\"HMEM has let go of it\""
	check "refusals are kept in mind" record \
		"refused range=$sr1 * owner=$hmem who=dax_$late"
	check "release is traced" traced release "range=$sr1 name=$hmem"
	check "so is what was withdrawn" traced withdraw "range=$sr1"
	check "so is the region's return" traced restore "range=$sr1 name=$late"

	need comes_online "$sr0"
	need hold_data "$sr0"
	need unbind_from dax/kmem "$(dax_over "$sr0")"
	check "memory that could not be removed: held" record \
		"claim range=$sr0 kind=cxl state=held * owner=dax_region0"
	check "the data is still there" still_holds_data
}
