# SPDX-License-Identifier: GPL-2.0
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
	check "dax_hmem first: CXL owns all of the range" \
		wait_for 20 owned_by cxl "$sr0"
	check "dax_hmem first: no device is deferred" nothing_deferred
	soft_reserve "$sr0"
}

mem_last()
{
	keep_undriven 2
	load cxl_acpi cxl_port cxl_pci dax_hmem kmem dax_cxl cxl_mem
	check "cxl_mem last: HMEM owns all of the range" \
		wait_for 20 owned_by hmem "$sr0"
	check "cxl_mem last: no device is deferred" nothing_deferred
	soft_reserve "$sr0"
}

parallel()
{
	load_at_once
	check "all at once: CXL owns all of the range" \
		wait_for 20 owned_by cxl "$sr0"
	check "all at once: no device is deferred" nothing_deferred
	soft_reserve "$sr0"
}

parallel_fallback()
{
	keep_undriven 1
	load_at_once
	check "all at once: HMEM owns all of the range" \
		wait_for 20 owned_by hmem "$sr0"
	check "all at once, fallback: no device is deferred" nothing_deferred
	soft_reserve "$sr0"
}

dax_cxl_first()
{
	load dax_cxl kmem cxl_mem cxl_port cxl_acpi cxl_pci
	check "dax_cxl first: CXL owns all of the range" \
		wait_for 20 owned_by cxl "$sr0"
	check "dax_cxl first: no device is deferred" nothing_deferred
}
