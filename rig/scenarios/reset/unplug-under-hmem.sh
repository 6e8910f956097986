# SPDX-License-Identifier: GPL-2.0
# Rules: R7
#
# HMEM owns a range that two regions decode, as a third cannot be made. The device
# behind one half is unplugged, with its memory online, though nobody uses that.
# The decoders of the host bridge and of the other device stay as they are, and
# the other half keeps what is in it. A device that is plugged in its place can be
# used elsewhere.

windows="0:1G 1:1G 0:1G"
root_ports=3
# Lockdep dislikes how 6.12 hot-plugs any PCI device (and then rests).
known_splat='pciehp_(un)?configure_device'
qemu_extra=(-object "memory-backend-ram,id=again,size=512M,share=on")

firmware() { two_regions; }

others() { hdm | grep -v "^$pci "; }

system()
{
	keep_undriven 2
	load
	owns hmem "$sr0"
	expect "memory behind the device that stays comes online" comes_online "$second"
	assert write_pattern "$second"
	expect "so does that behind the other one" comes_online "$first"
	pci=$(pci_of 1)
	decoders=$(others)

	assert host "device_del dev1"
	expect "the device is gone" wait_for 30 not memdev 1
	expect "all other decoders are as they were" [ "$(others)" = "$decoders" ]
	expect "the log says once that they stay" \
		[ "$(logged "region0: .* stays committed: hmem.* has claimed" | wc -l)" = 1 ]
	expect "HMEM still owns the range" owned_by hmem "$sr0"
	expect "which is published as before" published "$sr0"
	expect "another device gets none of it" refused_region decoder0.0 3
	expect "what was written behind the device that stays is still there" \
		pattern_intact

	assert offline "$sr0"
	assert unbind_hmem "$sr0"
	expect "unbound, nobody owns the range" owned_by none "$sr0"
	expect "it is withdrawn" not published "$sr0"
	expect "another device gets none of what is still decoded" \
		refused_region decoder0.0 3

	assert host "device_add cxl-type3,id=dev5,bus=rp1,volatile-memdev=again,sn=5"
	expect "another device is plugged in its place" wait_for 30 memdev 5
	settle
	create_region decoder0.2 5
	beside=$(range_of "$region")
	owns cxl "$beside" "elsewhere CXL owns a region of it"
	expect "its memory comes online" comes_online "$beside"
	expect "the memory holds data" holds_data "$beside"
}
