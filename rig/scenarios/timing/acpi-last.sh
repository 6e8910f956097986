# SPDX-License-Identifier: GPL-2.0
# Rules: R6
#
# Memory devices are found before cxl_acpi is bound, so that they have no root. It has
# them probed again by a work of its own. HMEM's decision, right behind it, waits for that.

firmware() { one_region; }

driven() { compgen -G "/sys/bus/cxl/devices/mem*/driver"; }

system()
{
	assert write 0 /sys/bus/platform/drivers_autoprobe
	assert modprobe -a cxl_port cxl_pci cxl_mem cxl_acpi dax_hmem
	assert write 1 /sys/bus/platform/drivers_autoprobe
	assert wait_for 20 compgen -G "/sys/bus/cxl/devices/mem*"
	expect "no memory device is driven without a root" not driven
	assert bind_to platform/cxl_acpi ACPI0017:00
	assert bind_to platform/hmem_platform hmem_platform.0
	load dax_cxl kmem
	owns cxl "$sr0"
	expect "its memory comes online" comes_online "$sr0"
	expect "the memory holds data" holds_data "$sr0"
	none_deferred
}
