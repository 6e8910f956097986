# SPDX-License-Identifier: GPL-2.0
#
# A device without a driver is swapped for another one, that decodes nothing yet. The
# decoder of the host bridge still sends all of the window to it. While HMEM owns
# these addresses, or as long as the new device has no driver and may decode them,
# nobody gets them. Then nobody uses that decoder any more: it is reset, and a region
# of the new device gets these very addresses.

windows="0:512M 1:1G 0,1:2G"
qemu_extra=(-object "memory-backend-ram,id=again,size=512M,share=on")
# Lockdep dislikes how 6.12 hot-plugs any PCI device (and then rests).
known_splat='pciehp_(un)?configure_device'

firmware() { one_region; }

kernel()
{
	keep_undriven 1
	load
	check "HMEM owns the range" wait_for 20 owned_by hmem "$sr0"
	decoders=$(hdm | grep ^hb)
	need host "device_del dev1"
	check "its device is unplugged" wait_for 30 not pci_of 1
	need wait_for 30 host "device_add cxl-type3,id=dev5,bus=rp1,volatile-memdev=again,sn=5"
	check "another one is plugged in its place" wait_for 30 memdev 5
	settle
	check "it gets none of what HMEM owns" refused_region decoder0.0 5
	check "the decoders of bridges are as they were" \
		[ "$(hdm | grep ^hb)" = "$decoders" ]

	need unbind_hmem "$sr0"
	check "unbound, nobody owns the range" owned_by none "$sr0"
	mem=$(memdev 5)
	need unbind_from cxl/cxl_mem "$mem"
	check "the device beside it gets none of what the new one may decode" \
		refused_region decoder0.0 2
	check "the log names the bridge's decoder" \
		logged "decoder.*: .mem 0x${sr0%-*}-0x${sr0#*-}. is in the way of region[0-9]*: "
	need bind_to cxl/cxl_mem "$mem"
	settle
	create_region decoder0.0 5
	check "the new device gets the very addresses" [ "$(range_of "$region")" = "$sr0" ]
	check "the log says that the bridge's decoder was reset" \
		logged "decoder.* is not decoded any more: no device below uses it"
	check "CXL owns the range" wait_for 20 owned_by cxl "$sr0"
	check "all of it comes online" comes_online "$sr0"
	check "it holds data" holds_data "$sr0"

	need offline "$sr0"
	need cxl destroy-region -f "$region"
	create_region decoder0.0 2
	check "so does the device beside it" [ "$(range_of "$region")" = "$sr0" ]
	check "no device is deferred" nothing_deferred
}
