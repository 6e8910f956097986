# SPDX-License-Identifier: GPL-2.0
# Rules: R4 R6
#
# Firmware has set up two regions in one range, and a driver's first probe fails for
# want of memory: cxl_mem's, cxl_acpi's, hmem_platform's. Nobody waits for it, and what
# it would have served is HMEM's, or, without HMEM, CXL's as far as it has regions.
# Then it is the decision that memory is short for: who asks next has it made.

limit=400
devices="512M 512M"
stages="firmware mem acpi platform worker"

firmware() { two_regions; }

# short_in FUNCTION COMMAND...: no memory is to be had in that function
short_in()
{
	failslab_on
	filter require "$1"
	write -1 "$failslab/times"
	write 100 "$failslab/probability"
	"${@:2}"
	write 0 "$failslab/probability"
}

no_driver() { ! compgen -G "/sys/bus/cxl/devices/mem*/driver"; }

mem()
{
	keep_undriven 1 2
	load cxl_acpi cxl_port cxl_pci cxl_mem
	short_in cxl_mem_probe drive 1 2
	expect "cxl_mem: the devices are there, undriven" \
		[ "$(compgen -G '/sys/bus/cxl/devices/mem*' | wc -l)" = 2 ]
	expect "cxl_mem: its probe has failed" no_driver
	assert modprobe -a dax_hmem dax_cxl kmem
	owns hmem "$sr0" "cxl_mem: HMEM owns all of the range"
	expect "cxl_mem: its memory comes online" comes_online "$sr0"
	expect "cxl_mem: the first half holds data" holds_data "$first"
	expect "cxl_mem: the second half holds data" holds_data "$second"
	soft_reserve "$sr0"
}

acpi()
{
	write 0 /sys/bus/platform/drivers_autoprobe
	assert modprobe cxl_acpi
	short_in cxl_acpi_probe write ACPI0017:00 /sys/bus/platform/drivers_probe
	write 1 /sys/bus/platform/drivers_autoprobe
	expect "cxl_acpi: its probe has failed" \
		[ ! -e /sys/bus/platform/drivers/cxl_acpi/ACPI0017:00 ]
	assert modprobe -a cxl_port cxl_pci cxl_mem dax_hmem dax_cxl kmem
	owns hmem "$sr0" "cxl_acpi: HMEM owns all of the range"
	expect "cxl_acpi: its memory comes online" comes_online "$sr0"
	expect "cxl_acpi: the first half holds data" holds_data "$first"
	expect "cxl_acpi: the second half holds data" holds_data "$second"
	soft_reserve "$sr0"
}

platform()
{
	keep_undriven 2
	load cxl_acpi cxl_port cxl_pci cxl_mem
	write 0 /sys/bus/platform/drivers_autoprobe
	assert modprobe dax_hmem
	short_in dax_hmem_platform_probe \
		write hmem_platform.0 /sys/bus/platform/drivers_probe
	write 1 /sys/bus/platform/drivers_autoprobe
	expect "hmem_platform: its probe has failed" \
		[ ! -e /sys/bus/platform/drivers/hmem_platform/hmem_platform.0 ]
	assert modprobe -a dax_cxl kmem
	owns cxl "$first" "hmem_platform: CXL owns what its region covers"
	expect "hmem_platform: that memory comes online" comes_online "$first"
	expect "hmem_platform: it holds data" holds_data "$first"
	none_deferred "hmem_platform: no device is deferred"
	assert bind_to platform/hmem_platform hmem_platform.0
	expect "hmem_platform: bound after all, it takes nothing from CXL" \
		owned_by cxl "$first"
	expect "hmem_platform: that memory is in use as before" holds_data "$first"
	soft_reserve "$sr0"
}

ask_in_vain()
{
	assert modprobe dax_hmem
	assert wait_for 20 logged "no memory to decide who owns Soft Reserved memory"
}

worker()
{
	keep_undriven 2
	load cxl_acpi cxl_port cxl_pci cxl_mem
	short_in decide_work_fn ask_in_vain
	expect "decision: nobody owns the range without it" owned_by none "$sr0"
	expect "decision: the region keeps its place" \
		in_iomem "$first" "CXL Window 0 > region0"
	assert modprobe -a dax_cxl kmem
	owns hmem "$sr0" "decision: when CXL asks, HMEM gets all of the range"
	expect "decision: its memory comes online" comes_online "$sr0"
	expect "decision: the first half holds data" holds_data "$first"
}
