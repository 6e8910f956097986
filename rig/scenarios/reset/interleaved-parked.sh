# SPDX-License-Identifier: GPL-2.0
# Rules: R7
#
# HMEM owns a range that two interleaved regions decode, one of which cannot be
# made. The devices of the other go one after the other and come back in another
# order: its decoders stay, and the region gathers its targets again.

windows="0:1G 1:1G 0,1:2G 1:1G"

firmware()
{
	load
	create_region decoder0.2 1 3
	first=$(range_of "$region")
	create_region decoder0.2 2 4
	soft_reserve "$(span "$first" "$(range_of "$region")")"
}

targets() { cat "/sys/bus/cxl/devices/$first/target"* | grep .; }

# hijacks DECODER: a region of the last window gets it, although it decodes another
hijacks()
{
	local devices=/sys/bus/cxl/devices region status=0

	bare_region decoder0.3 512M || fail "there is no other region"
	write "$1" "$devices/$region/target0" || status=1
	write "$region" $devices/decoder0.3/delete_region
	return $status
}

system()
{
	keep_undriven 4
	load
	owns hmem "$sr0"
	expect "its memory comes online" comes_online "$sr0"
	assert write_pattern "$sr0"
	first=$(regions)
	decoders=$(hdm)
	mem1=$(memdev 1)
	mem3=$(memdev 3)

	assert unbind_from cxl/cxl_mem "$mem1"
	expect "one memdev unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	expect "the region waits for it" [ "$(targets | wc -l)" = 1 ]
	expect "the other memdev's decoder goes to no other region" \
		not hijacks "$(targets)"
	expect "nor is it taken away from its own" \
		not write "" "/sys/bus/cxl/devices/$first/target0"
	expect "nor do the region's addresses" \
		not write 0 "/sys/bus/cxl/devices/$first/size"
	expect "the decoders are as they were" [ "$(hdm)" = "$decoders" ]
	assert bind_to cxl/cxl_mem "$mem1"
	settle
	expect "bound again: the region has its targets" [ "$(targets | wc -l)" = 2 ]
	expect "it is bound to its driver" [ "$(regions)" = "$first" ]

	assert unbind_from cxl/cxl_mem "$mem1"
	assert unbind_from cxl/cxl_mem "$mem3"
	expect "both unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	expect "the region waits for both" [ -z "$(targets)" ]
	assert bind_to cxl/cxl_mem "$mem1"
	assert bind_to cxl/cxl_mem "$mem3"
	settle
	expect "bound again: it is bound to its driver" [ "$(regions)" = "$first" ]
	expect "decoders are as they were" [ "$(hdm)" = "$decoders" ]
	expect "HMEM still owns the range" owned_by hmem "$sr0"
	expect "what was written is still there" pattern_intact
}
