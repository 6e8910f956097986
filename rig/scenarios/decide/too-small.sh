# SPDX-License-Identifier: GPL-2.0
# Rules: R3
#
# Firmware has marked less than what a dax device can have, at the very start of
# memory. It is refused in one line, and whoever claims something else is not.

firmware()
{
	one_region
	soft_reserve 100000-17ffff
}

claims_beyond() { grep -E 'claim range=[0-9a-f]+-f{12,}' /sys/kernel/debug/dax/regions; }

system()
{
	load
	owns cxl "$sr0"
	expect "its memory comes online" comes_online "$sr0"
	expect "nobody has claimed all addresses" not claims_beyond
	expect "what is too small has no device" [ ! -e /sys/bus/platform/devices/hmem.0 ]
	expect "the log says why" \
		logged "mem 0x00100000-0x0017ffff.* is unowned: it is too small for a dax device"
	expect "in one line" [ "$(logged 0x0017ffff | grep -c hmem)" = 1 ]
}
