# SPDX-License-Identifier: GPL-2.0
# Rules: R7
#
# A kernel panics on Debian, with memory that CXL owns in use, and the crash kernel
# writes a dump. It must not use the old kernel's CXL memory, nor reset its decoders.

by_hand=1 limit=4800 stages="firmware system crash" ram=1536M
known_splat="sysrq triggered crash"
debian=online_movable

firmware()
{
	one_region
	boot_with crashkernel=384M iomem=relaxed
}

system()
{
	finish_booting
	owns cxl "$sr0"
	online_by_itself "$sr0"
	expect "a program has data in it" write_pattern "$sr0"
	remember decoders "$(hdm | cksum | cut -d' ' -f1)"
	crash_into crash
}

crash()
{
	wait_for 1200 booted
	expect "the old kernel's memory is there" [ -e /proc/vmcore ]
	expect "no CXL memory is online" [ "$(bytes_online "$sr0")" = 0 ]
	expect "no decoder was reset" [ "$(hdm | cksum | cut -d' ' -f1)" = "$decoders" ]
	expect "a dump is written" makedumpfile -d 31 -l /proc/vmcore /var/tmp/dump
	expect "it has something in it" [ -s /var/tmp/dump ]
}
