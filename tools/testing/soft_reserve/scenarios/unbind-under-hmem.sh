# SPDX-License-Identifier: GPL-2.0
#
# HMEM owns a range that two regions decode, as a third cannot be made. Drivers
# of CXL go, in ways that cannot be refused: the decoders stay as they are, and
# the memory keeps what is in it. Bound again, all is as it was.

firmware()
{
	load
	create_region decoder0.0 1
	first=$(range_of "$region")
	create_region decoder0.0 2
	soft_reserve "$(span "$first" "$(range_of "$region")")"
	keep first "$first"
}

# as_before: decoders, memory, owner, and the region
as_before()
{
	settle
	[ "$(hdm)" = "$decoders" ] || { diff <(hdm) <(echo "$decoders"); return 1; }
	owned_by hmem "$sr0" || return
	wait_for 20 test -e /sys/bus/cxl/devices/dax_region0 || return
	[ "$(list_iomem)" = "$iomem" ] || { list_iomem; return 1; }
}

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
	echo "$mem" > /sys/bus/cxl/drivers/cxl_mem/unbind
	check "memdev unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	check "the log says why" \
		logged "region0: .* stays committed: hmem.* has claimed"
	echo "$mem" > /sys/bus/cxl/drivers/cxl_mem/bind
	check "memdev bound again: all is as before" as_before

	echo "$pci" > /sys/bus/pci/drivers/cxl_pci/unbind
	check "PCI device unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	echo "$pci" > /sys/bus/pci/drivers/cxl_pci/bind
	check "PCI device bound again: all is as before" as_before

	endpoint 1 > /sys/bus/cxl/drivers/cxl_port/unbind
	check "endpoint unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	echo "$pci" > /sys/bus/pci/drivers/cxl_pci/unbind
	echo "$pci" > /sys/bus/pci/drivers/cxl_pci/bind
	check "device bound again: all is as before" as_before

	echo ACPI0017:00 > /sys/bus/platform/drivers/cxl_acpi/unbind
	check "cxl_acpi unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	check "Soft Reserved is still published" published "$sr0"
	echo ACPI0017:00 > /sys/bus/platform/drivers/cxl_acpi/bind
	check "cxl_acpi bound again: all is as before" as_before

	need modprobe -r cxl_mem
	check "cxl_mem unloaded: decoders stay" [ "$(hdm)" = "$decoders" ]
	load cxl_mem
	check "cxl_mem loaded again: all is as before" as_before
	check "what was written is still there" still_holds_data
	check "no device is deferred" nothing_deferred
}
