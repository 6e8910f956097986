# SPDX-License-Identifier: GPL-2.0
#
# HMEM owns a range that two regions decode, as a third cannot be made. Drivers
# of CXL go, in ways that cannot be refused: the decoders stay as they are, and
# the memory keeps what is in it. Bound again, all is as it was.

firmware() { two_regions; }

kernel()
{
	keep_undriven 2
	load
	check "HMEM owns the range" wait_for 20 owned_by hmem "$sr0"
	check "its memory comes online" comes_online "$sr0"
	need hold_data "$sr0"
	decoders=$(hdm)
	iomem=$(list_iomem)
	pci=$(pci_of 1)

	mem=$(memdev 1)
	need unbind_from cxl/cxl_mem "$mem"
	check "memdev unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	check "the log says why" \
		logged "region0: .* stays committed: hmem.* has claimed"
	need bind_to cxl/cxl_mem "$mem"
	check "memdev bound again: all is as before" as_before

	need unbind_from pci/cxl_pci "$pci"
	check "PCI device unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	need bind_to pci/cxl_pci "$pci"
	check "PCI device bound again: all is as before" as_before

	need unbind_from cxl/cxl_port "$(endpoint 1)"
	check "endpoint unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	need unbind_from pci/cxl_pci "$pci"
	need bind_to pci/cxl_pci "$pci"
	check "device bound again: all is as before" as_before

	need unbind_from platform/cxl_acpi ACPI0017:00
	check "cxl_acpi unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	check "Soft Reserved is still published" published "$sr0"
	need bind_to platform/cxl_acpi ACPI0017:00
	check "cxl_acpi bound again: all is as before" as_before

	need modprobe -r cxl_mem
	check "cxl_mem unloaded: decoders stay" [ "$(hdm)" = "$decoders" ]
	load cxl_mem
	check "cxl_mem loaded again: all is as before" as_before
	check "what was written is still there" still_holds_data
	check "no device is deferred" nothing_deferred
}
