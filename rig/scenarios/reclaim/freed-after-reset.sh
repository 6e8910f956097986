# SPDX-License-Identifier: GPL-2.0
#
# A region of firmware's is reset, and one of its targets is taken away: nothing
# decodes its addresses any more, and they can be freed, without deleting it.

firmware()
{
	load
	create_region decoder0.2 1 3
	soft_reserve "$region"
}

kernel()
{
	load
	check "CXL owns the range" wait_for 20 owned_by cxl "$sr0"
	name=$(regions)
	region0=/sys/bus/cxl/devices/$name
	need unbind_from cxl/cxl_region "$name"
	check "unbound, it is reset" write 0 "$region0/commit"
	check "its decoders are gone" [ -z "$(hdm)" ]
	check "a target is taken away" write "" "$region0/target0"
	check "its addresses are freed" write 0 "$region0/size"
	check "iomem has nothing there" in_iomem "$sr0" "CXL Window 2"
	check "it can be deleted" write "$name" /sys/bus/cxl/devices/decoder0.2/delete_region
}
