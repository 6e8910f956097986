# SPDX-License-Identifier: GPL-2.0
# Rules: R6
#
# Drivers probe asynchronously, so that loading a module does not wait for its
# devices: first those of each module that is loaded, also by the kernel, then all
# that there are. The outcome is the same.
#
# Not cxl_port: in 6.12, cxl_mem fails if an endpoint is not bound at once.

limit=400
stages="firmware modules_cxl modules_hmem all_cxl all_hmem"

firmware() { two_regions; }

# load_async: dax_hmem first, which asks for the others by alias
load_async()
{
	mkdir -p /run/modprobe.d
	# shellcheck disable=SC2086 # a list of words
	printf 'options %s async_probe\n' ${modules/cxl_port/} > /run/modprobe.d/rig.conf
	load dax_hmem kmem dax_cxl cxl_pci cxl_mem cxl_port cxl_acpi
}

modules_cxl()
{
	load_async
	owns cxl "$sr0" "modules: CXL owns all of the range"
	expect "modules: its memory comes online" comes_online "$sr0"
	soft_reserve "$sr0"
}

modules_hmem()
{
	keep_undriven 1
	load_async
	owns hmem "$sr0" "modules, fallback: HMEM owns all of the range"
	expect "modules, fallback: its memory comes online" comes_online "$sr0"
	soft_reserve "$sr0"
	# not the disks, whose order gives them their names
	boot_with 'driver_async_probe=*,cxl_port,virtio-pci,virtio_blk'
}

all_cxl()
{
	load
	owns cxl "$sr0" "all: CXL owns all of the range"
	expect "all: its memory comes online" comes_online "$sr0"
	soft_reserve "$sr0"
}

all_hmem()
{
	keep_undriven 2
	load
	owns hmem "$sr0" "all, fallback: HMEM owns all of the range"
	expect "all, fallback: its memory comes online" comes_online "$sr0"
}
