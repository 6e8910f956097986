# SPDX-License-Identifier: GPL-2.0
# Rules: R8 R9 R12
#
# What softres says of a range that HMEM has released can be typed, and leads where it
# says: to HMEM, to a region of CXL that is there, to a driver, to a new region. And
# from CXL, which has had it since boot, to HMEM.

ours_only=1
limit=900
stages="firmware region driver nothing half covered"

firmware() { two_regions; }

released()
{
	load
	owns hmem "$sr0"
	assert wait_for 20 all_blocks "$sr0"
	assert offline "$sr0"
	assert unbind_hmem "$sr0"
}

region()
{
	keep_undriven 2
	released
	assert umount /sys/kernel/debug
	leads unseen mount "$sr0"
	leads released give-back "$sr0"
	assert offline "$sr0"
	assert unbind_hmem "$sr0"
	# without its driver, too
	assert modprobe -r dax_hmem
	leads released load-to-serve "$sr0"
	owns hmem "$sr0"
	assert unbind_hmem "$sr0"
	leads released take "$sr0"
	expect "CXL owns what its region covers" owned_by cxl "$first"
	calls rest "$second"
	soft_reserve "$first"
}

driver()
{
	keep_undriven 1
	assert umount /sys/kernel/debug
	leads not-loaded load-all "$sr0"
	assert mount -t debugfs debugfs /sys/kernel/debug
	released
	leads released take-driver "$sr0"
	expect "CXL owns it" owned_by cxl "$sr0"
	assert offline "$sr0"
	# nothing decodes it then
	assert cxl destroy-region -f "$(region_over "$first")"
	assert cxl destroy-region -f "$(region_over "$second")"
	soft_reserve "$sr0"
}

nothing()
{
	released
	leads released take-new "$sr0"
	expect "CXL owns it" owned_by cxl "$sr0"
	# twice as much as that: all of the window
	soft_reserve "$(range "$(start_of "$sr0")" 1G)"
}

half()
{
	load
	owns hmem "$sr0"
	leads offline hand-over "$sr0"
	leads rest take-new "$sr0"
	expect "CXL owns all of it" owned_by cxl "$sr0"
	soft_reserve "$sr0"
}

covered()
{
	load
	owns cxl "$sr0"
	leads offline online "$sr0"
	leads online reconsider "$sr0"
	expect "HMEM owns it" owned_by hmem "$sr0"
}
