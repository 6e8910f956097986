# SPDX-License-Identifier: GPL-2.0
# Rules: R3 R6
#
# An administrator has blacklisted cxl_acpi and cxl_pci. That HMEM comes does not load
# them: they are found absent, and HMEM owns the range.

firmware() { one_region; }

system()
{
	blacklist cxl_acpi cxl_pci
	load dax_hmem kmem
	owns hmem "$sr0"
	expect "cxl_acpi is not loaded" [ ! -e /sys/module/cxl_acpi ]
	expect "cxl_pci is not loaded" [ ! -e /sys/module/cxl_pci ]
	expect "memory of the range comes online" comes_online "$sr0"
	expect "the memory holds data" holds_data "$sr0"
}
