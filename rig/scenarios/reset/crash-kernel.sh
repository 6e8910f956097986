# SPDX-License-Identifier: GPL-2.0
# Rules: R13
#
# The kernel panics while memory that CXL owns is in use. The crash kernel finds its
# region, but does not use the memory, which is to be dumped, and never resets decoders.

stages="firmware system crash"

firmware()
{
	one_region
	boot_with crashkernel=256M
}

system()
{
	load
	owns cxl "$sr0"
	expect "its memory comes online" comes_online "$sr0"
	expect "a program has data in it" write_pattern "$sr0"
	remember decoders "$(hdm | cksum | cut -d' ' -f1)"
	remember page "$(written_at)"
	crash_into crash
}

crash()
{
	load
	owns cxl "$sr0" "the crash kernel finds its region"
	expect "its memory is not added" [ -z "$(blocks "$sr0")" ]
	expect "the log says why" logged "dax0.0: not added as System RAM"
	expect "the dump has what was written" dump_has "$page"
	expect "no decoder was reset" decoders_as_before

	assert unbind_from cxl/cxl_mem "$(memdev 1)"
	expect "memdev unbound: decoders stay" decoders_as_before
	expect "memdev unbound: the dump has what was written" dump_has "$page"
}

decoders_as_before()
{
	hdm
	[ "$(hdm | cksum | cut -d' ' -f1)" = "$decoders" ]
}
