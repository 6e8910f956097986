# SPDX-License-Identifier: GPL-2.0
# Rules: R9
#
# HMEM lets go of a range and takes it again, over and over, by each way there is.
# In between, CXL gives addresses in it to a region that is never committed: then
# HMEM is refused, until that region is gone.

firmware()
{
	load
	# nothing decodes it: memory is not touched here
	soft_reserve "$(part "$(range_of decoder0.0)" 0 512M)"
}

once()
{
	assert unbind_hmem "$sr0"
	expect "round $i: nobody owns it" owned_by none "$sr0"
	bare_region decoder0.0 256M || fail "there is no other region"
	expect "round $i: CXL may have its addresses" \
		in_iomem "$(range_of "$region")" "CXL Window 0 > $region"
	expect "round $i: then HMEM may not" not bind_hmem "$hmem"
	expect "round $i: nothing is published" not published "$sr0"
	write "$region" /sys/bus/cxl/devices/decoder0.0/delete_region
	assert bind_hmem "$hmem"
	expect "round $i: the region gone, HMEM owns it" owned_by hmem "$sr0"
	expect "round $i: it is published" published "$sr0"
	decide_afresh
	owns hmem "$sr0" "round $i: decided afresh, HMEM owns it"
	expect "round $i: with its range published" published "$sr0"
	hmem=$(hmem_of "$sr0")
}

system()
{
	load cxl_acpi cxl_port cxl_pci cxl_mem dax_hmem dax_cxl
	owns hmem "$sr0"
	hmem=$(hmem_of "$sr0")
	for i in 1 2 3 4; do
		once
	done
	none_deferred
	expect "no claim is left over" claims_are 1
}

# claims_are N
claims_are()
{
	cat /sys/kernel/debug/dax/regions
	[ "$(grep -c "^claim " /sys/kernel/debug/dax/regions)" = "$1" ]
}
