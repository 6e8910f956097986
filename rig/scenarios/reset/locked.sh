# SPDX-License-Identifier: GPL-2.0
#
# Firmware has locked the decoders of a region: they are never reset, neither on
# request nor because a driver goes.

firmware()
{
	load
	create_region decoder0.0 1
	need hdm lock
	soft_reserve "$region"
}

kernel()
{
	load
	check "CXL owns the range" wait_for 20 owned_by cxl "$sr0"
	decoders=$(hdm)
	check "its decoders are locked" grep -q locked <<< "$decoders"
	check "commit 0 is refused" not write 0 /sys/bus/cxl/devices/region0/commit
	check "the log says why" logged "region0: .* is not reset: decoder.* is locked"
	check "cxl destroy-region is refused" not cxl destroy-region -f region0

	mem=$(memdev 1)
	need unbind_from cxl/cxl_mem "$mem"
	check "memdev unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	need bind_to cxl/cxl_mem "$mem"
	check "memdev bound again: CXL owns the range" \
		wait_for 20 owned_by cxl "$sr0"
	check "its memory comes online" comes_online "$sr0"
	check "the memory holds data" holds_data "$sr0"

	# what else is there keeps the machine awake as long as it is bound
	need offline "$sr0"
	for mem in /sys/bus/cxl/drivers/cxl_mem/mem*; do
		need unbind_from cxl/cxl_mem "${mem##*/}"
	done
	need unbind_from platform/cxl_acpi ACPI0017:00
	check "its region is gone, and nothing keeps the machine awake" \
		grep deep /sys/power/mem_sleep
}
