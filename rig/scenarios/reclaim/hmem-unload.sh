# SPDX-License-Identifier: GPL-2.0
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

kernel()
{
	keep_undriven 1
	# dax_hmem as udev loads it, CXL by its alias
	load dax_hmem dax_cxl kmem cxl_pci
	check "HMEM owns the range" wait_for 20 owned_by hmem "$sr0"
	check "its memory comes online" comes_online "$sr0"
	check "CXL is loaded" cxl_loaded

	create_region decoder0.1 3
	user=$(range_of "$region")
	check "CXL owns the user's region" wait_for 20 owned_by cxl "$user"
	check "its memory comes online" comes_online "$user"
	check "data is written to it" hold_data "$user"

	need offline "$sr0"
	check "dax_hmem is unloaded" modprobe -r dax_hmem
	check "it is gone" [ ! -d /sys/module/dax_hmem ]
	check "nobody owns the range" owned_by none "$sr0"
	check "CXL's modules are still loaded" cxl_loaded
	check "CXL owns the user's region as before" owned_by cxl "$user"
	check "its memory is still online" \
		[ "$(bytes_online "$user")" = "$(size_of "$user")" ]
	check "its claim is live" claimed "$user" live
	check "what was written is still there" still_holds_data

	need modprobe dax_hmem
	check "loaded again, HMEM owns the range" wait_for 20 owned_by hmem "$sr0"
	check "no device is deferred" nothing_deferred
}
