# SPDX-License-Identifier: GPL-2.0
# Rules: R4
#
# HMEM is switched off on the kernel command line, by its own parameter and then
# by efi=nosoftreserve. Nobody waits for it: Soft Reserved is in iomem at boot,
# and CXL has what its regions cover, if only half of the range.

stages="firmware no_hmem no_soft_reserve"

firmware()
{
	two_regions
	boot_with device_hmem.disable=1
}

no_hmem()
{
	expect "no HMEM: published at boot" published "$sr0"
	keep_undriven 2
	load
	expect "no HMEM: CXL's memory comes online" comes_online "$first"
	expect "no HMEM: CXL owns what it covers" owned_by cxl "$first"
	expect "no HMEM: its memory holds data" holds_data "$first"
	expect "no HMEM: no hmem device is made" no_hmem_device
	soft_reserve "$sr0"
	boot_with device_hmem.disable=0 efi=nosoftreserve
}

no_hmem_device() { ! compgen -G "/sys/bus/platform/devices/hmem*"; }

# memmap= says that it is Soft Reserved even so: with firmware's own word for it,
# it would be RAM.
no_soft_reserve()
{
	expect "nosoftreserve: published at boot" published "$sr0"
	keep_undriven 2
	load
	expect "nosoftreserve: CXL's memory comes online" comes_online "$first"
	expect "nosoftreserve: CXL owns what it covers" owned_by cxl "$first"
	expect "nosoftreserve: its memory holds data" holds_data "$first"
	expect "nosoftreserve: no hmem device is made" no_hmem_device
}
