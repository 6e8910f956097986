# SPDX-License-Identifier: GPL-2.0
# Rules: R7
#
# A Soft Reserved range begins right behind RAM whose end is not aligned to 64M. What
# keeps drivers off the addresses behind RAM leaves out the range: a program can map all
# of its memory.

firmware()
{
	node=$(range_of node1)
	soft_reserve "$(part "$node" 32M 224M)"
}

# becomes_devdax DEVICE: device_dax drives it
becomes_devdax()
{
	write "$1" /sys/bus/dax/drivers/device_dax/new_id
	[ -e "/sys/bus/dax/drivers/device_dax/$1" ]
}

system()
{
	assert [ "$(iomem_path "$(part "$sr0" 0 4K)")" != "System RAM" ]
	load dax_hmem
	assert modprobe device_dax
	owns hmem "$sr0"
	dax=$(dax_over "$sr0")
	expect "a program can have it: device_dax binds" becomes_devdax "$dax"
	expect "nobody else has its first page" \
		in_iomem "$(part "$sr0" 0 4K)" "*$dax"
	expect "its first memory can be mapped, and holds data" map_dax "/dev/$dax" 2M
	expect "what was written is there" still_mapped
}
