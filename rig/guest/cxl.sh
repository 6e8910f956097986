# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# CXL: its modules, devices and regions

modules="cxl_acpi cxl_port cxl_pci cxl_mem dax_hmem dax_cxl kmem"

# load [MODULE...]: in this order; all of them, CXL first, if none is named
load()
{
	local module

	# shellcheck disable=SC2086 # a list of words
	[ $# -gt 0 ] || set -- $modules
	for module; do
		assert modprobe "$module"
	done
	settle
}

# load_at_once: all of them, each by a modprobe of its own
load_at_once()
{
	local module

	for module in $modules; do
		modprobe "$module" &
	done
	wait
	settle
}

# unload_module MODULE: and before it what uses it, if it is still loaded
unload_module()
{
	local user

	for user in /sys/module/"$1"/holders/*; do
		[ ! -e "$user" ] || unload_module "${user##*/}" || return
	done
	[ ! -e "/sys/module/$1" ] || rmmod "$1"
}

# blacklist MODULE...: nothing loads them by alias
blacklist()
{
	mkdir -p /run/modprobe.d
	printf 'blacklist %s\n' "$@" > /run/modprobe.d/rig.conf
}

# settle: CXL's probing is over
settle()
{
	assert wait_for 20 probed
	[ ! -e /sys/bus/cxl ] || echo 1 > /sys/bus/cxl/flush
}

# probed: each PCI memory device with a driver has its endpoint
probed()
{
	local d

	[ -d /sys/bus/pci/drivers/cxl_pci ] || return 0
	for d in /sys/bus/pci/devices/*; do
		[ "$(< "$d/class")" = 0x050210 ] || continue
		[ "$(< "$d/driver_override")" = '(null)' ] || continue
		[ -e "$d/driver" ] || return
		[ -d /sys/bus/cxl/drivers/cxl_mem ] || continue
		compgen -G "$d/mem*/driver" > /dev/null || return
	done
}

# pci_of SERIAL: its PCI address, also before a driver binds
pci_of()
{
	lspci -vvDd ::0502 | awk -v serial="$(printf '%016x' "$1")" '
		/^[0-9a-f]+:/ { address = $1 }
		/Device Serial Number/ {
			gsub(/-/, "", $NF)
			if ($NF "" == serial "") {
				print address
				found = 1
				exit
			}
		}
		END { exit !found }'
}

# memdev SERIAL: its name
memdev()
{
	local d serial

	for d in /sys/bus/cxl/devices/mem*; do
		read -r serial 2> /dev/null < "$d/serial" || continue
		((serial != $1)) || { echo "${d##*/}"; return; }
	done
	return 1
}

endpoint() { cxl list -E -m "$(memdev "$1")" | jq -re '.[0].endpoint'; }

# keep_undriven SERIAL...: cxl_pci will not drive it; call it before load
keep_undriven()
{
	local serial

	for serial; do
		echo none > "/sys/bus/pci/devices/$(pci_of "$serial")/driver_override"
	done
}

# drive SERIAL...: what keep_undriven kept is driven now
drive()
{
	local serial pci

	for serial; do
		pci=$(pci_of "$serial")
		echo > "/sys/bus/pci/devices/$pci/driver_override"
		echo "$pci" > /sys/bus/pci/drivers_probe
	done
}

# let_drive SERIAL...: and CXL's probing is over
let_drive() { drive "$@"; settle; }

# cxl_create_region DECODER SERIAL...: the command, by these devices' names
cxl_create_region()
{
	local decoder=$1 serial names=()
	shift

	for serial; do
		names+=("$(memdev "$serial")") || fail "no device $serial"
	done
	cxl create-region -t "${type:-ram}" ${size:+-s "$size"} -d "$decoder" \
		-m "${names[@]}" 2>&1
}

# create_region DECODER SERIAL...: over what is free of these devices, or $size
# of it, of type ram, or $type; the name of the new region is in $region
create_region()
{
	local out

	out=$(cxl_create_region "$@") || fail "cxl create-region $*: $out"
	region=$(sed -n 's/.*"region": *"\([^"]*\)".*/\1/p' <<< "$out")
	[ -n "$region" ] || fail "cxl create-region names no region: $out"
}

# bare_region DECODER SIZE: one that has addresses and no targets, in $region, by
# hand; it is one way wide
bare_region()
{
	local devices=/sys/bus/cxl/devices

	read -r region < "$devices/$1/create_ram_region" &&
		write "$region" "$devices/$1/create_ram_region" &&
		write 256 "$devices/$region/interleave_granularity" &&
		write 1 "$devices/$region/interleave_ways" &&
		write "$(in_bytes "$2")" "$devices/$region/size"
}

# refused_region DECODER SERIAL...: there is no room for it in the window
refused_region()
{
	local out

	out=$(cxl_create_region "$@") && return 1
	echo "$out"
	[[ $out == *"Numerical result out of range"* ]]
}

regions() { cxl list -R | jq -r '.[].region'; }

# region_over RANGE: the region that is just there
region_over()
{
	local r

	for r in /sys/bus/cxl/devices/region*; do
		[ -e "$r" ] || continue
		[ "$(range_of "${r##*/}")" != "$1" ] || { echo "${r##*/}"; return; }
	done
	return 1
}

# as_before: region0 yields to HMEM in $sr0, with decoders, iomem as noted before
as_before()
{
	settle
	[ "$(hdm)" = "$decoders" ] || { diff <(hdm) <(echo "$decoders"); return 1; }
	owned_by hmem "$sr0" || return
	wait_for 20 test -e /sys/bus/cxl/devices/dax_region0 || return
	# shellcheck disable=SC2154 # the scenario's
	[ "$(list_iomem)" = "$iomem" ] || { list_iomem; return 1; }
}
