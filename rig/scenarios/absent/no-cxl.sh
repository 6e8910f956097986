# SPDX-License-Identifier: GPL-2.0
#
# The drivers of CXL are not installed, although there are windows and committed
# decoders. They are found absent, and HMEM owns the range.

firmware() { one_region; }

kernel()
{
	# as if they were not installed
	need mount -t tmpfs tmpfs "/lib/modules/$(uname -r)/kernel/drivers/cxl"
	load dax_hmem kmem
	check "memory of the range comes online" comes_online "$sr0"
	check "HMEM owns all of it" owned_by hmem "$sr0"
	check "cxl_acpi is not loaded" [ ! -e /sys/module/cxl_acpi ]
	check "Soft Reserved is published" \
		in_iomem "$sr0" "Soft Reserved > dax* > System RAM (kmem)"
	check "the memory holds data" holds_data "$sr0"
	check "no device is deferred" nothing_deferred
}
