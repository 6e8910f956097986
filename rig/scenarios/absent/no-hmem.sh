# SPDX-License-Identifier: GPL-2.0
# Rules: R4 R6
#
# An administrator has blacklisted dax_hmem: no HMEM driver can serve. So nobody
# waits for one, and CXL has what its regions cover, if only half of the range.

firmware()
{
	two_regions
	# no timer of the kernel has devices probed again that wait
	boot_with deferred_probe_timeout=0
}

system()
{
	blacklist dax_hmem
	keep_undriven 2
	load cxl_acpi cxl_port cxl_pci cxl_mem dax_cxl kmem
	owns cxl "$first" "CXL owns what it covers"
	expect "its memory comes online" comes_online "$first"
	expect "nothing of the rest is published" not published "$sr0"
	none_deferred
	expect "dax_hmem is not loaded" [ ! -e /sys/module/dax_hmem ]

	assert modprobe dax_hmem
	expect "loaded after all, it takes nothing from CXL" \
		owned_by cxl "$first"
}
