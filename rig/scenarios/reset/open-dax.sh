# SPDX-License-Identifier: GPL-2.0
#
# A program has a dax device open, whose driver and whose region are gone: the range
# stays claimed, and the log names the device that is still open. When it is closed,
# the range is free, and nothing keeps the machine from suspending.

stages="firmware kernel"

firmware() { one_region; }

deep() { grep deep /sys/power/mem_sleep; }
claimed() { grep "claim range=$sr0" /sys/kernel/debug/dax/regions; }

kernel()
{
	keep_undriven 2 3 4
	load
	need modprobe device_dax
	need wait_for 20 owned_by cxl "$sr0"
	dax=$(dax_over "$sr0")
	need daxctl reconfigure-device -m devdax "$dax"
	need open_dax "/dev/$dax"
	decoders=$(hdm)

	check "destroying the region is refused while it is open" \
		not write region0 /sys/bus/cxl/devices/decoder0.0/delete_region
	check "its target is not to be taken away" \
		not write "" /sys/bus/cxl/devices/region0/target0
	check "the region is still bound" [ -e /sys/bus/cxl/devices/region0/driver ]

	need unbind_from cxl/cxl_region region0
	check "the region is unbound: its range stays claimed" claimed
	check "binding it again is refused: it has no dax device" \
		not [ -e /sys/bus/dax/devices/dax0.1 ]
	need bind_to cxl/cxl_region region0
	check "the log names the device that is still open" \
		logged "dax_region0: .* refused: dax_region0 has claimed .*, and $dax is still open, close it"
	mem=$(memdev 1)
	need unbind_from cxl/cxl_mem "$mem"
	check "the memdev is unbound: decoders stay" [ "$(hdm)" = "$decoders" ]

	need close_dax
	check "closed, nobody claims the range" wait_for 10 not claimed
	check "the machine may suspend" wait_for 10 deep
	need bind_to cxl/cxl_mem "$mem"
	settle
	check "CXL owns the range again" wait_for 20 owned_by cxl "$sr0"
	check "the region can be destroyed" cxl destroy-region -f region0
	check "and the machine may still suspend, without any driver" \
		unbind_from cxl/cxl_mem "$mem"
	check "so it is offered" deep
}
