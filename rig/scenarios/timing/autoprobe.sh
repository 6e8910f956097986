# SPDX-License-Identifier: GPL-2.0
#
# An administrator has switched CXL's automatic probing off. Nobody has waited for
# the decision then, and the decision binds nothing.

windows="0:2G 1:1G 0,1:2G"

firmware() { one_region; }

bound() { [ -e "$(echo /sys/bus/cxl/devices/dax_region*)/driver" ]; }

kernel()
{
	keep_undriven 1
	load
	need wait_for 20 owned_by hmem "$sr0"
	write 0 /sys/bus/cxl/drivers_autoprobe
	create_region decoder0.0 2 || :
	check "the region has a dax_region" \
		compgen -G /sys/bus/cxl/devices/dax_region*
	check "it is not bound" not bound
	decide_afresh
	check "HMEM owns the range, decided afresh" wait_for 20 owned_by hmem "$sr0"
	check "the dax_region is still not bound" not bound
	write 1 /sys/bus/cxl/drivers_autoprobe
	need write "$(basename /sys/bus/cxl/devices/dax_region*)" /sys/bus/cxl/drivers_probe
	check "bound by hand, CXL owns it" bound
}
