# SPDX-License-Identifier: GPL-2.0
# Rules: R5
#
# A device is plugged in while the machine runs, and a region is made over it.
# Nothing about it is Soft Reserved: it is CXL's, as on any kernel.

devices="512M 512M 512M"
qemu_extra=(-object "memory-backend-ram,id=mem4,size=512M,share=on")
stages=system
# Lockdep dislikes how 6.12 hot-plugs any PCI device (and then rests).
known_splat=pciehp_configure_device

system()
{
	load
	assert host "device_add cxl-type3,id=dev4,bus=rp4,volatile-memdev=mem4,sn=4"
	expect "the kernel finds it" wait_for 30 memdev 4
	settle
	create_region decoder0.1 4
	remember range "$(range_of "$region")"
	expect "its memory comes online" comes_online "$range"
	expect "CXL owns all of it" owned_by cxl "$range"
	expect "the memory holds data" holds_data "$range"

	assert offline "$range"
	assert host "device_del dev4"
	expect "it is gone after it is unplugged" wait_for 30 not memdev 4
	expect "with its memory" [ -z "$(dax_over "$range")" ]
}
