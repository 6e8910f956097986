# SPDX-License-Identifier: GPL-2.0
# Rules: R1 R2 R3
#
# The KUnit suites of the arbiter that this kernel has, for make series-build: at a step of
# the series these may be fewer than scenario kunit wants.

by_hand=1
stages=system
ours_only=1	# nothing for compare: it has no such suites

system()
{
	local suite suites

	suites=$(find "/lib/modules/$(uname -r)/kernel/drivers/dax/arbiter/tests" \
		-name '*_kunit.ko' -printf '%f\n' | sed 's/_kunit\.ko$//' | sort)
	assert [ -n "$suites" ]
	failslab_on
	for suite in $suites; do
		expect "$suite" suite_passes "$suite"
	done
}
