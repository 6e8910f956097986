# SPDX-License-Identifier: GPL-2.0
# Rules: R7
#
# dax_hmem.region_idle=1: HMEM serves its range only when it is asked to. No dax
# device is made, yet nobody else is given any of it. An administrator makes a
# device of it later, and its memory works.

windows="0:512M 1:1G 0,1:2G"

firmware()
{
	one_region
	boot_with dax_hmem.region_idle=1
}

system()
{
	keep_undriven 1
	load
	expect "the range is published" wait_for 20 published "$sr0"
	expect "HMEM makes no dax device" owned_by none "$sr0"
	expect "a region in the same window is refused" refused_region decoder0.0 2
	expect "only Soft Reserved is in the window" [ "$(iomem_path "$sr0")" = \
		"CXL Window 0 > Soft Reserved" ]
	none_deferred

	assert daxctl create-device
	expect "a device made by hand has all of it" owned_by hmem "$sr0"
	assert daxctl reconfigure-device -N -m system-ram "$(dax_over "$sr0")"
	expect "its memory comes online" comes_online "$sr0"
	expect "the memory holds data" holds_data "$sr0"
	expect "iomem shows window, Soft Reserved, dax device, memory" in_iomem \
		"$sr0" "CXL Window 0 > Soft Reserved > dax* > System RAM (kmem)"
}
