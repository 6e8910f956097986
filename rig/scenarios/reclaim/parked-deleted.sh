# SPDX-License-Identifier: GPL-2.0
# Rules: R8
#
# A parked region is deleted, once HMEM has let go of its range, while the driver of
# one of its devices is missing: what the other device has of it is reset, unless
# another region of that device is in the way. What the first one has is left alone,
# since nobody knows, and is reset when its driver is back and the region that it
# makes is deleted. None of the drivers has to be unbound for that.

devices="512M 512M 768M 512M"
windows="0:1G 1:1G 0,1:1G 1:1G"

firmware()
{
	load
	size=1G create_region decoder0.2 1 3
	soft_reserve "$region"
}

targets() { cat "/sys/bus/cxl/devices/$1/target"* | grep .; }
delete() { write "$1" /sys/bus/cxl/devices/decoder0.2/delete_region; }
decoding() { hdm | grep " $sr0"; }

system()
{
	keep_undriven 3
	load
	owns hmem "$sr0"
	let_drive 3
	first=$(regions)
	mem=$(memdev 1)
	assert unbind_from cxl/cxl_mem "$mem"
	expect "one memdev unbound: the region is parked" \
		[ "$(targets "$first" | wc -l)" = 1 ]
	assert unbind_hmem "$sr0"
	decoders=$(hdm)

	size=256M create_region decoder0.3 3
	expect "it is not deleted while the other device has a higher decoder" \
		not delete "$first"
	expect "the log says why" \
		logged "$first: .* is not reset: decoder.* has to be reset before"
	assert cxl destroy-region -f "$region"
	expect "the decoders are as they were" [ "$(hdm)" = "$decoders" ]

	expect "then it is deleted" delete "$first"
	expect "what the other device has is reset" \
		not grep "^$(pci_of 3) .* $sr0" <<< "$(hdm)"
	expect "what the first one has is not" \
		grep "^$(pci_of 1) .* $sr0" <<< "$(hdm)"
	expect "nor is the bridge in front of that, only the other" \
		[ "$(hdm | grep -c "^hb .* $sr0")" = 1 ]
	expect "others get none of these addresses" refused_region decoder0.2 2 4

	assert bind_to cxl/cxl_mem "$mem"
	settle
	first=$(region_over "$sr0")
	expect "the memdev bound again, its region waits" \
		[ "$(targets "$first" | wc -l)" = 1 ]
	expect "it is deleted, too" delete "$first"
	expect "nothing decodes the range any more" not decoding

	size=1G create_region decoder0.2 1 3
	expect "both devices get the very addresses" [ "$(range_of "$region")" = "$sr0" ]
	expect "all of it comes online" comes_online "$sr0"
	expect "it holds data" holds_data "$sr0"
	size=256M create_region decoder0.3 3
	expect "the rest of the capacity comes online" \
		comes_online "$(range_of "$region")"
}
