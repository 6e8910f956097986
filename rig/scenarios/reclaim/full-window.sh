# SPDX-License-Identifier: GPL-2.0
# Rules: R7
#
# What HMEM owns is not given away: where it leaves no room in the window, a
# region for another device is refused, as in a full window.

windows="0:512M 1:1G 0,1:2G"

firmware() { one_region; }

system()
{
	keep_undriven 1
	load
	owns hmem "$sr0"
	expect "its memory comes online" comes_online "$sr0"
	expect "a region in the same window is refused" refused_region decoder0.0 2
	expect "HMEM still owns its range" owned_by hmem "$sr0"
	expect "its memory still holds data" holds_data "$sr0"
}
