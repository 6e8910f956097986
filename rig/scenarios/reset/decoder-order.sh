# SPDX-License-Identifier: GPL-2.0
#
# A device has two regions; HMEM owns what is behind the second, and a device
# shares out its capacity in the order of its decoders. To reset the first would
# move what is in the second, so it is not. Another device's region may go: the
# gap that it leaves in the host bridge does no harm. CXL's own regions go in that
# order, too: a program may use the second though its memory is offline.

devices="768M 512M 512M 512M"
windows="0:2G 1:1G 0,1:2G"

firmware()
{
	load
	size=256M create_region decoder0.0 1
	keep below "$(range_of "$region")"
	size=256M create_region decoder0.0 2
	keep beside "$(range_of "$region")"
	size=512M create_region decoder0.0 1
	soft_reserve "$(span "$(range_of "$region")" \
		"$(part "$(range_of "$region")" 512M 256M)")"
}

kernel()
{
	load
	second=$(part "$sr0" 0 512M)
	check "HMEM owns the range" wait_for 20 [ "$(owners "$sr0")" = hmem ]
	check "CXL owns the first region of the device" \
		wait_for 20 owned_by cxl "$below"
	check "CXL owns the region of the other device" \
		wait_for 20 owned_by cxl "$beside"
	check "memory of HMEM comes online" wait_for 20 all_blocks "$second"
	need online "$second"
	need hold_data "$second"
	first=$(region_over "$below")
	decoders=$(hdm)

	check "the first region is not reset" not cxl destroy-region -f "$first"
	check "the log says why" logged "$first: .* decoder.* has to be reset before"
	need cxl enable-region "$first"
	check "the other device's region is destroyed as ever" \
		cxl destroy-region -f "$(region_over "$beside")"
	check "that resets decoders" [ "$(hdm)" != "$decoders" ]

	decoders=$(hdm)
	mem=$(memdev 1)
	need unbind_from cxl/cxl_mem "$mem"
	check "memdev unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	need unbind_from platform/cxl_acpi ACPI0017:00
	check "cxl_acpi unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	need bind_to platform/cxl_acpi ACPI0017:00
	settle
	check "bound again: decoders are as they were" [ "$(hdm)" = "$decoders" ]
	check "CXL owns the first region again" wait_for 20 owned_by cxl "$below"
	check "its memory comes online" comes_online "$below"
	check "its memory holds data" holds_data "$below"
	check "what was written is still there" still_holds_data

	size=256M create_region decoder0.1 3
	first=$region
	size=256M create_region decoder0.1 3
	check "CXL owns another device's second region, offline" \
		wait_for 20 owned_by cxl "$(range_of "$region")"
	need cxl disable-region "$first"
	decoders=$(hdm)
	check "the first is not reset while the second is committed" \
		not write 0 "/sys/bus/cxl/devices/$first/commit"
	check "all decoders are as they were" [ "$(hdm)" = "$decoders" ]
	check "the second is destroyed as ever" cxl destroy-region -f "$region"
	check "and then the first" cxl destroy-region -f "$first"
}
