# SPDX-License-Identifier: GPL-2.0
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
	keep ram "$(range_of "$region")"
	type=pmem create_region decoder0.0 2
	keep pmem "$(range_of "$region")"
	need has_namespace
	need dd if=/dev/urandom of="$(pmem_device)" bs=1M seek=8 count=1 oflag=sync
	keep sum "$(contents)"
	# regions of firmware have no UUID, so that no kernel finds its namespaces
	need ndctl destroy-namespace -f all
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
	check "cxl_pmem first: CXL owns what is volatile" wait_for 20 owned_by cxl "$ram"
	check "its memory comes online" comes_online "$ram"
	check "the persistent part is not memory" [ -z "$(blocks "$pmem")" ]
	check "what is in it survives" survives
	check "no device is deferred" nothing_deferred
	soft_reserve "$sr0"
}

without_pmem()
{
	load
	check "no cxl_pmem: CXL owns what is volatile" wait_for 20 owned_by cxl "$ram"
	check "its memory comes online" comes_online "$ram"
	check "the persistent part has no dax device" owned_by none "$pmem"
	check "debugfs says why" grep -q \
		"range=$pmem .* state=cxl reason=\"region. decodes it, which is persistent\"" \
		/sys/kernel/debug/dax/regions
	need modprobe -a cxl_pmem nd_pmem
	check "what is in it survives" survives
	soft_reserve "$sr0"
}

fallback()
{
	keep_undriven 1
	load
	check "HMEM owns what is volatile" wait_for 20 owned_by hmem "$ram"
	check "its memory comes online" comes_online "$ram"
	check "it is published, and no more" published "$ram"
	check "the persistent part has no dax device" owned_by none "$pmem"
	need modprobe -a cxl_pmem nd_pmem
	check "what is in it survives" survives
	check "the region there cannot be reset while its namespace is enabled" \
		not write 0 "/sys/bus/cxl/devices/$(region_over "$pmem")/commit"
	check "the log says why" logged "a namespace in it is enabled"
	check "and what is in it still survives" survives
}
