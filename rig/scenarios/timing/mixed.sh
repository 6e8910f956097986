# SPDX-License-Identifier: GPL-2.0
#
# Of CXL, what finds windows and ports is built in and has probed at boot. What
# drives memory devices, and HMEM, are modules, loaded in this order or the other.

kernel=mixed
stages="firmware hmem_first hmem_last fallback"

firmware() { two_regions; }

hmem_first()
{
	load dax_hmem dax_cxl cxl_mem cxl_pci
	check "HMEM first: CXL owns all of the range" \
		wait_for 20 owned_by cxl "$sr0"
	check "HMEM first: its memory comes online" comes_online "$sr0"
	check "HMEM first: no device is deferred" nothing_deferred
	soft_reserve "$sr0"
}

hmem_last()
{
	load cxl_pci cxl_mem dax_cxl dax_hmem
	check "HMEM last: CXL owns all of the range" \
		wait_for 20 owned_by cxl "$sr0"
	check "HMEM last: its memory comes online" comes_online "$sr0"
	check "HMEM last: no device is deferred" nothing_deferred
	soft_reserve "$sr0"
}

fallback()
{
	keep_undriven 2
	load dax_hmem dax_cxl cxl_mem cxl_pci
	check "fallback: HMEM owns all of the range" \
		wait_for 20 owned_by hmem "$sr0"
	check "fallback: its memory comes online" comes_online "$sr0"
	check "fallback: no device is deferred" nothing_deferred
}
