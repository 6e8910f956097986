# SPDX-License-Identifier: GPL-2.0
# Rules: R1 R2
#
# How the cost of a claim and of the decision grows, measured by KUnit

ours_only=1	# nothing for compare: it is about time
stages=system
cpus=1
clock=instructions
limit=900

system()
{
	assert modprobe kunit
	expect "claims: nothing that grows comes on top of the tree" \
		suite_passes dax_claim_cost
	expect "the decision grows as n log n" suite_passes soft_reserve_cost
	grep -ho 'bench .*' /sys/kernel/debug/kunit/*_cost/results | sed 's/^/# /'
}
