# SPDX-License-Identifier: GPL-2.0
# Rules: R7
#
# HMEM owns a range that two regions decode, as a third cannot be made. CXL's
# modules are unloaded, in each order that begins with another one, down to its
# core; and the device is removed from the PCI bus. The decoders stay as they are,
# and loaded again, all is as it was.

limit=300

firmware() { two_regions; }

# unload MODULE...: these and, unless dax_hmem uses it, the core; HMEM's memory stays
unload()
{
	local module

	for module; do
		assert unload_module "$module"
	done
	[ -e /sys/module/cxl_core/holders/dax_hmem ] || assert rmmod cxl_core
	[ "$(hdm)" = "$decoders" ] || { diff <(hdm) <(echo "$decoders"); return 1; }
	published "$sr0" && owned_by hmem "$sr0"
}

# load_again MODULE...: the region may have another number
load_again()
{
	local module

	for module; do
		assert modprobe "$module"
	done
	as_before
}

system()
{
	keep_undriven 2
	load
	owns hmem "$sr0"
	assert comes_online "$sr0"
	assert write_pattern "$sr0"
	decoders=$(hdm)
	iomem=$(list_iomem)
	# pmem devices of CXL come by alias, and use its core
	rmmod cxl_pmem 2> /dev/null

	expect "unloaded, cxl_mem first: decoders stay" \
		unload cxl_mem cxl_port cxl_pci cxl_acpi dax_cxl
	expect "loaded, cxl_mem first: as before" \
		load_again cxl_mem cxl_port cxl_pci cxl_acpi dax_cxl
	expect "unloaded, cxl_port first: decoders stay" \
		unload cxl_port cxl_pci cxl_acpi dax_cxl cxl_mem
	expect "loaded, cxl_port first: as before" \
		load_again cxl_port cxl_pci cxl_acpi dax_cxl cxl_mem
	expect "unloaded, cxl_pci first: decoders stay" \
		unload cxl_pci cxl_acpi dax_cxl cxl_mem cxl_port
	expect "loaded, cxl_pci first: as before" \
		load_again cxl_pci cxl_acpi dax_cxl cxl_mem cxl_port
	expect "unloaded, cxl_acpi first: decoders stay" \
		unload cxl_acpi dax_cxl cxl_mem cxl_port cxl_pci
	expect "loaded, cxl_acpi first: as before" \
		load_again cxl_acpi dax_cxl cxl_mem cxl_port cxl_pci
	expect "unloaded, dax_cxl first: decoders stay" \
		unload dax_cxl cxl_mem cxl_port cxl_pci cxl_acpi
	expect "loaded, dax_cxl first: as before" \
		load_again dax_cxl cxl_mem cxl_port cxl_pci cxl_acpi

	assert write 1 "/sys/bus/pci/devices/$(pci_of 1)/remove"
	expect "removed from PCI: HMEM still owns the range" owned_by hmem "$sr0"
	expect "which is published as before" published "$sr0"
	assert write 1 /sys/bus/pci/rescan
	expect "found again: as before" as_before
	expect "what was written is still there" pattern_intact
}
