# SPDX-License-Identifier: GPL-2.0
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
	check "suspend to RAM is offered at boot" deep
	load
	need wait_for 20 owned_by hmem "$sr0"
	check "not while HMEM owns memory behind a window" not deep
	check "nor does writing to state suspend" not write mem /sys/power/state
	need unbind_hmem "$sr0"
	check "HMEM has let go: it is offered again" deep
	check "though HMEM owns what is outside of windows" owned_by hmem "$sr1"
	soft_reserve "$sr0"
}

cxl_owns()
{
	keep_undriven 2 3 4
	load
	need wait_for 20 owned_by cxl "$sr0"
	need comes_online "$sr0"
	need hold_data "$sr0"
	need unbind_from cxl/cxl_mem "$(memdev 1)"
	check "not while CXL's memory is in use, bound or not" not deep
	check "what was written is still there" still_holds_data
}
