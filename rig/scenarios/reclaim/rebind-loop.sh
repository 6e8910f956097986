# SPDX-License-Identifier: GPL-2.0
#
# HMEM lets go of a range and takes it again, over and over, by each way there is.
# In between, CXL gives addresses in it to a region that is never committed: then
# HMEM is refused, until that region is gone.

plan=34

firmware()
{
	load
	# nothing decodes it: memory is not touched here
	soft_reserve "$(part "$(range_of decoder0.0)" 0 512M)"
}

once()
{
	need unbind_hmem "$sr0"
	check "round $i: nobody owns it" owned_by none "$sr0"
	bare_region decoder0.0 256M || fail "there is no other region"
	check "round $i: CXL may have its addresses" \
		in_iomem "$(range_of "$region")" "CXL Window 0 > $region"
	check "round $i: then HMEM may not" not bind_hmem "$hmem"
	check "round $i: nothing is published" not published "$sr0"
	write "$region" /sys/bus/cxl/devices/decoder0.0/delete_region
	need bind_hmem "$hmem"
	check "round $i: the region gone, HMEM owns it" owned_by hmem "$sr0"
	check "round $i: it is published" published "$sr0"
	decide_afresh
	check "round $i: decided afresh, HMEM owns it" \
		wait_for 20 owned_by hmem "$sr0"
	check "round $i: with its range published" published "$sr0"
	hmem=$(hmem_of "$sr0")
}

kernel()
{
	load cxl_acpi cxl_port cxl_pci cxl_mem dax_hmem dax_cxl
	need wait_for 20 owned_by hmem "$sr0"
	hmem=$(hmem_of "$sr0")
	for i in 1 2 3 4; do
		once
	done
	check "no device is deferred" nothing_deferred
	check "no claim is left over" claims_are 1
}

# claims_are N
claims_are()
{
	cat /sys/kernel/debug/dax/regions
	[ "$(grep -c "^claim " /sys/kernel/debug/dax/regions)" = "$1" ]
}
