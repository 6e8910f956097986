# SPDX-License-Identifier: GPL-2.0
# Rules: R4 R12
#
# What softres says where HMEM is missing, or makes no dax device, can be typed, and leads
# where it says. Where nobody can serve a range, it says so and prints nothing to type.

ours_only=1
limit=600
stages="firmware blacklisted rest idle_hmem off"

firmware()
{
	two_regions
	create_region decoder0.1 3
	soft_reserve "$region"
	boot_with deferred_probe_timeout=0
}

without_hmem()
{
	blacklist dax_hmem
	keep_undriven 2 3
	load cxl_acpi cxl_port cxl_pci cxl_mem dax_cxl kmem
	# its region covers a half of the range, so that this asks for a decision
	owns cxl "$first"
}

blacklisted()
{
	without_hmem
	leads no-driver load-to-serve "$sr1"
	expect "HMEM owns it" owned_by hmem "$sr1"
	soft_reserve "$sr0" "$sr1"
	boot_with deferred_probe_timeout=0
}

rest()
{
	without_hmem
	leads rest load-to-serve "$second"
	expect "HMEM owns the rest" owned_by hmem "$second"
	soft_reserve "$sr0" 100000-17ffff
	boot_with dax_hmem.region_idle=1
}

idle_hmem()
{
	keep_undriven 2
	load
	leads claimed make-device "$sr0"
	calls too-small "$sr1"
	soft_reserve "$sr0" "$sr1"
	boot_with device_hmem.disable=1
}

off()
{
	keep_undriven 2
	load cxl_acpi cxl_port cxl_pci cxl_mem
	# else it is claimed at once
	assert cxl disable-region "$(region_over "$first")"
	load
	leads no-hmem take "$first"
	owns cxl "$first"
	calls rest "$second"
	calls no-hmem "$sr1"
	expect "nothing to type for that" [ -z "$(ranges "$sr1" ".plans[].steps[]")" ]
}
