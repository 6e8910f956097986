# SPDX-License-Identifier: GPL-2.0
# Rules: R2 R12
#
# As a kernel that Secure Boot has started: lockdown=integrity. Modules are signed, so
# that they load; who owns what can still be read, and softres draws it.

debian=online_movable

firmware()
{
	one_region
	boot_with lockdown=integrity
}

system()
{
	finish_booting
	expect "the kernel is locked down" grep -qF '[integrity]' /sys/kernel/security/lockdown
	owns cxl "$sr0"
	online_by_itself "$sr0"
	expect "debugfs tells who has claimed it" grep -q "kind=cxl" /sys/kernel/debug/dax/regions
	expect "softres draws it" softres --brief
}
