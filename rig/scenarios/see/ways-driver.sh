# SPDX-License-Identifier: GPL-2.0
# Rules: R8 R12
#
# What softres says can be typed, and leads where it says: a device without a driver gets
# one, be it marked Soft Reserved what it decodes or not; its region is destroyed and made
# anew, disabled, enabled, and left without a driver; its dax device is no memory, and
# memory again.

ours_only=1
limit=600
stages="firmware unmarked short system"

firmware()
{
	load
	create_region decoder0.0 1
	remember all "$(range_of "$region")"
}

# memory of a CXL device that firmware did not mark, and whose region is not there
unmarked()
{
	keep_undriven 1
	load
	leads decoded take-driver "$all"
	expect "CXL owns it" owned_by cxl "$all"
	assert cxl destroy-region -f "$(region_over "$all")"
	create_region decoder0.2 1 3
	remember interleaved "$(range_of "$region")"
}

# or lacks one of its devices
short()
{
	keep_undriven 3
	load
	leads region-short take-driver "$interleaved"
	expect "CXL owns it" owned_by cxl "$interleaved"
	assert cxl destroy-region -f "$(region_over "$interleaved")"
	create_region decoder0.0 1
	soft_reserve "$region"
}

system()
{
	local dax

	keep_undriven 1
	load
	owns hmem "$sr0"
	leads offline online "$sr0"
	leads online hand-over-driver "$sr0"
	leads offline online "$sr0"
	expect "its memory holds data" holds_data "$sr0"
	leads online destroy "$sr0"
	leads destroyed take-new "$sr0"
	expect "CXL owns all of it" owned_by cxl "$sr0"
	leads offline online "$sr0"
	leads online destroy "$sr0"
	decide_afresh
	leads decoders-reset take-new "$sr0"
	expect "CXL owns all of it again" owned_by cxl "$sr0"
	leads offline online "$sr0"
	expect "its memory holds data" holds_data "$sr0"

	assert offline "$sr0"
	assert cxl disable-region "$(region_over "$sr0")"
	leads region-disabled enable "$sr0"
	assert modprobe -r dax_cxl
	leads no-dax-cxl load-dax-cxl "$sr0"
	# a driver that has not bound
	assert modprobe -r dax_cxl
	assert write 0 /sys/bus/cxl/drivers_autoprobe
	assert modprobe dax_cxl
	assert write 1 /sys/bus/cxl/drivers_autoprobe
	leads region-unserved enable "$sr0"

	dax=$(dax_over "$sr0")
	assert daxctl reconfigure-device -m devdax "$dax"
	# daxctl must not mind that the kernel brings memory online by itself, as Debian's does
	assert write online_movable /sys/devices/system/memory/auto_online_blocks
	leads device memory "$sr0"
	assert write offline /sys/devices/system/memory/auto_online_blocks
	assert offline "$sr0"
	assert unbind_from dax/kmem "$dax"
	leads no-dax-driver memory "$sr0"
	leads unused create "$(range $(($(end_of "$sr0") + 1)) 256M)"
	none_deferred
}
