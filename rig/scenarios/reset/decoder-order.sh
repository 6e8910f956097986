# SPDX-License-Identifier: GPL-2.0
# Rules: R5 R7
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
	remember below "$(range_of "$region")"
	size=256M create_region decoder0.0 2
	remember beside "$(range_of "$region")"
	size=512M create_region decoder0.0 1
	soft_reserve "$(span "$(range_of "$region")" \
		"$(part "$(range_of "$region")" 512M 256M)")"
}

system()
{
	load
	second=$(part "$sr0" 0 512M)
	expect "HMEM owns the range" wait_for 20 [ "$(owners "$sr0")" = hmem ]
	owns cxl "$below" "CXL owns the first region of the device"
	owns cxl "$beside" "CXL owns the region of the other device"
	expect "memory of HMEM comes online" wait_for 20 all_blocks "$second"
	assert online "$second"
	assert write_pattern "$second"
	first=$(region_over "$below")
	decoders=$(hdm)

	expect "the first region is not reset" not cxl destroy-region -f "$first"
	expect "the log says why" logged "$first: .* decoder.* has to be reset before"
	expect "and no decoder is touched" [ "$(hdm)" = "$decoders" ]
	assert cxl enable-region "$first"
	expect "the other device's region is destroyed as ever" \
		cxl destroy-region -f "$(region_over "$beside")"
	expect "that resets decoders" [ "$(hdm)" != "$decoders" ]

	decoders=$(hdm)
	mem=$(memdev 1)
	assert unbind_from cxl/cxl_mem "$mem"
	expect "memdev unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	assert unbind_from platform/cxl_acpi ACPI0017:00
	expect "cxl_acpi unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	assert bind_to platform/cxl_acpi ACPI0017:00
	expect "bound again: CXL has probed" wait_for 20 probed
	settle
	expect "bound again: decoders are as they were" [ "$(hdm)" = "$decoders" ]
	owns cxl "$below" "CXL owns the first region again"
	expect "its memory comes online" comes_online "$below"
	expect "its memory holds data" holds_data "$below"
	expect "what was written is still there" pattern_intact

	size=256M create_region decoder0.1 3
	first=$region
	size=256M create_region decoder0.1 3
	owns cxl "$(range_of "$region")" \
		"CXL owns another device's second region, offline"
	assert cxl disable-region "$first"
	decoders=$(hdm)
	expect "the first is not reset while the second is committed" \
		not write 0 "/sys/bus/cxl/devices/$first/commit"
	expect "all decoders are as they were" [ "$(hdm)" = "$decoders" ]
	expect "the second is destroyed as ever" cxl destroy-region -f "$region"
	expect "and then the first" cxl destroy-region -f "$first"
}
