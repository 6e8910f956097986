# SPDX-License-Identifier: GPL-2.0
# Rules: R7
#
# An idle region over two devices, and on one of these a second region, above it, that
# a program has mapped. The other device's driver is unbound: the idle region could
# go, but for what is above it, which would move.

stages=system
windows="0,1:2G 1:1G"

system()
{
	load
	assert modprobe device_dax
	size=512M create_region decoder0.0 1 3
	lower=$region
	size=256M create_region decoder0.1 3
	upper=$region
	dax=$(dax_over "$(range_of "$upper")")
	assert daxctl reconfigure-device -m devdax "$dax"
	assert map_dax "/dev/$dax" 2M
	decoders=$(hdm)

	expect "while it is mapped, the region is not reset" \
		not write 0 "/sys/bus/cxl/devices/$upper/commit"
	expect "the log names what is open" logged "$upper: .* is not reset: $dax is open, close it first"
	expect "it is not disabled by that" [ -e "/sys/bus/cxl/devices/$upper/driver" ]

	assert unbind_from cxl/cxl_mem "$(memdev 1)"
	expect "the other device is unbound: all decoders stay" [ "$(hdm)" = "$decoders" ]
	expect "the log says why" \
		logged "$lower: .* stays committed: .* of $upper has to be reset before"
	expect "what was written through the mapping is still there" still_mapped
	expect "closed, the region can be destroyed" cxl destroy-region -f "$upper"
}
