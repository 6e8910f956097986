# SPDX-License-Identifier: GPL-2.0
# Rules: R5 R9
#
# HMEM owns a range in one window, and a user made a region in another one. dax_hmem is
# unloaded with "modprobe -r", which takes along what a module depends on and nobody
# uses. CXL's modules stay, and so does the region: nobody had asked them to go.

firmware() { one_region; }

cxl_loaded()
{
	local module

	for module in cxl_acpi cxl_port cxl_pci cxl_mem; do
		[ -d "/sys/module/$module" ] || { echo "$module is gone"; return 1; }
	done
}

# claimed RANGE STATE
claimed() { grep -E "^claim range=$1 .*state=$2" /sys/kernel/debug/dax/regions; }

system()
{
	keep_undriven 1
	# dax_hmem as udev loads it, CXL by its alias
	load dax_hmem dax_cxl kmem cxl_pci
	owns hmem "$sr0"
	expect "its memory comes online" comes_online "$sr0"
	expect "CXL is loaded" cxl_loaded

	create_region decoder0.1 3
	user=$(range_of "$region")
	owns cxl "$user" "CXL owns the user's region"
	expect "its memory comes online" comes_online "$user"
	expect "data is written to it" write_pattern "$user"

	assert offline "$sr0"
	expect "dax_hmem is unloaded" modprobe -r dax_hmem
	expect "it is gone" [ ! -d /sys/module/dax_hmem ]
	expect "nobody owns the range" owned_by none "$sr0"
	expect "CXL's modules are still loaded" cxl_loaded
	expect "CXL owns the user's region as before" owned_by cxl "$user"
	expect "its memory is still online" \
		[ "$(bytes_online "$user")" = "$(size_of "$user")" ]
	expect "its claim is live" claimed "$user" live
	expect "what was written is still there" pattern_intact

	assert modprobe dax_hmem
	owns hmem "$sr0" "loaded again, HMEM owns the range"
}
