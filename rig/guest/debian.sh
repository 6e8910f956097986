# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Debian's kernel, initramfs and user space: they are booted, and looked at, and
# nothing is loaded by hand

# debian_words WORD...: its command line, of that of the kernel that runs; $debian says
# how memory comes online. On a busy host, emulated, systemd takes what is slow for what
# hangs.
debian_words()
{
	local word

	for word; do
		case $word in
		root=* | ro | rw | rootfstype=* | init=* | memhp_default_state=* | systemd.*) ;;
		*) printf '%s ' "$word" ;;
		esac
	done
	[ "$debian" = default ] || printf 'memhp_default_state=%s ' "$debian"
	printf '%s ' systemd.default_{timeout_start,device_timeout}_sec=1800 systemd.service_watchdogs=no
	echo "root=LABEL=rig ro"
}

# undriven SERIAL...: the next kernel cannot drive it
undriven()
{
	local serial

	for serial; do
		boot_with "rig.undriven=$(pci_of "$serial")"
	done
}

# finish_booting: all that systemd was to start is started, and udev has seen all
# devices; what they and the kernel have to say is told to the host
finish_booting()
{
	expect "the boot comes to its end" wait_for "${patience-1200}" booted
	expect "udev has handled all devices" udevadm settle --timeout="${patience-1200}"
	say "boot: $(uname -r): multi-user.target after $(target_ms) ms"
	warnings | sed 's/^/# journal: /'
	expect "no unit has failed, or none but ndctl-monitor" no_unit_failed
}

booted()
{
	case $(systemctl is-system-running) in
	running | degraded) ;;
	*) return 1 ;;
	esac
}

# target_ms: since the kernel was started
target_ms()
{
	local us

	us=$(systemctl show -P ActiveEnterTimestampMonotonic multi-user.target)
	echo $((us / 1000))
}

# warnings: in the journal of this boot, at that level or above
warnings()
{
	journalctl -b -q -p warning -o json |
		jq -r '"\(.SYSLOG_IDENTIFIER // ._COMM): \(.MESSAGE)"'
}

# no_unit_failed: ndctl's monitor fails on each kernel where no NVDIMM can be monitored
no_unit_failed()
{
	local failed

	failed=$(systemctl list-units --failed --plain --no-legend | cut -d' ' -f1)
	echo "failed: $failed"
	[ -z "$failed" ] || [ "$failed" = ndctl-monitor.service ]
}

# boots_with OWNER RANGE: test points: Debian is up, and that owns the range, and its memory
# is online
boots_with()
{
	finish_booting
	owns "$1" "$2"
	online_by_itself "$2"
}

# online_by_itself RANGE [TEXT]: a test point
online_by_itself() { expect "${2-its memory is online}" wait_for "${patience-60}" all_online "$1"; }
