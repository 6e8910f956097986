# SPDX-License-Identifier: GPL-2.0
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

kernel()
{
	keep_undriven 1
	load
	check "HMEM owns the range" wait_for 20 owned_by hmem "$sr0"
	check "its memory comes online" comes_online "$sr0"
	need hold_data "$sr0"
	decoders=$(hdm)
	first=$(regions)

	check "a region at lower addresses is refused" refused_region decoder0.0 2
	check "the log names the decoder in the way" \
		logged "decoder.*: .mem 0x${sr0%-*}-0x${sr0#*-}. is in the way of region.*, since decoders ascend"
	check "so is one behind the other bridge" refused_region decoder0.1 4
	check "no decoder has changed" [ "$(hdm)" = "$decoders" ]
	check "no region is left of that" [ "$(regions)" = "$first" ]
	check "HMEM still owns the range" owned_by hmem "$sr0"
	check "what was written is still there" still_holds_data

	need offline "$sr0"
	need unbind_hmem "$sr0"
	let_drive 1
	check "CXL owns the range when both devices are driven" \
		wait_for 20 owned_by cxl "$sr0"
	need cxl destroy-region -f "$(region_over "$sr0")"
	size=512M create_region decoder0.0 2
	lower=$region
	check "its region destroyed, the lower one can be made" \
		comes_online "$(range_of "$region")"
	check "it holds data" holds_data "$(range_of "$region")"
	size=512M create_region decoder0.1 4
	check "so can the other" comes_online "$(range_of "$region")"
	size=1G create_region decoder0.2 1 3
	check "and then one of all capacity in the last window" \
		comes_online "$(range_of "$region")"
	check "that holds data, too" holds_data "$(range_of "$region")"

	need offline "$(range_of "$lower")"
	need cxl destroy-region -f "$lower"
	decoders=$(hdm)
	check "destroyed, it cannot be made below that" not try_region decoder0.0 2
	check "the log names the decoder again" \
		logged "is not attached to port.*: decoder.* decodes .mem 0x${sr0%-*}-.* decoders ascend"
	check "no decoder has changed by that" [ "$(hdm)" = "$decoders" ]
	check "the capacity can be given back" cxl free-dpa "$(memdev 2)"
	check "no device is deferred" nothing_deferred
}
