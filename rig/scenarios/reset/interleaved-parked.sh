# SPDX-License-Identifier: GPL-2.0
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

kernel()
{
	keep_undriven 4
	load
	check "HMEM owns the range" wait_for 20 owned_by hmem "$sr0"
	check "its memory comes online" comes_online "$sr0"
	need hold_data "$sr0"
	first=$(regions)
	decoders=$(hdm)
	mem1=$(memdev 1)
	mem3=$(memdev 3)

	need unbind_from cxl/cxl_mem "$mem1"
	check "one memdev unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	check "the region waits for it" [ "$(targets | wc -l)" = 1 ]
	check "the other memdev's decoder goes to no other region" \
		not hijacks "$(targets)"
	check "nor is it taken away from its own" \
		not write "" "/sys/bus/cxl/devices/$first/target0"
	check "nor do the region's addresses" \
		not write 0 "/sys/bus/cxl/devices/$first/size"
	check "the decoders are as they were" [ "$(hdm)" = "$decoders" ]
	need bind_to cxl/cxl_mem "$mem1"
	settle
	check "bound again: the region has its targets" [ "$(targets | wc -l)" = 2 ]
	check "it is bound to its driver" [ "$(regions)" = "$first" ]

	need unbind_from cxl/cxl_mem "$mem1"
	need unbind_from cxl/cxl_mem "$mem3"
	check "both unbound: decoders stay" [ "$(hdm)" = "$decoders" ]
	check "the region waits for both" [ -z "$(targets)" ]
	need bind_to cxl/cxl_mem "$mem1"
	need bind_to cxl/cxl_mem "$mem3"
	settle
	check "bound again: it is bound to its driver" [ "$(regions)" = "$first" ]
	check "decoders are as they were" [ "$(hdm)" = "$decoders" ]
	check "HMEM still owns the range" owned_by hmem "$sr0"
	check "what was written is still there" still_holds_data
}
