# SPDX-License-Identifier: GPL-2.0
# Rules: R5 R7
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

system()
{
	keep_undriven 1
	load cxl_acpi cxl_port cxl_pci cxl_mem dax_cxl kmem
	expect "the range is undecided: not in iomem" not published "$sr0"
	create_region decoder0.0 2
	beside=$(range_of "$region")
	expect "a region made meanwhile lies behind both" \
		[ "$(start_of "$beside")" -gt "$(end_of "$sr1")" ]
	owns cxl "$beside" "CXL owns it"
	expect "its memory comes online" comes_online "$beside"

	load dax_hmem
	owns hmem "$sr0"
	owns hmem "$sr1" "HMEM owns the other one"
	expect "its memory comes online" comes_online "$sr0"
	expect "CXL still owns the region" owned_by cxl "$beside"
	expect "the region holds data" holds_data "$beside"
	expect "the range holds data" holds_data "$sr0"
}
