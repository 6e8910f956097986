# SPDX-License-Identifier: GPL-2.0
# Rules: R7
#
# dax_hmem is not there yet, and the device that firmware's decoders map to a Soft
# Reserved range is not driven. A region that is made by hand is not given these
# addresses. HMEM gets them when it comes.

windows="0:1G 1:1G 0,1:2G"

firmware() { size=256M one_region; }

system()
{
	blacklist dax_hmem
	keep_undriven 1
	load cxl_acpi cxl_port cxl_pci cxl_mem kmem
	size=256M create_region decoder0.0 2
	new=$(range_of "$region")
	expect "the new region keeps off the Soft Reserved range" \
		[ "$(start_of "$new")" -gt "$(end_of "$sr0")" ]
	load dax_hmem dax_cxl
	owns hmem "$sr0" "HMEM gets its range"
	owns cxl "$new" "CXL has the new one"
	expect "memory of HMEM's comes online" comes_online "$sr0"
	expect "and holds data" holds_data "$sr0"
}
