# SPDX-License-Identifier: GPL-2.0
#
# A host bridge with one root port has no decoders: it passes all on. The memdev
# behind it is unbound while its memory is in use. Bound again, its region is back.

windows="0:1G 1:1G"
devices="512M 512M"
root_ports=1
passthrough_hdm=false
stages=kernel

kernel()
{
	load
	create_region decoder0.0 1
	range=$(range_of "$region")
	check "its memory comes online" comes_online "$range"
	need hold_data "$range"
	decoders=$(hdm)
	check "the host bridge has no decoders" not grep -q ^hb <<< "$decoders"

	mem=$(memdev 1)
	need unbind_from cxl/cxl_mem "$mem"
	check "memdev unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	need bind_to cxl/cxl_mem "$mem"
	settle
	check "bound again: the region is bound to its driver" [ "$(regions)" = "$region" ]
	check "decoders are as they were" [ "$(hdm)" = "$decoders" ]
	check "what was written is still there" still_holds_data
	check "no device is deferred" nothing_deferred
}
