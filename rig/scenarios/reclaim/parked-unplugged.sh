# SPDX-License-Identifier: GPL-2.0
#
# Two interleaved devices decode a range that HMEM owns. The driver of one goes, so
# that the region is parked, and then the device itself, which never returns. Once
# HMEM lets go, the region is deleted: what is left of its decoders is reset, and
# the capacity of the other device, and the addresses, can be used again.

windows="0:1G 1:1G 0,1:1G"
# Lockdep dislikes how 6.12 hot-plugs any PCI device (and then rests).
known_splat='pciehp_(un)?configure_device'

firmware()
{
	load
	create_region decoder0.2 1 3
	soft_reserve "$region"
}

targets() { cat "/sys/bus/cxl/devices/$first/target"* | grep .; }
delete() { write "$1" /sys/bus/cxl/devices/decoder0.2/delete_region; }
decoding() { hdm | grep " $sr0"; }
others() { hdm | grep -v "^$pci "; }

kernel()
{
	keep_undriven 3
	load
	check "HMEM owns the range" wait_for 20 owned_by hmem "$sr0"
	let_drive 3
	first=$(regions)
	check "the region has both devices, late" [ "$(targets | wc -l)" = 2 ]
	pci=$(pci_of 1)
	decoders=$(others)

	need unbind_from cxl/cxl_mem "$(memdev 1)"
	check "one memdev unbound: the region is parked" [ "$(targets | wc -l)" = 1 ]
	need host "device_del dev1"
	check "its device is unplugged" wait_for 30 not pci_of 1
	check "it is not deleted while HMEM owns the range" not delete "$first"
	check "the log says why" logged "$first: .* is not reset: hmem.* has claimed"
	check "all other decoders are as they were" [ "$(others)" = "$decoders" ]

	need offline "$sr0"
	need unbind_hmem "$sr0"
	check "HMEM has let go: the region is deleted" delete "$first"
	check "nothing decodes the range any more" not decoding
	check "the log says that a bridge's decoder was reset" \
		logged "decoder.* is not decoded any more: no device below uses it"

	size=512M create_region decoder0.1 3
	check "all of the other device's capacity comes online" \
		comes_online "$(range_of "$region")"
	check "it holds data" holds_data "$(range_of "$region")"
	size=1G create_region decoder0.2 2 4
	check "two other devices get the very addresses" \
		[ "$(range_of "$region")" = "$sr0" ]
	check "all of it comes online" comes_online "$sr0"
	check "it holds data, too" holds_data "$sr0"
	check "no device is deferred" nothing_deferred
}
