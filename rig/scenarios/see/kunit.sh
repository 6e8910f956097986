# SPDX-License-Identifier: GPL-2.0
#
# The KUnit tests of the arbiter and of the Soft Reserved layer, as modules.
# Every allocation that they ask to fail does fail.

stages=kernel
ours_only=1	# nothing for compare: no other kernel has this

kernel()
{
	need modprobe kunit
	echo N > /sys/kernel/debug/failslab/ignore-gfp-wait
	echo 0 > /sys/kernel/debug/failslab/verbose

	check "soft_reserve: the decision" suite_passes soft_reserve
	check "dax_claim: one owner for each range" suite_passes dax_claim
	for suite in soft_reserve dax_claim; do
		grep -E '^ *ok' "/sys/kernel/debug/kunit/$suite/results" | indent
	done
}
