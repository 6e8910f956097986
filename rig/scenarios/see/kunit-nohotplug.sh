# SPDX-License-Identifier: GPL-2.0
#
# The unit tests of the arbiter on a kernel that cannot plug memory: RAM that firmware
# has mapped behind a region counts as in use.

by_hand=1
kernel=nohotplug
stages=kernel
ours_only=1	# nothing for compare: there is no such module

kernel()
{
	failslab_on
	check "claims and dax regions" suite_passes dax_claim
}
