# SPDX-License-Identifier: GPL-2.0
#
# HMEM owns a range that two regions decode, as a third cannot be made. CXL's
# modules are unloaded, in each order that begins with another one, down to its
# core; and the device is removed from the PCI bus. The decoders stay as they are,
# and loaded again, all is as it was.

limit=300

firmware() { two_regions; }

# unload MODULE...: these and the core; HMEM's memory stays
unload()
{
	local module

	for module; do
		need rmmod "$module"
	done
	need rmmod cxl_core
	[ "$(hdm)" = "$decoders" ] || { diff <(hdm) <(echo "$decoders"); return 1; }
	published "$sr0" && owned_by hmem "$sr0"
}

# load_again MODULE...: the region may have another number
load_again()
{
	local module

	for module; do
		need modprobe "$module"
	done
	as_before
}

kernel()
{
	keep_undriven 2
	load
	need wait_for 20 owned_by hmem "$sr0"
	need comes_online "$sr0"
	need hold_data "$sr0"
	decoders=$(hdm)
	iomem=$(list_iomem)
	# pmem devices of CXL come by alias, and use its core
	rmmod cxl_pmem 2> /dev/null

	check "unloaded, cxl_mem first: decoders stay" \
		unload cxl_mem cxl_port cxl_pci cxl_acpi dax_cxl
	check "loaded, cxl_mem first: as before" \
		load_again cxl_mem cxl_port cxl_pci cxl_acpi dax_cxl
	check "unloaded, cxl_port first: decoders stay" \
		unload cxl_port cxl_pci cxl_acpi dax_cxl cxl_mem
	check "loaded, cxl_port first: as before" \
		load_again cxl_port cxl_pci cxl_acpi dax_cxl cxl_mem
	check "unloaded, cxl_pci first: decoders stay" \
		unload cxl_pci cxl_acpi dax_cxl cxl_mem cxl_port
	check "loaded, cxl_pci first: as before" \
		load_again cxl_pci cxl_acpi dax_cxl cxl_mem cxl_port
	check "unloaded, cxl_acpi first: decoders stay" \
		unload cxl_acpi dax_cxl cxl_mem cxl_port cxl_pci
	check "loaded, cxl_acpi first: as before" \
		load_again cxl_acpi dax_cxl cxl_mem cxl_port cxl_pci
	check "unloaded, dax_cxl first: decoders stay" \
		unload dax_cxl cxl_mem cxl_port cxl_pci cxl_acpi
	check "loaded, dax_cxl first: as before" \
		load_again dax_cxl cxl_mem cxl_port cxl_pci cxl_acpi

	need write 1 "/sys/bus/pci/devices/$(pci_of 1)/remove"
	check "removed from PCI: HMEM still owns the range" owned_by hmem "$sr0"
	check "which is published as before" published "$sr0"
	need write 1 /sys/bus/pci/rescan
	check "found again: as before" as_before
	check "what was written is still there" still_holds_data
	check "no device is deferred" nothing_deferred
}
