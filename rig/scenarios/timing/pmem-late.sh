# SPDX-License-Identifier: GPL-2.0
# Rules: R4 R5
#
# Firmware made a region of persistent memory, and cxl_pmem is loaded long after the
# region was found. Until then the region is not bound, and nothing waits for it. Then
# it is, and a file system in a namespace of it keeps what is written; also when cxl_pmem
# is unloaded and loaded again.

devices="512M 256M,pmem"
mnt=/tmp/mnt

firmware()
{
	load cxl_acpi cxl_port cxl_pci cxl_pmem cxl_mem
	create_region decoder0.0 1
	soft_reserve "$region"
	type=pmem create_region decoder0.0 2
	remember pmem "$(range_of "$region")"
}

# make_fs: in a namespace over all of the region. What describes its pages is in RAM,
# since TCG cannot have kernel objects in CXL memory.
make_fs()
{
	assert modprobe nd_pmem
	assert wait_for 20 test -e "/sys/bus/nd/devices/$region"
	ndctl create-namespace -m fsdax --map=mem -r "$region" || return
	mkfs.ext2 -q /dev/pmem0 && mkdir "$mnt" && mount -t ext2 /dev/pmem0 "$mnt"
}

has_data()
{
	wait_for 20 mount -t ext2 /dev/pmem0 "$mnt" && cmp pattern "$mnt/pattern"
}

keeps_data()
{
	head -c 256K /dev/urandom > pattern
	cp pattern "$mnt" && umount "$mnt" && has_data
}

bound_to() { [ "$(basename "$(readlink -f "/sys/bus/cxl/devices/$2/driver")")" = "$1" ]; }

system()
{
	keep_undriven 1
	load cxl_acpi cxl_port cxl_pci cxl_mem dax_hmem dax_cxl kmem
	region=$(region_over "$pmem") || fail "there is no region over $pmem"
	expect "without cxl_pmem, the region is not bound" \
		[ ! -e "/sys/bus/cxl/devices/$region/driver" ]
	expect "and no pmem region is left behind" \
		not compgen -G "/sys/bus/cxl/devices/pmem_region*"
	owns hmem "$sr0" "what is undecided is decided all the same"
	none_deferred

	assert modprobe cxl_pmem
	settle
	expect "with cxl_pmem, the region is bound" bound_to cxl_region "$region"
	expect "so is its pmem region" bound_to cxl_pmem_region "pmem_$region"
	expect "iomem has it" in_iomem "$pmem" "CXL Window 0 > Persistent Memory > $region*"
	calls persistent "$pmem"
	expect "a file system can be made in it" make_fs
	expect "ndctl lists its namespace" [ "$(ndctl list | jq -r '.[0].mode')" = fsdax ]
	expect "the file system keeps what is written" keeps_data

	assert umount "$mnt"
	assert ndctl disable-region all
	assert ndctl disable-dimm all
	assert rmmod cxl_pmem
	assert modprobe cxl_pmem
	settle
	expect "with cxl_pmem loaded again, its pmem region is bound" \
		bound_to cxl_pmem_region "pmem_$region"
	expect "and the file system has what was written" has_data
	expect "HMEM owns the range elsewhere" owned_by hmem "$sr0"
}
