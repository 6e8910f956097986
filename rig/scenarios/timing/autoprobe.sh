# SPDX-License-Identifier: GPL-2.0
# Rules: R5
#
# An administrator has switched CXL's automatic probing off. Nobody has waited for
# the decision then, and the decision binds nothing.

windows="0:2G 1:1G 0,1:2G"

firmware()
{
	one_region
	# far above: what is decided spans the region that is made by hand
	soft_reserve 800000000-80007ffff
}

dax_region_bound() { [ -e "$(echo /sys/bus/cxl/devices/dax_region*)/driver" ]; }

system()
{
	keep_undriven 1
	load
	owns hmem "$sr0"
	write 0 /sys/bus/cxl/drivers_autoprobe
	create_region decoder0.0 2 || :
	expect "the region has a dax_region" \
		compgen -G /sys/bus/cxl/devices/dax_region*
	expect "it is not bound" not dax_region_bound
	decide_afresh
	owns hmem "$sr0" "HMEM owns the range, decided afresh"
	expect "the dax_region is still not bound" not dax_region_bound
	write 1 /sys/bus/cxl/drivers_autoprobe
	assert write "$(basename /sys/bus/cxl/devices/dax_region*)" /sys/bus/cxl/drivers_probe
	expect "bound by hand, CXL owns it" dax_region_bound
}
