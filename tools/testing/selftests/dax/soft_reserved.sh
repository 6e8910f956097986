#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Who owns Soft Reserved memory, on the mock topology of cxl_test: CXL if its region
# assembles, else HMEM, and CXL again when HMEM has released it.
#
# cxl_test is not built with the kernel: make M=tools/testing/cxl modules_install.
# There is no memory behind its topology, so nothing is brought online. It is loaded
# and unloaded here, so nothing else may use it.

. "$(dirname "$(readlink -f "$0")")"/../kselftest/ktap_helpers.sh

regions=/sys/kernel/debug/dax/regions
devices=/sys/bus/cxl/devices
drivers=/sys/bus/cxl/drivers
limit=20

# wait_for COMMAND...: until it succeeds, for $limit seconds
wait_for()
{
	tenths=$((limit * 10))
	until "$@"; do
		tenths=$((tenths - 1))
		[ $tenths -gt 0 ] || return 1
		sleep 0.1
	done
}

# check TEXT COMMAND...: a test point
check()
{
	text=$1
	shift
	if wait_for "$@"; then
		ktap_test_pass "$text"
	else
		ktap_test_fail "$text"
		grep -s . $regions | sed 's/^/# /'
	fi
}

not() { ! "$@"; }

# soft_reserved: the range of each piece
soft_reserved() { sed -n 's/^soft-reserved range=\([^ ]*\) .*/\1/p' $regions 2> /dev/null; }
is_marked() { [ -n "$(soft_reserved)" ]; }

# owned_by STATE [KIND]: our piece is in that state, and claimed
owned_by()
{
	grep -qs "^soft-reserved range=$range .* state=$1 " $regions &&
		{ [ $# -lt 2 ] || grep -q "^claim range=$range kind=$2 " $regions; }
}

published() { grep -q "^ *$range : Soft Reserved" /proc/iomem; }
region_published() { grep -q "^ *$range : $region" /proc/iomem; }
exists() { [ -e "$1" ]; }

# find_region: that has our range
find_region()
{
	for path in "$devices"/region*; do
		[ "$(cat "$path/resource" 2> /dev/null)" = "0x${range%-*}" ] || continue
		region=${path##*/}
		return
	done
	return 1
}

# memdev_of DEVICE: of that platform device
memdev_of()
{
	for path in "$devices"/mem*; do
		case $(readlink -f "$path") in
		*/"$1"/*) echo "${path##*/}" ;;
		esac
	done
}

# hmem_device: that has claimed our range
hmem_device() { sed -n "s/^claim range=$range kind=hmem .* owner=\(hmem[^ ]*\)$/\1/p" $regions; }

load()
{
	modprobe cxl_test soft_reserved=1 "$@" || return
	wait_for is_marked || return
	range=$(soft_reserved)
	modprobe -a dax_hmem dax_cxl
}

ktap_print_header

[ "$(id -u)" = 0 ] || { ktap_skip_all "not root"; exit "$KSFT_SKIP"; }
[ -d /sys/kernel/debug/bdi ] || mount -t debugfs none /sys/kernel/debug 2> /dev/null
! is_marked ||
	{ ktap_skip_all "this machine has Soft Reserved memory of its own"; exit "$KSFT_SKIP"; }
modprobe -a cxl_acpi cxl_port cxl_mem cxl_pmem 2> /dev/null
modinfo -F parm cxl_test 2> /dev/null | grep -q ^soft_reserved: ||
	{ ktap_skip_all "no cxl_test, or without DAX_ARBITER_TEST_HOOKS"; exit "$KSFT_SKIP"; }

ktap_set_plan 10
modprobe cxl_mock_mem

load || ktap_print_msg "cxl_test is not loaded"
check "CXL owns a range whose region assembles" owned_by cxl cxl
check "it is not published" not published
modprobe -r cxl_test
check "nothing is left of it" not is_marked

load lost_decoder=4 || ktap_print_msg "cxl_test is not loaded"
check "HMEM owns a range whose region does not assemble" owned_by hmem hmem
check "it is published" published

memdev=$(memdev_of cxl_mem.4)
echo -1 > /sys/module/cxl_test/parameters/lost_decoder
echo "$memdev" > $drivers/cxl_mem/unbind
echo "$memdev" > $drivers/cxl_mem/bind
wait_for find_region
check "the region that is late has a dax region" exists "$devices/dax_$region"
check "which no driver serves" not exists "$devices/dax_$region/driver"

hmem_device > /sys/bus/platform/drivers/hmem/unbind
check "HMEM is unbound: nobody owns the range" owned_by unowned
check "the region is in iomem again" region_published
echo "$region" > $drivers/cxl_region/unbind
echo "$region" > $drivers/cxl_region/bind
check "the region is bound again: CXL owns the range" owned_by cxl cxl
modprobe -r cxl_test

ktap_finished
