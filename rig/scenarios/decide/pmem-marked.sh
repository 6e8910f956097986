# SPDX-License-Identifier: GPL-2.0
# Rules: R2 R3 R7
#
# Firmware marks 768M Soft Reserved, the last 256M of which is persistent memory. That
# never becomes System RAM, whether cxl_pmem is there in time or not, and what is in
# it survives. The rest of the range is served: by CXL if its region covers it, else
# by HMEM.

devices="512M 256M,pmem"
stages="firmware with_pmem without_pmem fallback"

firmware()
{
	# shellcheck disable=SC2086 # a list of words
	load $modules cxl_pmem nd_pmem
	create_region decoder0.0 1
	remember ram "$(range_of "$region")"
	type=pmem create_region decoder0.0 2
	remember pmem "$(range_of "$region")"
	assert has_namespace
	assert dd if=/dev/urandom of="$(pmem_device)" bs=1M seek=8 count=1 oflag=sync
	remember sum "$(contents)"
	# regions of firmware have no UUID, so that no kernel finds its namespaces
	assert ndctl destroy-namespace -f all
	soft_reserve "$(span "$ram" "$pmem")"
}

pmem_device() { compgen -G '/dev/pmem*'; }

contents() { dd if="$(pmem_device)" bs=1M skip=8 count=1 2> /dev/null | md5sum | cut -c1-32; }

# has_namespace: over all of the persistent region, where its block device has
# everything at the same place as before
has_namespace()
{
	wait_for 20 compgen -G '/sys/bus/nd/devices/region*' || return
	pmem_device || ndctl create-namespace -m raw -f || return
	wait_for 20 pmem_device
}

# survives: what firmware's kernel wrote is still there
survives() { has_namespace && echo "$(contents), was $sum" && [ "$(contents)" = "$sum" ]; }

with_pmem()
{
	load cxl_acpi cxl_port cxl_pci cxl_pmem nd_pmem cxl_mem dax_hmem dax_cxl kmem
	owns cxl "$ram" "cxl_pmem first: CXL owns what is volatile"
	expect "its memory comes online" comes_online "$ram"
	expect "the persistent part is not memory" [ -z "$(blocks "$pmem")" ]
	expect "what is in it survives" survives
	soft_reserve "$sr0"
}

without_pmem()
{
	load
	owns cxl "$ram" "no cxl_pmem: CXL owns what is volatile"
	expect "its memory comes online" comes_online "$ram"
	expect "the persistent part has no dax device" owned_by none "$pmem"
	expect "debugfs says why" grep -q \
		"range=$pmem .* state=cxl reason=\"region. decodes it, which is persistent\"" \
		/sys/kernel/debug/dax/regions
	assert modprobe -a cxl_pmem nd_pmem
	expect "what is in it survives" survives
	soft_reserve "$sr0"
}

fallback()
{
	keep_undriven 1
	load
	owns hmem "$ram" "HMEM owns what is volatile"
	expect "its memory comes online" comes_online "$ram"
	expect "it is published, and no more" published "$ram"
	expect "the persistent part has no dax device" owned_by none "$pmem"
	assert modprobe -a cxl_pmem nd_pmem
	expect "what is in it survives" survives
	expect "the region there cannot be reset while its namespace is enabled" \
		not write 0 "/sys/bus/cxl/devices/$(region_over "$pmem")/commit"
	expect "the log says why" logged "a namespace in it is enabled"
	expect "and what is in it still survives" survives
}
