# SPDX-License-Identifier: GPL-2.0
# Rules: R12
#
# The first question of whoever misses memory, on any kernel: is it this problem? CXL can
# drive one of two devices. softres says "lost" where a kernel leaves memory to nobody,
# and only there.

firmware() { two_regions; }

# says_lost: it is in the second line, and the status is that of memory without an owner
says_lost()
{
	softres | sed -n 2p
	softres | sed -n 2p | grep -q "is lost" || return
	softres --check
	[ $? = 2 ]
}

system()
{
	keep_undriven 2
	load
	owns hmem "$sr0" "HMEM owns the range" || {
		expect "softres says that memory is lost" says_lost
		return
	}
	expect "softres does not say that memory is lost" not says_lost
	assert comes_online "$sr0"
	expect "all has an owner and is online" softres --check
}
