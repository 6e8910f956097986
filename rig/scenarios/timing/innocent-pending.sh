# SPDX-License-Identifier: GPL-2.0
#
# A region is made for a device that firmware ignored while it is undecided who
# owns the Soft Reserved ranges beside it, one of which nothing decodes. It is
# served at once, and the decision does not touch it.

windows="0:2G 1:1G 0,1:2G"

firmware()
{
	one_region
	soft_reserve "$(part "$(range_of decoder0.0)" 768M 256M)"
}

kernel()
{
	keep_undriven 1
	load cxl_acpi cxl_port cxl_pci cxl_mem dax_cxl kmem
	check "the range is undecided: not in iomem" not published "$sr0"
	create_region decoder0.0 2
	beside=$(range_of "$region")
	check "a region made meanwhile lies behind both" \
		[ "$(start_of "$beside")" -gt "$(end_of "$sr1")" ]
	check "CXL owns it" wait_for 20 owned_by cxl "$beside"
	check "its memory comes online" comes_online "$beside"

	load dax_hmem
	check "HMEM owns the range" wait_for 20 owned_by hmem "$sr0"
	check "HMEM owns the other one" wait_for 20 owned_by hmem "$sr1"
	check "its memory comes online" comes_online "$sr0"
	check "CXL still owns the region" owned_by cxl "$beside"
	check "the region holds data" holds_data "$beside"
	check "the range holds data" holds_data "$sr0"
	check "no device is deferred" nothing_deferred
}
