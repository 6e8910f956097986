# SPDX-License-Identifier: GPL-2.0
# Rules: R6
#
# Of CXL, what finds windows and ports is built in and has probed at boot. What
# drives memory devices, and HMEM, are modules, loaded in this order or the other.

flavour=mixed
stages="firmware hmem_first hmem_last fallback"

firmware() { two_regions; }

hmem_first()
{
	load dax_hmem dax_cxl cxl_mem cxl_pci
	owns cxl "$sr0" "HMEM first: CXL owns all of the range"
	expect "HMEM first: its memory comes online" comes_online "$sr0"
	soft_reserve "$sr0"
}

hmem_last()
{
	load cxl_pci cxl_mem dax_cxl dax_hmem
	owns cxl "$sr0" "HMEM last: CXL owns all of the range"
	expect "HMEM last: its memory comes online" comes_online "$sr0"
	soft_reserve "$sr0"
}

fallback()
{
	keep_undriven 2
	load dax_hmem dax_cxl cxl_mem cxl_pci
	owns hmem "$sr0" "fallback: HMEM owns all of the range"
	expect "fallback: its memory comes online" comes_online "$sr0"
}
