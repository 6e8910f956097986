# SPDX-License-Identifier: GPL-2.0
#
# The KUnit tests of the arbiter and of the Soft Reserved layer, as modules.
# Every allocation that they ask to fail does fail.

stages=kernel

# suite_passes SUITE: all of its cases, and none is skipped
suite_passes()
{
	local results=/sys/kernel/debug/kunit/$1/results

	modprobe "$1_kunit" || return
	cat "$results"
	grep -qE "^ok [0-9]+ $1\$" "$results" &&
		! grep -qE '^ *not ok|# SKIP' "$results"
}

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
