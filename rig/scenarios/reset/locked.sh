# SPDX-License-Identifier: GPL-2.0
# Rules: R7
#
# Firmware has locked the decoders of a region: they are never reset, neither on
# request nor because a driver goes.

firmware()
{
	load
	create_region decoder0.0 1
	assert hdm lock
	soft_reserve "$region"
}

system()
{
	load
	owns cxl "$sr0"
	decoders=$(hdm)
	expect "its decoders are locked" grep -q locked <<< "$decoders"
	expect "commit 0 is refused" not write 0 /sys/bus/cxl/devices/region0/commit
	expect "the log says why" logged "region0: .* is not reset: .* is locked"
	expect "cxl destroy-region is refused" not cxl destroy-region -f region0

	mem=$(memdev 1)
	assert unbind_from cxl/cxl_mem "$mem"
	expect "memdev unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	assert bind_to cxl/cxl_mem "$mem"
	owns cxl "$sr0" "memdev bound again: CXL owns the range"
	expect "its memory comes online" comes_online "$sr0"
	expect "the memory holds data" holds_data "$sr0"

	# what else is there keeps the machine awake as long as it is bound
	assert offline "$sr0"
	for mem in /sys/bus/cxl/drivers/cxl_mem/mem*; do
		assert unbind_from cxl/cxl_mem "${mem##*/}"
	done
	assert unbind_from platform/cxl_acpi ACPI0017:00
	expect "its region is gone, and nothing keeps the machine awake" \
		grep deep /sys/power/mem_sleep
}
