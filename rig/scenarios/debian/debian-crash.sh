# SPDX-License-Identifier: GPL-2.0
# Rules: R13
#
# The kernel panics on Debian, with memory that CXL owns in use. udev loads CXL's drivers
# in the crash kernel, too. It does not use that memory, resets no decoder, and
# writes a dump.

limit=4800 stages="firmware system crash" ram=1536M
debian=online_movable

firmware()
{
	one_region
	# hdm reads registers that drivers have
	boot_with crashkernel=512M iomem=relaxed
}

system()
{
	boots_with cxl "$sr0"
	expect "a program has data in it" write_pattern "$sr0"
	remember decoders "$(hdm | cksum | cut -d' ' -f1)"
	remember page "$(written_at)"
	crash_into crash
}

crash()
{
	expect "the crash kernel comes up" wait_for 1200 booted
	owns cxl "$sr0" "its drivers find the region"
	expect "the memory is not added" [ -z "$(blocks "$sr0")" ]
	expect "no decoder was reset" [ "$(hdm | cksum | cut -d' ' -f1)" = "$decoders" ]
	expect "the dump has what was written" dump_has "$page"
	expect "a dump is written" makedumpfile -d 31 -l /proc/vmcore /var/tmp/dump
	expect "it has something in it" [ -s /var/tmp/dump ]
}
