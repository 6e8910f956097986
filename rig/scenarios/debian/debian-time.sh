# SPDX-License-Identifier: GPL-2.0
# Rules: R6
#
# How long Debian takes to boot to its target, where firmware marked what its region
# decodes. The clock counts instructions: the time is that of the kernel and of user
# space, whatever else the host does.

limit=7200 clock=instructions
debian=online_movable

firmware() { one_region; }

system()
{
	patience=3000
	finish_booting
}
