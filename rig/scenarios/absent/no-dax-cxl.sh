# SPDX-License-Identifier: GPL-2.0
#
# An administrator has blacklisted dax_cxl: CXL's regions are there, and nobody
# serves them. So they cover nothing, and HMEM owns the range.

firmware() { one_region; boot_with module_blacklist=dax_cxl; }

kernel()
{
	load cxl_acpi cxl_port cxl_pci cxl_mem dax_hmem kmem
	check "the region is there" [ "$(regions)" = region0 ]
	check "HMEM owns the range" wait_for 20 owned_by hmem "$sr0"
	check "its memory comes online" comes_online "$sr0"
	check "it holds data" holds_data "$sr0"
	check "no device is deferred" nothing_deferred
}
