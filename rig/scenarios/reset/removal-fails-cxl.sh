# SPDX-License-Identifier: GPL-2.0
#
# CXL owns a range whose memory is online. Its region cannot be torn down from
# under it: what is typed is refused, and where a driver goes all the same, the
# decoders stay committed and the memory keeps what is in it.

stages="firmware refused forced"

firmware()
{
	keep_undriven 2
	one_region
}

own()
{
	keep_undriven 2
	load
	need wait_for 20 owned_by cxl "$sr0"
	need comes_online "$sr0"
	need hold_data "$sr0"
	decoders=$(hdm)
	region0=/sys/bus/cxl/devices/region0
}

refused()
{
	own
	check "commit 0 is refused" not write 0 "$region0/commit"
	check "the log says why" logged "region0: .* is not reset: its memory is online"
	check "its target is not to be taken away" not write "" "$region0/target0"
	check "delete_region is refused" \
		not write region0 /sys/bus/cxl/devices/decoder0.0/delete_region
	check "CXL still owns the range" owned_by cxl "$sr0"
	check "all decoders are as they were" [ "$(hdm)" = "$decoders" ]
	check "what was written is still there" still_holds_data

	need offline "$sr0"
	check "offline, it can be destroyed" cxl destroy-region -f region0
	check "its decoders are reset" [ -z "$(hdm)" ]
	create_region decoder0.0 1
	check "another region gets the range" owned_by cxl "$sr0"
	soft_reserve "$sr0"
}

forced()
{
	own
	need unbind_from cxl/cxl_region region0
	check "region unbound: its claim is held" \
		logged "stays claimed by dax_region0"
	check "commit 0 is refused" not write 0 "$region0/commit"
	check "cxl destroy-region -f is refused" not cxl destroy-region -f region0
	mem=$(memdev 1)
	need unbind_from cxl/cxl_mem "$mem"
	check "memdev unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	need bind_to cxl/cxl_mem "$mem"
	settle
	check "memdev bound again: the region is back" [ "$(regions)" = region0 ]
	check "but not bound: the range is held" \
		[ ! -e /sys/bus/cxl/devices/dax_region0/driver ]
	check "what was written is still there" still_holds_data

	need drive 2
	create_region decoder0.0 2
	need comes_online "$(range_of "$region")"
	decoders=$(hdm)
	need unbind_from cxl/cxl_mem "$(memdev 2)"
	check "a device that its driver switched on is not switched off" \
		[ "$(hdm)" = "$decoders" ]
	check "no device is deferred" nothing_deferred
}
