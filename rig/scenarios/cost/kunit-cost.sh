# SPDX-License-Identifier: GPL-2.0
# Rules: R1 R2
#
# How the cost of a claim and of the decision grows, measured by KUnit

ours_only=1	# nothing for compare: it is about time
stages=system
cpus=1
clock=instructions
limit=900
test_modules=1

system()
{
	assert modprobe kunit
	assert insmod /mnt/rig/dax_claim_cost_kunit.ko
	assert insmod /mnt/rig/dax_decide_cost_kunit.ko
	expect "claims: nothing that grows comes on top of the tree" \
		suite_passes dax_claim_cost
	expect "the decision grows as n log n" suite_passes dax_decide_cost
	grep -ho 'bench .*' /sys/kernel/debug/kunit/*_cost/results | sed 's/^/# /'
}
