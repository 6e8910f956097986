# SPDX-License-Identifier: GPL-2.0
# Rules: R2 R3 R5 R8
#
# Who owns CXL memory that firmware set up? Three flows, told step by step, with
# a map after each; `make demo` shows it.

windows="0:1G 1:512M 0,1:2G"	# device 3 fills window 1
limit=240

firmware()
{
	tell "== The machine" \
		"Four CXL memory devices of 512M. Devices 1 and 2 can be reached through" \
		"window 0, devices 3 and 4 through window 1, all through window 2." \
		"Firmware, played by a first kernel, programs the hardware so that device 1 and" \
		"device 3 decode 512M each, and marks both ranges Soft Reserved."
	two_windows
	tell "" "The kernel under test starts, by kexec: decoders stay as they are."
}

boot_flow()
{
	tell "== (a) Boot" \
		"Device 3 is broken, in that no driver can drive it; its memory works." "" \
		"Before: drivers are not loaded yet. Nobody has the memory." ""
	keep_undriven 3
	map

	load
	tell "After: the drivers of CXL and HMEM are loaded, the kernel has decided." \
		"CXL can drive device 1. Nobody but HMEM can serve device 3's memory." ""
	expect "all 512M of device 1 come online" comes_online "$sr0"
	expect "all 512M of device 3 come online" comes_online "$sr1"
	expect "CXL owns the memory of device 1" owned_by cxl "$sr0"
	expect "HMEM owns the memory of device 3" owned_by hmem "$sr1"
	expect "iomem says the same of device 1" in_iomem "$sr0" \
		"CXL Window 0 > region* > dax* > System RAM (kmem)"
	expect "iomem says the same of device 3" in_iomem "$sr1" \
		"CXL Window 1 > Soft Reserved > dax* > System RAM (kmem)"
	expect "memory of device 1 holds data" holds_data "$sr0"
	expect "memory of device 3 holds data" holds_data "$sr1"
	none_deferred "no device waits for a driver"
	map
}

create_flow()
{
	local added

	tell "== (b) cxl create-region" \
		"Before: as above. A program keeps data in HMEM's memory all the time." "" \
		"Firmware did not care for device 2, so: cxl create-region -d decoder0.0"
	assert write_pattern "$sr1"
	create_region decoder0.0 2
	added=$(range_of "$region")
	tell "After: CXL has $region for device 2, beside device 1's." ""
	expect "all 512M of device 2 come online" comes_online "$added"
	expect "CXL owns the memory of device 2" owned_by cxl "$added"
	expect "memory of device 2 holds data" holds_data "$added"
	expect "CXL still owns the memory of device 1" owned_by cxl "$sr0"
	expect "HMEM still owns the memory of device 3" owned_by hmem "$sr1"
	map

	tell "Window 1 is full: HMEM has all of it. A region for device 4 must be refused," \
		"and not by taking HMEM's memory: cxl create-region -d decoder0.1" ""
	expect "a region for device 4 is refused: out of range" \
		refused_region decoder0.1 4
	expect "HMEM still owns the memory of device 3" owned_by hmem "$sr1"
	expect "all of it is still online" all_online "$sr1"
	expect "the program's data is still there" pattern_intact
	map
}

reclaim_flow()
{
	local hmem

	hmem=$(hmem_of "$sr1")
	tell "== (c) Unbind HMEM, reclaim for CXL" \
		"Before: as above. The memory of device 3 goes offline, then" \
		"echo $hmem > /sys/bus/platform/drivers/hmem/unbind"
	assert offline "$sr1"
	assert unbind_hmem "$sr1"
	tell "After: HMEM has let go. Nobody owns the memory." ""
	expect "no dax device is left" owned_by none "$sr1"
	expect "Soft Reserved has left iomem" not published "$sr1"
	expect "CXL's memory is still online" all_online "$sr0"
	map

	tell "Device 3 is repaired: its driver may bind now."
	assert let_drive 3
	hand_over
	tell "After: CXL has the very same addresses that HMEM had." ""
	expect "all 512M of device 3 come online" comes_online "$sr1"
	expect "CXL owns the memory of device 3" owned_by cxl "$sr1"
	expect "iomem says the same" in_iomem "$sr1" \
		"CXL Window 1 > region* > dax* > System RAM (kmem)"
	expect "memory of device 3 holds data" holds_data "$sr1"
	expect "Soft Reserved stays out of iomem" not published "$sr1"
	none_deferred "no device waits for a driver"
	map
}

# Decoders are still committed, so a region assembles as soon as the device is
# driven. It may be bound, or wait to be enabled by hand.
hand_over()
{
	local r

	assert wait_for 20 region_over "$sr1"
	r=$(region_over "$sr1")
	if wait_for 5 owned_by cxl "$sr1"; then
		tell "Its decoders were still committed: $r assembled by itself, and CXL took over."
		return
	fi
	tell "Its decoders were still committed: $r assembled by itself, but nothing took" \
		"it over, so: cxl disable-region $r; cxl enable-region $r"
	assert cxl disable-region "$r"
	assert cxl enable-region "$r"
}

system()
{
	boot_flow
	create_flow
	reclaim_flow
}
