# SPDX-License-Identifier: GPL-2.0
# Rules: R7
#
# HMEM owns memory behind a device that has no driver, and an administrator allows
# all CXL devices and the ports above them to sleep at run time. They stay awake as
# long as HMEM, or CXL, has claimed memory, and sleep when nobody does.

firmware() { one_region; }

allow_sleep()
{
	local d

	for d in /sys/bus/pci/devices/*; do
		case $(< "$d/class") in
		0x050210 | 0x060400) write auto "$d/power/control" ;;
		esac
	done
}

status() { cat "/sys/bus/pci/devices/$(pci_of 1)/power/runtime_status"; }
port_status() { cat "$(dirname "$(readlink -f "/sys/bus/pci/devices/$(pci_of 1)")")/power/runtime_status"; }
awake() { [ "$(status)" = active ] && [ "$(port_status)" = active ]; }
asleep() { [ "$(status)" = suspended ]; }

system()
{
	keep_undriven 1
	load
	owns hmem "$sr0"
	expect "its memory comes online" comes_online "$sr0"
	allow_sleep
	expect "the device does not fall asleep" not wait_for 3 asleep
	expect "nor does the port above it" awake
	expect "its memory holds data" holds_data "$sr0"

	assert offline "$sr0"
	hmem=$(hmem_of "$sr0")
	assert unbind_hmem "$sr0"
	expect "when HMEM has let go, it may sleep" wait_for 20 asleep
	assert bind_hmem "$hmem"
	expect "HMEM has it again: it is awake" awake
	expect "its memory comes online" comes_online "$sr0"
	expect "it holds data" holds_data "$sr0"
}
