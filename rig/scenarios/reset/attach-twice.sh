# SPDX-License-Identifier: GPL-2.0
# Rules: R5
#
# The same decoder is written to a target of a region twice. That changes nothing:
# when the other one, behind another bridge, is there, the region is committed.

stages=system
devices="256M 256M 256M"

# free_decoder SERIAL: its first one, with all of its capacity
free_decoder()
{
	local endpoint decoder

	endpoint=$(endpoint "$1")
	decoder=decoder${endpoint#endpoint}.0
	write ram "$cxl/$decoder/mode"
	write "$(in_bytes 256M)" "$cxl/$decoder/dpa_size"
	echo "$decoder"
}

system()
{
	cxl=/sys/bus/cxl/devices
	load
	read -r region < $cxl/decoder0.2/create_ram_region
	assert write "$region" $cxl/decoder0.2/create_ram_region
	assert write "$(< $cxl/decoder0.2/interleave_granularity)" \
		"$cxl/$region/interleave_granularity"
	assert write 2 "$cxl/$region/interleave_ways"
	assert write "$(in_bytes 512M)" "$cxl/$region/size"
	first=$(free_decoder 1)
	second=$(free_decoder 3)

	expect "the first target is attached" write "$first" "$cxl/$region/target0"
	expect "to attach it again changes nothing" write "$first" "$cxl/$region/target0"
	expect "it is the first target" [ "$(< "$cxl/$region/target0")" = "$first" ]
	expect "the other one is attached" write "$second" "$cxl/$region/target1"
	expect "the region is committed" write 1 "$cxl/$region/commit"
	expect "and destroyed" cxl destroy-region -f "$region"
}
