# SPDX-License-Identifier: GPL-2.0
# Rules: R2 R3 R8
#
# The kernel's own selftest of who owns Soft Reserved memory passes, on the mock
# topology of cxl_test.

stages=system
devices=
windows=
mocks=1
selftests=dax
ours_only=1	# nothing for compare: no other kernel has this

system()
{
	sh /mnt/selftests/dax/soft_reserved.sh > /tmp/out
	status=$?
	indent < /tmp/out
	expect "no point of it fails" [ $status = 0 ]
	expect "none is skipped" not grep -q SKIP /tmp/out
	expect "all ten are there" [ "$(grep -c '^ok' /tmp/out)" = 10 ]
}
