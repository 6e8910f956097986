# SPDX-License-Identifier: GPL-2.0
# Rules: R7
#
# An idle region over two devices, and on one of these, above it, one of persistent
# memory with a file system. The other device's driver is unbound: what is in the file
# system stays where it is.

stages=system
windows="0,1:2G 1:1G"
devices="512M"
# device 3 is both, on the second bridge
qemu_extra=(-object memory-backend-ram,id=v3,size=256M,share=on
	-object memory-backend-ram,id=p3,size=256M,share=on
	-object memory-backend-ram,id=l3,size=1M,share=on
	-device cxl-type3,id=dev3,bus=rp3,volatile-memdev=v3,persistent-memdev=p3,lsa=l3,sn=3)
mnt=/tmp/mnt

make_fs()
{
	wait_for 20 compgen -G '/sys/bus/nd/devices/region*' || return
	ndctl create-namespace -m fsdax --map=mem -f || return
	wait_for 20 compgen -G '/dev/pmem*' || return
	mkfs.ext2 -q /dev/pmem* && mkdir "$mnt" && mount -t ext2 -o dax /dev/pmem* "$mnt"
}

system()
{
	load cxl_acpi cxl_port cxl_pci cxl_pmem nd_pmem cxl_mem dax_hmem dax_cxl kmem
	size=512M create_region decoder0.0 1 3
	lower=$region
	type=pmem create_region decoder0.1 3
	upper=$region
	expect "a file system can be made in the upper region" make_fs
	assert dd if=/dev/urandom of="$mnt/file" bs=1M count=4
	assert sync
	# the mapping overwrites the first half
	sum=$(tail -c 2M "$mnt/file" | md5sum)
	assert map_dax "$mnt/file" 2M
	decoders=$(hdm)

	expect "while it is mounted, the upper region is not reset" \
		not write 0 "/sys/bus/cxl/devices/$upper/commit"
	assert unbind_from cxl/cxl_mem "$(memdev 1)"
	expect "the other device is unbound: all decoders stay" [ "$(hdm)" = "$decoders" ]
	expect "the log says why" \
		logged "$lower: .* stays committed: .* of $upper has to be reset before"
	expect "what was written through the mapping is still there" still_mapped
	assert umount "$mnt"
	assert mount -t ext2 /dev/pmem* "$mnt"
	expect "and what was in the file system" [ "$(tail -c 2M "$mnt/file" | md5sum)" = "$sum" ]
}
