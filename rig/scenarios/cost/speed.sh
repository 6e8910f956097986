# SPDX-License-Identifier: GPL-2.0
# Rules: R4
#
# A region covers a range: its memory is there as early as if nothing were Soft
# Reserved. The bounds are wide and catch what costs a multiple; make bench
# compares with the unpatched kernel.

ours_only=1	# nothing for compare: it is about time
stages="firmware bare covered"
cpus=1
clock=instructions
limit=900

firmware()
{
	load
	create_region decoder0.0 1
	remember covered "$(range_of "$region")"
	log_times
}

load_all()
{
	# shellcheck disable=SC2086 # a list of words
	assert modprobe -a $modules
	assert wait_for 20 bound_logged kmem
}

# until_memory: from the first module of CXL on, or, built in, the first initcall
until_memory()
{
	from=$(first_at 'calling +cxl_core_init.*\[cxl_core\]')
	: "${from:=$(first_at 'calling ')}"
	to=$(last_at 'bound device to driver kmem')
	idle=$(idle "$from" "$to")
	bench "$rig_stage" $((to - from))
	bench "$rig_stage/idle" "$idle"
	bench "$rig_stage/work" $((to - from - idle))
	bench "$rig_stage/initcalls" "$(initcalls 'cxl|dax|hmem|hmat|iomem|resource|soft_reserve')"
}

bare()
{
	timed load_all
	until_memory
	remember bare $((to - from))
	remember bare_idle "$idle"
	soft_reserve "$covered"
}

covered()
{
	timed load_all
	until_memory
	expect "memory is there in less than 1.5 times the time" \
		[ $((2 * (to - from))) -lt $((3 * bare)) ]
	expect "of which no more is waiting" \
		[ $((2 * idle)) -le $((3 * bare_idle)) ]
	expect "initcalls of ours take less than a tenth of what CXL's take" \
		[ $((10 * $(initcalls '^(soft_reserve_init|show_pieces|hmem_init|decide_after_initcalls)'))) -lt "$(initcalls cxl)" ]
}
