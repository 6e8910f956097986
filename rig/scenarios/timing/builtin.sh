# SPDX-License-Identifier: GPL-2.0
#
# All drivers are built in: they probe at boot, and no module is waited for. CXL
# covers one range, and only a part of another one. Then the driver of its memory
# devices is missing, and it covers nothing.

kernel=builtin
limit=400
stages="firmware all_drivers no_cxl_pci"

firmware()
{
	settle
	create_region decoder0.0 1
	soft_reserve "$region"
	create_region decoder0.1 3
	keep decoded "$(range_of "$region")"
	soft_reserve "$(range "0x${decoded%-*}" 768M)"
}

all_drivers()
{
	check "CXL owns what its region covers" wait_for 20 owned_by cxl "$sr0"
	check "HMEM owns all of what it covers in part" \
		wait_for 20 owned_by hmem "$sr1"
	check "CXL's memory comes online" comes_online "$sr0"
	check "HMEM's memory comes online" comes_online "$sr1"
	check "CXL's memory holds data" holds_data "$sr0"
	check "HMEM's memory holds data" holds_data "$decoded"
	check "no device is deferred" nothing_deferred

	soft_reserve "$sr0" "$sr1"
	boot_with initcall_blacklist=cxl_pci_driver_init
}

no_cxl_pci()
{
	check "HMEM owns the one range" wait_for 20 owned_by hmem "$sr0"
	check "HMEM owns the other range" wait_for 20 owned_by hmem "$sr1"
	check "memory of the one comes online" comes_online "$sr0"
	check "memory of the other comes online" comes_online "$sr1"
	check "memory of the one holds data" holds_data "$sr0"
	check "memory of the other holds data" holds_data "$decoded"
	check "without cxl_pci, no device is deferred" nothing_deferred
}
