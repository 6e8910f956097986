# SPDX-License-Identifier: GPL-2.0
# Rules: R3 R12
#
# What softres says where HMEM is to serve a range, and its device is not bound, or fails,
# since memory is short: it can be typed, and leads to HMEM, to a region of CXL that was
# disabled, and to a driver.

ours_only=1
limit=600
stages="firmware system driver"

firmware() { two_regions; }

# not_bound: HMEM owns what nobody has claimed, and $device waits for its driver
not_bound()
{
	assert write 0 /sys/bus/platform/drivers_autoprobe
	[ ! -e /sys/bus/platform/drivers/hmem_platform/hmem_platform.0 ] ||
		assert unbind_from platform/hmem_platform hmem_platform.0
	assert bind_to platform/hmem_platform hmem_platform.0
	assert wait_for 20 compgen -G "/sys/bus/platform/devices/hmem.[0-9]*"
	assert write 1 /sys/bus/platform/drivers_autoprobe
	device=$(cd /sys/bus/platform/devices && echo hmem.[0-9]*)
}

# fails RANGE: HMEM fails to claim it, for want of memory, whichever allocation that takes
fails()
{
	local n

	for ((n = 1; n < 50; n++)); do
		not_bound
		write_failing $n "$device" /sys/bus/platform/drivers/hmem/bind
		[ $? != 1 ] || ! is_called hmem-failed "$1" || return 0
	done
	return 1
}

load_unbound()
{
	failslab_on
	load cxl_acpi cxl_port cxl_pci cxl_mem dax_cxl kmem
	assert write 0 /sys/bus/platform/drivers_autoprobe
	assert modprobe dax_hmem
}

system()
{
	keep_undriven 2
	load_unbound
	not_bound
	leads hmem-absent give-back "$sr0"
	expect "HMEM owns it" owned_by hmem "$sr0"

	# else it is given to CXL at once
	assert cxl disable-region region0
	assert fails "$sr0"
	leads hmem-failed give-back "$sr0"
	expect "HMEM owns it after all" owned_by hmem "$sr0"
	assert fails "$sr0"
	leads hmem-failed take "$first"
	expect "CXL owns what its region covers" owned_by cxl "$first"
	soft_reserve "$sr0"
}

driver()
{
	keep_undriven 1 2
	load_unbound
	assert fails "$sr0"
	leads hmem-failed take-driver "$sr0"
	expect "CXL owns all of it" owned_by cxl "$sr0"
}
