# SPDX-License-Identifier: GPL-2.0
# Rules: R5
#
# Below what HMEM owns, and a decoder without a region decodes, the window has free
# addresses. A bridge's decoders ascend, so that these cannot be decoded: regions
# are made behind that decoder, as long as there is room, and then refused.

devices="256M 1G"
windows="0:1G 1:1G 0,1:2G"

firmware()
{
	load
	bare_region decoder0.0 256M || fail "no region without targets"
	hole=$region
	create_region decoder0.0 1
	soft_reserve "$region"
	remember hole "$(range_of "$hole")"
}

no_room_for_256m()
{
	local out

	out=$(cxl create-region -t ram -s 256M -d "$1" -m "$(memdev "$2")" 2>&1) && return 1
	[[ $out == *"Numerical result out of range"* ]]
}

system()
{
	keep_undriven 1
	load
	owns hmem "$sr0"
	expect "there is room below" [ "$(end_of "$hole")" -lt "$(start_of "$sr0")" ]

	size=256M create_region decoder0.0 2
	expect "a region is made behind it all the same" \
		[ "$(start_of "$(range_of "$region")")" -gt "$(end_of "$sr0")" ]
	expect "its memory comes online" comes_online "$(range_of "$region")"
	expect "it holds data" holds_data "$(range_of "$region")"
	size=256M create_region decoder0.0 2
	last=$region
	expect "another one is behind that" \
		[ "$(start_of "$(range_of "$region")")" -gt "$(end_of "$sr0")" ]
	decoders=$(hdm)
	expect "then there is no room behind it: refused" \
		no_room_for_256m decoder0.0 2
	expect "the log names the decoder in the way" \
		logged "decoder.*: .mem 0x${sr0%-*}-0x${sr0#*-}. is in the way of region.*, since decoders ascend"
	expect "no decoder has changed" [ "$(hdm)" = "$decoders" ]

	assert cxl destroy-region -f "$last"
	size=256M create_region decoder0.0 2
	expect "what is destroyed can be made again" comes_online "$(range_of "$region")"
	expect "HMEM still owns the range" owned_by hmem "$sr0"
}
