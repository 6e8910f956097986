# SPDX-License-Identifier: GPL-2.0
# Rules: R3 R6
#
# The drivers of CXL are not installed, although there are windows and committed
# decoders. They are found absent, and HMEM owns the range.

firmware() { one_region; }

system()
{
	# as if they were not installed
	assert mount -t tmpfs tmpfs "/lib/modules/$(uname -r)/kernel/drivers/cxl"
	load dax_hmem kmem
	expect "memory of the range comes online" comes_online "$sr0"
	expect "HMEM owns all of it" owned_by hmem "$sr0"
	expect "cxl_acpi is not loaded" [ ! -e /sys/module/cxl_acpi ]
	expect "Soft Reserved is published" \
		in_iomem "$sr0" "Soft Reserved > dax* > System RAM (kmem)"
	expect "the memory holds data" holds_data "$sr0"
}
