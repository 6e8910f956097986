# SPDX-License-Identifier: GPL-2.0
# Rules: R5 R8
#
# A region of firmware's is reset, and one of its targets is taken away: nothing
# decodes its addresses any more, and they can be freed, without deleting it.

firmware()
{
	load
	create_region decoder0.2 1 3
	soft_reserve "$region"
}

system()
{
	load
	owns cxl "$sr0"
	name=$(regions)
	region0=/sys/bus/cxl/devices/$name
	assert unbind_from cxl/cxl_region "$name"
	expect "unbound, it is reset" write 0 "$region0/commit"
	expect "its decoders are gone" [ -z "$(hdm)" ]
	expect "a target is taken away" write "" "$region0/target0"
	expect "its addresses are freed" write 0 "$region0/size"
	expect "iomem has nothing there" in_iomem "$sr0" "CXL Window 2"
	expect "it can be deleted" write "$name" /sys/bus/cxl/devices/decoder0.2/delete_region
}
