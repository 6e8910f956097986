# SPDX-License-Identifier: GPL-2.0
#
# HMEM lets go of a range and takes it again: hmem.N bound again, hmem_platform
# bound again, dax_hmem loaded again. What CXL has taken meanwhile it gets not.

firmware() { one_region; }

kernel()
{
	keep_undriven 1
	load
	check "HMEM owns the range" wait_for 20 owned_by hmem "$sr0"
	hmem=$(hmem_of "$sr0")

	need unbind_hmem "$sr0"
	need bind_hmem "$hmem"
	check "hmem.N bound again: HMEM owns it" wait_for 20 owned_by hmem "$sr0"
	check "it is published again" published "$sr0"

	need unbind_from platform/hmem_platform hmem_platform.0
	check "hmem_platform unbound: nobody owns it" owned_by none "$sr0"
	check "it is withdrawn" not published "$sr0"
	need bind_to platform/hmem_platform hmem_platform.0
	check "hmem_platform bound again: HMEM owns it" \
		wait_for 20 owned_by hmem "$sr0"

	need modprobe -r dax_hmem
	check "dax_hmem unloaded: nobody owns it" owned_by none "$sr0"
	need modprobe dax_hmem
	check "dax_hmem loaded again: HMEM owns it" \
		wait_for 20 owned_by hmem "$sr0"

	hmem=$(hmem_of "$sr0")
	need unbind_hmem "$sr0"
	let_drive 1
	check "CXL has taken it" wait_for 20 owned_by cxl "$sr0"
	check "hmem.N is refused then" not bind_hmem "$hmem"
	check "CXL still owns it" owned_by cxl "$sr0"
	check "nothing is published" not published "$sr0"
	check "its memory comes online" comes_online "$sr0"
	check "the memory holds data" holds_data "$sr0"
	check "no device is deferred" nothing_deferred

	need offline "$sr0"
	decide_afresh
	check "hmem_platform bound again takes nothing from CXL" \
		owned_by cxl "$sr0"
}
