# SPDX-License-Identifier: GPL-2.0
# Rules: R5 R6 R7
#
# A device is plugged in after HMEM was given a range, and a region made over it:
# not from what HMEM owns, but beside it as ever. Another one, driven late, is
# unplugged while HMEM owns the range that it decoded, which nobody uses.

devices="512M 512M 512M"
windows="0:1G 1:512M 1:512M"
qemu_extra=(-object "memory-backend-ram,id=mem4,size=512M,share=on")
# Lockdep dislikes how 6.12 hot-plugs any PCI device (and then rests).
known_splat=pciehp_configure_device

firmware() { two_windows; }

system()
{
	keep_undriven 1 3
	load
	owns hmem "$sr0" "HMEM owns the first range"
	owns hmem "$sr1" "HMEM owns the second, too"
	expect "memory of the second comes online" comes_online "$sr1"
	assert write_pattern "$sr1"

	assert host "device_add cxl-type3,id=dev4,bus=rp4,volatile-memdev=mem4,sn=4"
	expect "the kernel finds a device that is plugged in" \
		wait_for 30 memdev 4
	settle
	expect "it gets no region where HMEM owns" refused_region decoder0.1 4
	create_region decoder0.2 4
	beside=$(range_of "$region")
	owns cxl "$beside" "elsewhere CXL owns its region"
	expect "its memory comes online" comes_online "$beside"
	expect "it holds data" holds_data "$beside"

	let_drive 1
	expect "the device behind the first range is driven late" memdev 1
	expect "its region is there" wait_for 20 region_over "$sr0"
	late=$(region_over "$sr0")
	expect "it gets no place in iomem" \
		in_iomem "$sr0" "CXL Window 0 > Soft Reserved > dax*"
	assert host "device_del dev1"
	expect "it is gone after it is unplugged" wait_for 30 not memdev 1
	expect "with what its region was served by" \
		[ ! -e "/sys/bus/cxl/devices/dax_$late" ]
	expect "HMEM still owns the first range" owned_by hmem "$sr0"
	expect "which is published as before" published "$sr0"
	expect "HMEM still owns the second" owned_by hmem "$sr1"
	expect "which still has its data" pattern_intact

	assert unbind_hmem "$sr0"
	expect "unbound, nobody owns the first range" owned_by none "$sr0"
	expect "it is withdrawn" not published "$sr0"
	expect "the region of the unplugged device has its place back" \
		in_iomem "$sr0" "CXL Window 0 > $late"
}
