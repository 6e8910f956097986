# SPDX-License-Identifier: GPL-2.0
# Rules: R1 R7
#
# A program has a dax device open, whose driver and whose region are gone: the range
# stays claimed, and the log names the device that is still open. When it is closed,
# the range is free, and nothing keeps the machine from suspending.

stages="firmware system"

firmware() { one_region; }

deep() { grep deep /sys/power/mem_sleep; }
claimed() { grep "claim range=$sr0" /sys/kernel/debug/dax/regions; }

system()
{
	keep_undriven 2 3 4
	load
	assert modprobe device_dax
	owns cxl "$sr0"
	dax=$(dax_over "$sr0")
	assert daxctl reconfigure-device -m devdax "$dax"
	assert open_dax "/dev/$dax"
	decoders=$(hdm)

	expect "destroying the region is refused while it is open" \
		not write region0 /sys/bus/cxl/devices/decoder0.0/delete_region
	expect "its target is not to be taken away" \
		not write "" /sys/bus/cxl/devices/region0/target0
	expect "the region is still bound" [ -e /sys/bus/cxl/devices/region0/driver ]

	assert unbind_from cxl/cxl_region region0
	expect "the region is unbound: its range stays claimed" claimed
	calls still-open "$sr0"
	expect "what it says names the program" \
		grep -E "^/proc/[0-9]+/fd/" <<< "$(find /proc -lname '/dev/dax*' 2> /dev/null)"
	expect "binding it again is refused: it has no dax device" \
		not [ -e /sys/bus/dax/devices/dax0.1 ]
	assert bind_to cxl/cxl_region region0
	expect "the log names the device that is still open" \
		logged "dax_region0: .* refused: dax_region0 has claimed .*, and $dax is still open, close it"
	mem=$(memdev 1)
	assert unbind_from cxl/cxl_mem "$mem"
	expect "the memdev is unbound: decoders stay" [ "$(hdm)" = "$decoders" ]

	assert close_dax
	expect "closed, nobody claims the range" wait_for 10 not claimed
	expect "the machine may suspend" wait_for 10 deep
	assert bind_to cxl/cxl_mem "$mem"
	settle
	owns cxl "$sr0" "CXL owns the range again"
	expect "the region can be destroyed" cxl destroy-region -f region0
	expect "and the machine may still suspend, without any driver" \
		unbind_from cxl/cxl_mem "$mem"
	expect "so it is offered" deep
}
