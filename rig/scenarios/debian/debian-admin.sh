# SPDX-License-Identifier: GPL-2.0
# Rules: R8 R9
#
# What an administrator does on Debian, by the commands of soft-reserved.rst: HMEM's
# memory is given to CXL, and back to HMEM. Nothing has to be loaded or brought online
# by hand.

debian=online_movable

firmware()
{
	two_regions
	undriven 2
}

system()
{
	local dax hmem

	boots_with hmem "$sr0"
	expect "hibernation is refused" not grep -qw disk /sys/power/state
	dax=$(dax_over "$sr0")
	hmem=$(hmem_of "$sr0")

	expect "daxctl takes the memory offline" daxctl offline-memory "$dax"
	expect "$hmem is unbound" unbind_from platform/hmem "$hmem"
	expect "Soft Reserved is withdrawn" not published "$sr0"
	expect "the region is disabled" cxl disable-region region0
	expect "and enabled" cxl enable-region region0
	owns cxl "$first" "CXL owns what it covers"
	online_by_itself "$first"

	dax=$(dax_over "$first")
	expect "daxctl takes that offline, too" daxctl offline-memory "$dax"
	expect "the region is disabled again" cxl disable-region region0
	expect "$hmem is bound" bind_to platform/hmem "$hmem"
	owns hmem "$sr0" "HMEM owns the range again"
	online_by_itself "$sr0" "all of it is online again"
}
