# SPDX-License-Identifier: GPL-2.0
# Rules: R7
#
# Firmware forgets what CXL's decoders are set up for when the machine suspends to
# RAM. So it does not while HMEM owns memory behind a window, though no driver of
# CXL is bound to the device; HMEM's memory outside of windows does not mind. Nor
# does it when CXL's memory was in use as its driver went.

stages="firmware hmem_owns cxl_owns"

firmware()
{
	one_region
	soft_reserve node1
}

deep() { grep deep /sys/power/mem_sleep; }

hmem_owns()
{
	keep_undriven 1 2 3 4
	expect "suspend to RAM is offered at boot" deep
	load
	owns hmem "$sr0"
	expect "not while HMEM owns memory behind a window" not deep
	expect "nor does writing to state suspend" not write mem /sys/power/state
	assert unbind_hmem "$sr0"
	expect "HMEM has let go: it is offered again" deep
	expect "though HMEM owns what is outside of windows" owned_by hmem "$sr1"
	soft_reserve "$sr0"
}

cxl_owns()
{
	keep_undriven 2 3 4
	load
	owns cxl "$sr0"
	assert comes_online "$sr0"
	assert write_pattern "$sr0"
	assert unbind_from cxl/cxl_mem "$(memdev 1)"
	expect "not while CXL's memory is in use, bound or not" not deep
	expect "what was written is still there" pattern_intact
}
