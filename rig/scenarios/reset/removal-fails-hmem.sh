# SPDX-License-Identifier: GPL-2.0
# Rules: R1 R7 R8
#
# HMEM's memory is in use when its drivers go: it cannot be removed. The claim is
# held then, and so is what iomem shows. CXL gets nothing of the range, even if
# the memory is taken offline later: it is held until the machine reboots.

root_ports=3
stages="firmware kmem hmem module"

firmware() { two_regions; }

own()
{
	keep_undriven 2
	load
	owns hmem "$sr0"
	assert comes_online "$sr0"
	assert write_pattern "$sr0"
	decoders=$(hdm)
	hmem=$(hmem_of "$sr0")
}

# cxl_refused: the range is neither served, nor reset, nor allocated
cxl_refused()
{
	echo dax_region0 > /sys/bus/cxl/drivers_probe
	[ ! -e /sys/bus/cxl/devices/dax_region0/driver ] || return
	write 0 /sys/bus/cxl/devices/region0/commit && return 1
	refused_region decoder0.0 3 || return
	[ "$(hdm)" = "$decoders" ]
}

kmem()
{
	own
	assert unbind_from dax/kmem "$(dax_over "$sr0")"
	expect "kmem unbound: the log names who holds the range" \
		logged "stays claimed by $hmem"
	assert unbind_hmem "$sr0"
	expect "then hmem.N: Soft Reserved is still published" published "$sr0"
	expect "CXL is refused" cxl_refused
	expect "the log names the holder" logged "dax_region0: .* $hmem holds"
	expect "HMEM is refused, too" not bind_hmem "$hmem"
	expect "what was written is still there" pattern_intact
	soft_reserve "$sr0"
}

hmem()
{
	own
	assert unbind_hmem "$sr0"
	expect "hmem.N unbound: Soft Reserved is still published" published "$sr0"
	expect "CXL is refused" cxl_refused
	expect "what was written is still there" pattern_intact
	assert offline "$sr0"
	expect "taken offline later, it is refused still" cxl_refused
	expect "and still published" published "$sr0"
	decide_afresh
	expect "decided afresh, it is held still" published "$sr0"
	soft_reserve "$sr0"
}

module()
{
	own
	assert rmmod dax_hmem
	expect "dax_hmem unloaded: Soft Reserved is still published" published "$sr0"
	expect "CXL is refused" cxl_refused
	expect "what was written is still there" pattern_intact
	assert rmmod kmem
	assert modprobe dax_hmem
	expect "loaded again, it is refused, too" not wait_for 2 owned_by hmem "$sr0"
}
