# SPDX-License-Identifier: GPL-2.0
# Rules: R1 R2 R3 R7
#
# The KUnit tests of the arbiter and of the Soft Reserved layer, as modules.
# Every allocation that they ask to fail does fail.

stages=system
ours_only=1	# nothing for compare: no other kernel has this

system()
{
	assert modprobe kunit
	echo N > /sys/kernel/debug/failslab/ignore-gfp-wait
	echo 0 > /sys/kernel/debug/failslab/verbose

	expect "soft_reserve: the decision" suite_passes soft_reserve
	expect "dax_claim: one owner for each range" suite_passes dax_claim
	for suite in soft_reserve dax_claim; do
		grep -E '^ *ok' "/sys/kernel/debug/kunit/$suite/results" | indent
	done
}
