# SPDX-License-Identifier: GPL-2.0
# Rules: R4 R12
#
# What softres says where HMEM is missing, or makes no dax device, can be typed, and leads
# where it says. Where nobody can serve a range, it says so and prints nothing to type.

ours_only=1
limit=500
stages="firmware blacklisted rest idle_hmem off"

firmware()
{
	two_regions
	boot_with deferred_probe_timeout=0
}

without_hmem()
{
	blacklist dax_hmem
	load cxl_acpi cxl_port cxl_pci cxl_mem dax_cxl kmem
}

blacklisted()
{
	keep_undriven 1 2
	without_hmem
	leads no-driver load-to-serve "$sr0"
	expect "HMEM owns it" owned_by hmem "$sr0"
	soft_reserve "$sr0"
	boot_with deferred_probe_timeout=0
}

rest()
{
	keep_undriven 2
	without_hmem
	owns cxl "$first"
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
	load
	owns cxl "$first"
	calls rest "$second"
	calls no-hmem "$sr1"
	expect "nothing to type for that" [ -z "$(ranges "$sr1" ".plans[].steps[]")" ]
}
