# SPDX-License-Identifier: GPL-2.0
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
	need wait_for 20 owned_by hmem "$sr0"
	need comes_online "$sr0"
	need hold_data "$sr0"
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
	need unbind_from dax/kmem "$(dax_over "$sr0")"
	check "kmem unbound: the log names who holds the range" \
		logged "stays claimed by $hmem"
	need unbind_hmem "$sr0"
	check "then hmem.N: Soft Reserved is still published" published "$sr0"
	check "CXL is refused" cxl_refused
	check "the log names the holder" logged "dax_region0: .* $hmem holds"
	check "HMEM is refused, too" not bind_hmem "$hmem"
	check "what was written is still there" still_holds_data
	soft_reserve "$sr0"
}

hmem()
{
	own
	need unbind_hmem "$sr0"
	check "hmem.N unbound: Soft Reserved is still published" published "$sr0"
	check "CXL is refused" cxl_refused
	check "what was written is still there" still_holds_data
	need offline "$sr0"
	check "taken offline later, it is refused still" cxl_refused
	check "and still published" published "$sr0"
	decide_afresh
	check "decided afresh, it is held still" published "$sr0"
	soft_reserve "$sr0"
}

module()
{
	own
	need rmmod dax_hmem
	check "dax_hmem unloaded: Soft Reserved is still published" published "$sr0"
	check "CXL is refused" cxl_refused
	check "what was written is still there" still_holds_data
	need rmmod kmem
	need modprobe dax_hmem
	check "loaded again, it is refused, too" not wait_for 2 owned_by hmem "$sr0"
	check "no device is deferred" nothing_deferred
}
