# SPDX-License-Identifier: GPL-2.0
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

kernel()
{
	keep_undriven 1
	load
	check "HMEM owns the range" wait_for 20 owned_by hmem "$sr0"
	check "its memory comes online" comes_online "$sr0"
	allow_sleep
	check "the device does not fall asleep" not wait_for 3 asleep
	check "nor does the port above it" awake
	check "its memory holds data" holds_data "$sr0"

	need offline "$sr0"
	hmem=$(hmem_of "$sr0")
	need unbind_hmem "$sr0"
	check "when HMEM has let go, it may sleep" wait_for 20 asleep
	need bind_hmem "$hmem"
	check "HMEM has it again: it is awake" awake
	check "its memory comes online" comes_online "$sr0"
	check "it holds data" holds_data "$sr0"
}
