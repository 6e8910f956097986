# SPDX-License-Identifier: GPL-2.0
# Rules: R2 R3 R6
#
# All drivers are built in: they probe at boot, and no module is waited for. CXL
# covers one range, and only a part of another one. Then the driver of its memory
# devices is missing, and it covers nothing.

flavour=builtin
limit=400
stages="firmware all_drivers no_cxl_pci"

firmware()
{
	settle
	create_region decoder0.0 1
	soft_reserve "$region"
	create_region decoder0.1 3
	remember decoded "$(range_of "$region")"
	soft_reserve "$(range "0x${decoded%-*}" 768M)"
}

all_drivers()
{
	owns cxl "$sr0" "CXL owns what its region covers"
	owns hmem "$sr1" "HMEM owns all of what it covers in part"
	expect "CXL's memory comes online" comes_online "$sr0"
	expect "HMEM's memory comes online" comes_online "$sr1"
	expect "CXL's memory holds data" holds_data "$sr0"
	expect "HMEM's memory holds data" holds_data "$decoded"

	soft_reserve "$sr0" "$sr1"
	boot_with initcall_blacklist=cxl_pci_driver_init
}

no_cxl_pci()
{
	owns hmem "$sr0" "HMEM owns the one range"
	owns hmem "$sr1" "HMEM owns the other range"
	expect "memory of the one comes online" comes_online "$sr0"
	expect "memory of the other comes online" comes_online "$sr1"
	expect "memory of the one holds data" holds_data "$sr0"
	expect "memory of the other holds data" holds_data "$decoded"
}
