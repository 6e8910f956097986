# SPDX-License-Identifier: GPL-2.0
# Rules: R1
#
# What is written to the attributes of a dax device is done, or refused.

firmware() { one_region; }

system()
{
	keep_undriven 1
	load
	owns hmem "$sr0"
	dax=/sys/bus/dax/devices/$(dax_over "$sr0")
	start=$(start_of "$sr0")

	expect "a mapping that is misaligned is refused" \
		not write "$(printf '%x-%x' "$start" $((start + 4095)))" "$dax/mapping"
	expect "a size that is misaligned is refused" not write 4096 "$dax/size"
	expect "HMEM owns the range as before" owned_by hmem "$sr0"
}
