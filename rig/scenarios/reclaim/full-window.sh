# SPDX-License-Identifier: GPL-2.0
#
# What HMEM owns is not given away: where it leaves no room in the window, a
# region for another device is refused, as in a full window.

windows="0:512M 1:1G 0,1:2G"

firmware() { one_region; }

kernel()
{
	keep_undriven 1
	load
	check "HMEM owns the range" wait_for 20 owned_by hmem "$sr0"
	check "its memory comes online" comes_online "$sr0"
	check "a region in the same window is refused" refused_region decoder0.0 2
	check "HMEM still owns its range" owned_by hmem "$sr0"
	check "its memory still holds data" holds_data "$sr0"
}
