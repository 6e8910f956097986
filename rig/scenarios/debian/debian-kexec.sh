# SPDX-License-Identifier: GPL-2.0
# Rules: R2 R7
#
# "systemctl kexec" on Debian, while memory that CXL owns is in use: the decoders stay,
# and the next kernel finds and serves it as the first one has.

limit=4800 stages="firmware system again"
debian=online_movable

firmware() { one_region; }

system()
{
	boots_with cxl "$sr0"
	expect "a program has data in it" write_pattern "$sr0"
	soft_reserve "$sr0"
}

again()
{
	boots_with cxl "$sr0"
	expect "the memory holds data" holds_data "$sr0"
}
