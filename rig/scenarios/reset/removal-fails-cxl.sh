# SPDX-License-Identifier: GPL-2.0
# Rules: R1 R7 R8
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
	owns cxl "$sr0"
	assert comes_online "$sr0"
	assert write_pattern "$sr0"
	decoders=$(hdm)
	region0=/sys/bus/cxl/devices/region0
}

refused()
{
	own
	expect "commit 0 is refused" not write 0 "$region0/commit"
	expect "the log says why" logged "region0: .* is not reset: its memory is online"
	expect "its target is not to be taken away" not write "" "$region0/target0"
	expect "delete_region is refused" \
		not write region0 /sys/bus/cxl/devices/decoder0.0/delete_region
	expect "CXL still owns the range" owned_by cxl "$sr0"
	expect "all decoders are as they were" [ "$(hdm)" = "$decoders" ]
	expect "what was written is still there" pattern_intact

	assert offline "$sr0"
	expect "offline, it can be destroyed" cxl destroy-region -f region0
	expect "its decoders are reset" [ -z "$(hdm)" ]
	create_region decoder0.0 1
	expect "another region gets the range" owned_by cxl "$sr0"
	soft_reserve "$sr0"
}

forced()
{
	own
	assert unbind_from cxl/cxl_region region0
	expect "region unbound: its claim is held" \
		logged "stays claimed by dax_region0|dax_region0: .* stays claimed"
	expect "commit 0 is refused" not write 0 "$region0/commit"
	expect "cxl destroy-region -f is refused" not cxl destroy-region -f region0
	mem=$(memdev 1)
	assert unbind_from cxl/cxl_mem "$mem"
	expect "memdev unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	assert bind_to cxl/cxl_mem "$mem"
	settle
	expect "memdev bound again: the region is back" [ "$(regions)" = region0 ]
	expect "but not bound: the range is held" \
		[ ! -e /sys/bus/cxl/devices/dax_region0/driver ]
	expect "what was written is still there" pattern_intact

	assert drive 2
	create_region decoder0.0 2
	assert comes_online "$(range_of "$region")"
	decoders=$(hdm)
	assert unbind_from cxl/cxl_mem "$(memdev 2)"
	expect "a device that its driver switched on is not switched off" \
		[ "$(hdm)" = "$decoders" ]
}
