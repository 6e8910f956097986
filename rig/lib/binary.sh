# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Numbers, and tables of firmware

# in_bytes SIZE: without its suffix
in_bytes() { numfmt --from=iec "$1"; }

# le BYTES VALUE...: little endian
le()
{
	local size=$1 i value

	shift
	for value; do
		for ((i = 0; i < size; i++)); do
			printf '%b' "$(printf '\\x%02x' $((value >> 8 * i & 255)))"
		done
	done
}

# acpi_header SIGNATURE LENGTH: QEMU adds the checksum
acpi_header()
{
	printf %s "$1"
	le 4 "$2"
	le 1 1 0
	printf 'RIG   RIG     '
	le 4 1
	printf 'RIG '
	le 4 1
}
