# SPDX-License-Identifier: GPL-2.0
# Rules: R7
#
# HMEM owns a range that two regions decode, as a third cannot be made. Drivers
# of CXL go, in ways that cannot be refused: the decoders stay as they are, and
# the memory keeps what is in it. Bound again, all is as it was.

firmware() { two_regions; }

system()
{
	keep_undriven 2
	load
	owns hmem "$sr0"
	expect "its memory comes online" comes_online "$sr0"
	assert write_pattern "$sr0"
	decoders=$(hdm)
	iomem=$(list_iomem)
	pci=$(pci_of 1)

	mem=$(memdev 1)
	assert unbind_from cxl/cxl_mem "$mem"
	expect "memdev unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	expect "the log says why" \
		logged "region0: .* stays committed: hmem.* has claimed"
	assert bind_to cxl/cxl_mem "$mem"
	expect "memdev bound again: all is as before" as_before

	assert unbind_from pci/cxl_pci "$pci"
	expect "PCI device unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	assert bind_to pci/cxl_pci "$pci"
	expect "PCI device bound again: all is as before" as_before

	assert unbind_from cxl/cxl_port "$(endpoint 1)"
	expect "endpoint unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	assert unbind_from pci/cxl_pci "$pci"
	assert bind_to pci/cxl_pci "$pci"
	expect "device bound again: all is as before" as_before

	assert unbind_from platform/cxl_acpi ACPI0017:00
	expect "cxl_acpi unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	expect "Soft Reserved is still published" published "$sr0"
	assert bind_to platform/cxl_acpi ACPI0017:00
	expect "cxl_acpi bound again: all is as before" as_before

	assert unload_module cxl_mem
	expect "cxl_mem unloaded: decoders stay" [ "$(hdm)" = "$decoders" ]
	load cxl_mem cxl_pci
	expect "cxl_mem loaded again: all is as before" as_before
	expect "what was written is still there" pattern_intact
}
