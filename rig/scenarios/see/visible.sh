# SPDX-License-Identifier: GPL-2.0
# Rules: R12
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

system()
{
	expect "at boot both ranges are undecided" record \
		"soft-reserved range=$sr0 node=* state=undecided reason=\"its owner is undecided\" cause=not-decided" \
		"soft-reserved range=$sr1 node=* state=undecided reason=\"its owner is undecided\" cause=not-decided"

	keep_undriven 3
	load
	owns cxl "$sr0"
	owns hmem "$sr1"
	hmem=$(hmem_of "$sr1")
	expect "two claims, of CXL and of HMEM, each in its time" record \
		"claim range=$sr0 kind=cxl state=live since=*.?????? owner=dax_region0" \
		"claim range=$sr1 kind=hmem state=live since=*.?????? owner=$hmem"
	expect "CXL's range, and why" record \
		"soft-reserved range=$sr0 node=* state=cxl reason=\"covered by region0\" cause=covered"
	expect "HMEM's range, and why" record \
		"soft-reserved range=$sr1 node=* state=hmem reason=\"no CXL region covers it\" cause=no-region"
	expect "the decisions are traced" traced decide \
		"range=$sr0 state=cxl reason=\"covered by region0\""
	expect "so are claims" traced claim "range=$sr1 name=$hmem"
	expect "so is what was published" traced publish "range=$sr1"

	assert let_drive 3
	assert wait_for 20 region_over "$sr1"
	late=$(region_over "$sr1")
	expect "a region that comes late yields: traced" \
		traced yield "range=$sr1 name=$late"
	expect "its refusal stands below the claim" record \
		"claim range=$sr1 * owner=$hmem" \
		"  refused range=$sr1 error=-16 count=1 last=*.?????? owner=$hmem who=dax_$late"
	expect "the refusal is traced" traced refuse \
		"range=$sr1 error=-16 owner=$hmem name=dax_$late"
	assert write "dax_$late" /sys/bus/cxl/drivers_probe
	expect "refused again, it is counted" record \
		"  refused range=$sr1 * count=2 last=* owner=$hmem who=dax_$late"

	assert unbind_from cxl/cxl_mem "$(memdev 3)"
	expect "decoders that were left alone are traced" \
		traced reset_skipped "range=$sr1 name=$late"

	assert unbind_hmem "$sr1"
	expect "released: the range is unowned" record \
		"soft-reserved range=$sr1 node=* state=unowned reason=\"HMEM has released it\" cause=released"
	expect "refusals are kept in mind" record \
		"refused range=$sr1 * owner=$hmem who=dax_$late"
	expect "release is traced" traced release "range=$sr1 name=$hmem"
	expect "so is what was withdrawn" traced withdraw "range=$sr1"
	expect "so is the region's return" traced restore "range=$sr1 name=$late"

	assert comes_online "$sr0"
	assert write_pattern "$sr0"
	assert unbind_from dax/kmem "$(dax_over "$sr0")"
	expect "memory that could not be removed: held" record \
		"claim range=$sr0 kind=cxl state=held * owner=dax_region0"
	expect "the data is still there" pattern_intact
}
