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

	expect "claims, one owner for each range" suite_passes dax_claim
	expect "pieces, how ranges are cut" suite_passes dax_pieces
	expect "policy, what regions cover" suite_passes dax_policy
	expect "states of a piece" suite_passes dax_states
	expect "fences, what allocators get" suite_passes soft_reserve
	for suite in dax_claim dax_pieces dax_policy dax_states soft_reserve; do
		grep -E '^ *ok' "/sys/kernel/debug/kunit/$suite/results" | indent
	done
}
