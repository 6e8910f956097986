# SPDX-License-Identifier: GPL-2.0
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
	check "cxl_mem: the devices are there, undriven" \
		[ "$(compgen -G '/sys/bus/cxl/devices/mem*' | wc -l)" = 2 ]
	check "cxl_mem: its probe has failed" no_driver
	need modprobe -a dax_hmem dax_cxl kmem
	check "cxl_mem: HMEM owns all of the range" wait_for 20 owned_by hmem "$sr0"
	check "cxl_mem: its memory comes online" comes_online "$sr0"
	check "cxl_mem: the first half holds data" holds_data "$first"
	check "cxl_mem: the second half holds data" holds_data "$second"
	check "cxl_mem: no device is deferred" nothing_deferred
	soft_reserve "$sr0"
}

acpi()
{
	write 0 /sys/bus/platform/drivers_autoprobe
	need modprobe cxl_acpi
	short_in cxl_acpi_probe write ACPI0017:00 /sys/bus/platform/drivers_probe
	write 1 /sys/bus/platform/drivers_autoprobe
	check "cxl_acpi: its probe has failed" \
		[ ! -e /sys/bus/platform/drivers/cxl_acpi/ACPI0017:00 ]
	need modprobe -a cxl_port cxl_pci cxl_mem dax_hmem dax_cxl kmem
	check "cxl_acpi: HMEM owns all of the range" wait_for 20 owned_by hmem "$sr0"
	check "cxl_acpi: its memory comes online" comes_online "$sr0"
	check "cxl_acpi: the first half holds data" holds_data "$first"
	check "cxl_acpi: the second half holds data" holds_data "$second"
	check "cxl_acpi: no device is deferred" nothing_deferred
	soft_reserve "$sr0"
}

platform()
{
	keep_undriven 2
	load cxl_acpi cxl_port cxl_pci cxl_mem
	write 0 /sys/bus/platform/drivers_autoprobe
	need modprobe dax_hmem
	short_in dax_hmem_platform_probe \
		write hmem_platform.0 /sys/bus/platform/drivers_probe
	write 1 /sys/bus/platform/drivers_autoprobe
	check "hmem_platform: its probe has failed" \
		[ ! -e /sys/bus/platform/drivers/hmem_platform/hmem_platform.0 ]
	need modprobe -a dax_cxl kmem
	check "hmem_platform: CXL owns what its region covers" \
		wait_for 20 owned_by cxl "$first"
	check "hmem_platform: that memory comes online" comes_online "$first"
	check "hmem_platform: it holds data" holds_data "$first"
	check "hmem_platform: no device is deferred" nothing_deferred
	need bind_to platform/hmem_platform hmem_platform.0
	check "hmem_platform: bound after all, it takes nothing from CXL" \
		owned_by cxl "$first"
	check "hmem_platform: that memory is in use as before" holds_data "$first"
	soft_reserve "$sr0"
}

ask_in_vain()
{
	need modprobe dax_hmem
	need wait_for 20 logged "no memory to decide who owns Soft Reserved memory"
}

worker()
{
	keep_undriven 2
	load cxl_acpi cxl_port cxl_pci cxl_mem
	short_in hmem_decide_windowed ask_in_vain
	check "decision: nobody owns the range without it" owned_by none "$sr0"
	check "decision: the region keeps its place" \
		in_iomem "$first" "CXL Window 0 > region0"
	need modprobe -a dax_cxl kmem
	check "decision: when CXL asks, HMEM gets all of the range" \
		wait_for 20 owned_by hmem "$sr0"
	check "decision: its memory comes online" comes_online "$sr0"
	check "decision: the first half holds data" holds_data "$first"
	check "decision: no device is deferred" nothing_deferred
}
