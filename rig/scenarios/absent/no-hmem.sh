# SPDX-License-Identifier: GPL-2.0
#
# An administrator has blacklisted dax_hmem: no HMEM driver can serve. So nobody
# waits for one, and CXL has what its regions cover, if only half of the range.

firmware() { two_regions; }

kernel()
{
	blacklist dax_hmem
	keep_undriven 2
	load cxl_acpi cxl_port cxl_pci cxl_mem dax_cxl kmem
	check "CXL owns what it covers" wait_for 20 owned_by cxl "$first"
	check "its memory comes online" comes_online "$first"
	check "nothing of the rest is published" not published "$sr0"
	check "no device is deferred" nothing_deferred
	check "dax_hmem is not loaded" [ ! -e /sys/module/dax_hmem ]

	need modprobe dax_hmem
	check "loaded after all, it takes nothing from CXL" \
		owned_by cxl "$first"
	check "and serves the rest" wait_for 20 owned_by hmem "$second"
}
