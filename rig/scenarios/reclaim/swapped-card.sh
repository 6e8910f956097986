# SPDX-License-Identifier: GPL-2.0
# Rules: R8
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

system()
{
	keep_undriven 1
	load
	owns hmem "$sr0"
	decoders=$(hdm | grep ^hb)
	assert host "device_del dev1"
	expect "its device is unplugged" wait_for 30 not pci_of 1
	assert wait_for 30 host "device_add cxl-type3,id=dev5,bus=rp1,volatile-memdev=again,sn=5"
	expect "another one is plugged in its place" wait_for 30 memdev 5
	settle
	expect "it gets none of what HMEM owns" refused_region decoder0.0 5
	expect "the decoders of bridges are as they were" \
		[ "$(hdm | grep ^hb)" = "$decoders" ]

	assert unbind_hmem "$sr0"
	expect "unbound, nobody owns the range" owned_by none "$sr0"
	mem=$(memdev 5)
	assert unbind_from cxl/cxl_mem "$mem"
	expect "the device beside it gets none of what the new one may decode" \
		refused_region decoder0.0 2
	expect "the log names the bridge's decoder" \
		logged "decoder.*: .mem 0x${sr0%-*}-0x${sr0#*-}. is in the way of region[0-9]*: bind the memdevs"
	assert bind_to cxl/cxl_mem "$mem"
	settle
	create_region decoder0.0 5
	expect "the new device gets the very addresses" [ "$(range_of "$region")" = "$sr0" ]
	expect "the log says that the bridge's decoder was reset" \
		logged "decoder.* is not decoded any more: no device below uses it"
	owns cxl "$sr0"
	expect "all of it comes online" comes_online "$sr0"
	expect "it holds data" holds_data "$sr0"

	assert offline "$sr0"
	assert cxl destroy-region -f "$region"
	create_region decoder0.0 2
	expect "so does the device beside it" [ "$(range_of "$region")" = "$sr0" ]
}
