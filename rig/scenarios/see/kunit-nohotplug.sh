# SPDX-License-Identifier: GPL-2.0
# Rules: R1 R7
#
# The unit tests of the arbiter on a kernel that cannot plug memory: RAM that firmware
# has mapped behind a region counts as in use.

by_hand=1
flavour=nohotplug
stages=system
ours_only=1	# nothing for compare: there is no such module

system()
{
	failslab_on
	expect "claims and dax regions" suite_passes dax_claim
}
