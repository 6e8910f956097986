# SPDX-License-Identifier: GPL-2.0
# Rules: R7 R8
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

system()
{
	keep_undriven 3
	load
	owns hmem "$sr0"
	let_drive 3
	first=$(regions)
	expect "the region has both devices, late" [ "$(targets | wc -l)" = 2 ]
	pci=$(pci_of 1)
	decoders=$(others)

	assert unbind_from cxl/cxl_mem "$(memdev 1)"
	expect "one memdev unbound: the region is parked" [ "$(targets | wc -l)" = 1 ]
	assert host "device_del dev1"
	expect "its device is unplugged" wait_for 30 not pci_of 1
	expect "it is not deleted while HMEM owns the range" not delete "$first"
	expect "the log says why" logged "$first: .* is not reset: hmem.* has claimed"
	expect "all other decoders are as they were" [ "$(others)" = "$decoders" ]

	assert offline "$sr0"
	assert unbind_hmem "$sr0"
	expect "HMEM has let go: the region is deleted" delete "$first"
	expect "nothing decodes the range any more" not decoding
	expect "the log says that a bridge's decoder was reset" \
		logged "decoder.* is not decoded any more: no device below uses it"

	size=512M create_region decoder0.1 3
	expect "all of the other device's capacity comes online" \
		comes_online "$(range_of "$region")"
	expect "it holds data" holds_data "$(range_of "$region")"
	size=1G create_region decoder0.2 2 4
	expect "two other devices get the very addresses" \
		[ "$(range_of "$region")" = "$sr0" ]
	expect "all of it comes online" comes_online "$sr0"
	expect "it holds data, too" holds_data "$sr0"
}
