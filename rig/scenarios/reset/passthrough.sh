# SPDX-License-Identifier: GPL-2.0
# Rules: R2 R5 R7
#
# A host bridge with one root port has no decoders: it passes all on. The region
# that firmware has set up behind it is assembled. Its memdev is unbound while the
# memory is in use. Bound again, the region is back.

windows="0:1G 1:1G"
devices="512M 512M"
root_ports=1
passthrough_hdm=false

firmware()
{
	load
	create_region decoder0.0 1
	soft_reserve "$region"
}

system()
{
	load
	owns cxl "$sr0"
	region=$(regions)
	range=$sr0
	expect "its memory comes online" comes_online "$range"
	assert write_pattern "$range"
	decoders=$(hdm)
	expect "the host bridge has no decoders" not grep -q ^hb <<< "$decoders"

	mem=$(memdev 1)
	assert unbind_from cxl/cxl_mem "$mem"
	expect "memdev unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	assert bind_to cxl/cxl_mem "$mem"
	settle
	expect "bound again: the region is bound to its driver" [ "$(regions)" = "$region" ]
	expect "decoders are as they were" [ "$(hdm)" = "$decoders" ]
	expect "what was written is still there" pattern_intact
}
