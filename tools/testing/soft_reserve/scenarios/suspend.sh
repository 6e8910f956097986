# SPDX-License-Identifier: GPL-2.0
#
# Firmware forgets what CXL's decoders are set up for when the machine suspends to
# RAM. So it does not while HMEM owns memory behind a window, though no driver of
# CXL is bound to the device; HMEM's memory outside of windows does not mind.

firmware()
{
	one_region
	soft_reserve node1
}

deep() { grep deep /sys/power/mem_sleep; }

kernel()
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
}
