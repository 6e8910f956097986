# SPDX-License-Identifier: GPL-2.0
# Rules: R2
#
# An administrator has blacklisted dax_cxl: CXL's regions are there, and nobody
# serves them. So they cover nothing, and HMEM owns the range.

firmware() { one_region; boot_with module_blacklist=dax_cxl; }

system()
{
	load cxl_acpi cxl_port cxl_pci cxl_mem dax_hmem kmem
	expect "the region is there" [ "$(regions)" = region0 ]
	owns hmem "$sr0"
	expect "its memory comes online" comes_online "$sr0"
	expect "it holds data" holds_data "$sr0"
}
