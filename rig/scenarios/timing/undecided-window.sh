# SPDX-License-Identifier: GPL-2.0
# Rules: R4
#
# All of a window is Soft Reserved, and nobody has asked who owns it: dax_hmem is not
# there, and no region either. The first cxl create-region asks, waits for the answer
# and gets the addresses.

windows="0:512M 1:1G 0,1:2G"

firmware()
{
	load
	soft_reserve "$(part "$(range_of decoder0.0)" 0 512M)"
}

system()
{
	blacklist dax_hmem
	load cxl_acpi cxl_port cxl_pci cxl_mem dax_cxl kmem
	expect "nobody has decided" grep -q 'state=undecided' /sys/kernel/debug/dax/regions
	create_region decoder0.0 1
	expect "the first create-region works" [ "$(range_of "$region")" = "$sr0" ]
	owns cxl "$sr0"
	expect "its memory comes online" comes_online "$sr0"
}
