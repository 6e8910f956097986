# SPDX-License-Identifier: GPL-2.0
# Rules: R3
#
# The bind of hmem.N fails, at each allocation in turn, from the first bind on.
# Whichever it is, nothing is left of it, and CXL may have what its region covers.
# Then the bind of the region fails the same way, and HMEM may have all of it.

limit=300
hmem=/sys/bus/platform/drivers/hmem
cxl=/sys/bus/cxl/drivers/cxl_region

firmware() { two_regions; }

# fails_clean DRIVER DEVICE: whichever allocation of its bind fails, iomem is as
# before once it is unbound; ends with a bind that was refused
fails_clean()
{
	local before n status=0 fatal=

	before=$(list_iomem)
	for ((n = 1; status != 2; n++)); do
		write_failing $n "$2" "$1/bind"
		status=$?
		if [ $status = 1 ]; then
			fatal+=" $n"
		else
			echo "$2" > "$1/unbind" || return
		fi
		diff <(echo "$before") <(list_iomem) || return
	done
	echo "fatal of $((n - 2)) allocations:$fatal"
	# their number varies a little
	for ((n = ${fatal##* }; n > 0; n--)); do
		write_failing $n "$2" "$1/bind"
		[ $? != 1 ] || return 0
		echo "$2" > "$1/unbind"
	done
	return 1
}

system()
{
	failslab_on
	keep_undriven 2
	# the region is not to be had when HMEM fails, but when we say so
	blacklist dax_cxl
	load cxl_acpi cxl_port cxl_pci cxl_mem
	# so that the first bind is ours
	echo 0 > /sys/bus/platform/drivers_autoprobe
	assert modprobe dax_hmem
	assert bind_to platform/hmem_platform hmem_platform.0
	assert wait_for 20 compgen -G "/sys/bus/platform/devices/hmem.*"
	device=$(cd /sys/bus/platform/devices && echo hmem.*)

	expect "a bind of hmem.N that fails leaves nothing" \
		fails_clean $hmem "$device"
	expect "the region is in iomem" in_iomem "$first" "CXL Window 0 > region0"
	assert modprobe dax_cxl
	owns cxl "$first" "CXL owns what it covers"

	assert cxl disable-region region0
	expect "a bind of the region that fails leaves nothing" \
		fails_clean $cxl region0

	assert modprobe kmem
	assert bind_hmem "$device"
	expect "HMEM owns all of the range then" owned_by hmem "$sr0"
	expect "its memory comes online" comes_online "$sr0"
	expect "what the region covers holds data" holds_data "$first"
	expect "what it does not cover holds data" holds_data "$second"

	assert offline "$sr0"
	assert unbind_hmem "$sr0"
	assert cxl enable-region region0
	owns cxl "$first" "CXL owns again what it covers"
	expect "its memory comes online" comes_online "$first"
	expect "the memory holds data" holds_data "$first"
}
