# SPDX-License-Identifier: GPL-2.0
# Rules: R1 R12
#
# HMEM owns a range that a region covers in part. That the region gets none of it is
# said in the log, with the name of each party and the range.

firmware() { two_regions; }

system()
{
	keep_undriven 2
	load
	owns hmem "$sr0"
	hmem=$(hmem_of "$sr0")
	expect "the log names who is refused, and who has the range" \
		wait_for 20 logged "dax_region0: .*$hmem"
	expect "and the range" logged "dax_region0: .*${sr0%-*}"
}
