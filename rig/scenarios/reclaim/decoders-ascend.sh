# SPDX-License-Identifier: GPL-2.0
# Rules: R5 R8
#
# HMEM owns a range in the last window, which two interleaved devices decode, one of
# which is not driven: no region has the decoders of their bridges. A bridge's
# decoders ascend, so that none can be committed below these. A region that would
# need that is refused, and the log names the decoder. Once HMEM has let go and the
# region of these decoders is destroyed, it can be made. Where a region has the decoder
# in the way, the new one gets addresses, and is refused when a device is attached.

firmware()
{
	load
	size=512M create_region decoder0.2 1 3
	soft_reserve "$region"
}

try_region() { cxl create-region -t ram -d "$1" -m "$(memdev "$2")"; }

system()
{
	keep_undriven 1
	load
	owns hmem "$sr0"
	expect "its memory comes online" comes_online "$sr0"
	assert write_pattern "$sr0"
	decoders=$(hdm)
	first=$(regions)

	expect "a region at lower addresses is refused" refused_region decoder0.0 2
	expect "the log names the decoder in the way" \
		logged "decoder.*: .mem 0x${sr0%-*}-0x${sr0#*-}. is in the way of region.*, since decoders ascend"
	expect "so is one behind the other bridge" refused_region decoder0.1 4
	expect "no decoder has changed" [ "$(hdm)" = "$decoders" ]
	expect "no region is left of that" [ "$(regions)" = "$first" ]
	expect "HMEM still owns the range" owned_by hmem "$sr0"
	expect "what was written is still there" pattern_intact

	assert offline "$sr0"
	assert unbind_hmem "$sr0"
	let_drive 1
	owns cxl "$sr0" "CXL owns the range when both devices are driven"
	assert cxl destroy-region -f "$(region_over "$sr0")"
	size=512M create_region decoder0.0 2
	lower=$region
	expect "its region destroyed, the lower one can be made" \
		comes_online "$(range_of "$region")"
	expect "it holds data" holds_data "$(range_of "$region")"
	size=512M create_region decoder0.1 4
	expect "so can the other" comes_online "$(range_of "$region")"
	size=1G create_region decoder0.2 1 3
	expect "and then one of all capacity in the last window" \
		comes_online "$(range_of "$region")"
	expect "that holds data, too" holds_data "$(range_of "$region")"

	assert offline "$(range_of "$lower")"
	assert cxl destroy-region -f "$lower"
	decoders=$(hdm)
	expect "destroyed, it cannot be made below that" not try_region decoder0.0 2
	expect "the log names the decoder again" \
		logged "is not attached to port.*: decoder.* decodes .mem 0x${sr0%-*}-.* decoders ascend"
	expect "no decoder has changed by that" [ "$(hdm)" = "$decoders" ]
	expect "the capacity can be given back" cxl free-dpa "$(memdev 2)"
}
