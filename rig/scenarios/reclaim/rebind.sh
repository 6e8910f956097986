# SPDX-License-Identifier: GPL-2.0
# Rules: R9
#
# HMEM lets go of a range and takes it again: hmem.N bound again, hmem_platform
# bound again, dax_hmem loaded again. What CXL has taken meanwhile it gets not.

firmware() { one_region; }

system()
{
	keep_undriven 1
	load
	owns hmem "$sr0"
	hmem=$(hmem_of "$sr0")

	assert unbind_hmem "$sr0"
	assert bind_hmem "$hmem"
	owns hmem "$sr0" "hmem.N bound again: HMEM owns it"
	expect_published "$sr0" "it is published again"

	assert unbind_from platform/hmem_platform hmem_platform.0
	expect "hmem_platform unbound: nobody owns it" owned_by none "$sr0"
	expect "it is withdrawn" not published "$sr0"
	assert bind_to platform/hmem_platform hmem_platform.0
	owns hmem "$sr0" "hmem_platform bound again: HMEM owns it"

	# mainline's dax_cxl needs a symbol of it
	[ ! -e /sys/module/dax_hmem/holders/dax_cxl ] || assert modprobe -r dax_cxl
	assert modprobe -r dax_hmem
	expect "dax_hmem unloaded: nobody owns it" owned_by none "$sr0"
	assert modprobe -a dax_hmem dax_cxl
	owns hmem "$sr0" "dax_hmem loaded again: HMEM owns it"

	hmem=$(hmem_of "$sr0")
	assert unbind_hmem "$sr0"
	let_drive 1
	owns cxl "$sr0" "CXL has taken it"
	expect "hmem.N is refused then" not bind_hmem "$hmem"
	expect "CXL still owns it" owned_by cxl "$sr0"
	expect "nothing is published" not published "$sr0"
	expect "its memory comes online" comes_online "$sr0"
	expect "the memory holds data" holds_data "$sr0"
	none_deferred

	assert offline "$sr0"
	decide_afresh
	expect "hmem_platform bound again takes nothing from CXL" \
		owned_by cxl "$sr0"
}
