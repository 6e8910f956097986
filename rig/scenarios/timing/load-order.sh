# SPDX-License-Identifier: GPL-2.0
# Rules: R6
#
# Two regions side by side under one Soft Reserved range, one device of which the
# kernel may drive or not. Whoever is loaded first, or all at once: the outcome
# is the same.

stages="firmware hmem_first mem_last parallel parallel_fallback dax_cxl_first"

firmware()
{
	two_regions
	# no timer of the kernel has devices probed again that wait
	boot_with deferred_probe_timeout=0
}

hmem_first()
{
	load dax_hmem kmem dax_cxl cxl_mem cxl_pci cxl_port cxl_acpi
	owns cxl "$sr0" "dax_hmem first: CXL owns all of the range"
	soft_reserve "$sr0"
}

mem_last()
{
	keep_undriven 2
	load cxl_acpi cxl_port cxl_pci dax_hmem kmem dax_cxl cxl_mem
	owns hmem "$sr0" "cxl_mem last: HMEM owns all of the range"
	soft_reserve "$sr0"
}

parallel()
{
	load_at_once
	owns cxl "$sr0" "all at once: CXL owns all of the range"
	soft_reserve "$sr0"
}

parallel_fallback()
{
	keep_undriven 1
	load_at_once
	owns hmem "$sr0" "all at once: HMEM owns all of the range"
	soft_reserve "$sr0"
}

dax_cxl_first()
{
	load dax_cxl kmem cxl_mem cxl_port cxl_acpi cxl_pci
	owns cxl "$sr0" "dax_cxl first: CXL owns all of the range"
}
