# SPDX-License-Identifier: GPL-2.0
#
# Firmware says what its CXL windows are for (CEDT, CXL 3.1 section 9.18.1.3). Of one
# Soft Reserved range over three of them HMEM owns what is in the window for all uses
# and what is in no window. What is in the window for accelerators and in that for
# persistent memory is nobody's, as CXL has no region there.

stages="firmware kernel early"
windows=
devices=
hbm=512M
start=0x100000000	# of node 1
part=0x8000000

# window NUMBER RESTRICTIONS: one after the other
window()
{
	le 1 1 0	# CFMWS
	le 2 40
	le 4 0
	le 8 $((start + $1 * part)) $part
	le 1 0 0	# one target, modulo arithmetic
	le 2 0
	le 4 0
	le 2 "$2" 0
	le 4 0		# the target
}

acpi_table()
{
	acpi_header CEDT $((36 + 3 * 40))
	window 0 0xf	# all
	window 1 0x5	# volatile memory of type 2 devices
	window 2 0xa	# persistent memory
}

firmware() { soft_reserve node1; }

# says RANGE STATE PATTERN: debugfs has it in this state, for that reason
says()
{
	grep "range=$1 .*state=$2 reason=\"$3\"" /sys/kernel/debug/dax/regions
}

parts()
{
	all=$(part "$sr0" 0 128M)
	type2=$(part "$sr0" 128M 128M)
	pmem=$(part "$sr0" 256M 128M)
	outside=$(part "$sr0" 384M 128M)
	why="its CXL window is not for volatile memory of the host"
}

kernel()
{
	parts
	load
	check "HMEM owns what is in the window for all" \
		wait_for 20 owned_by hmem "$all"
	check "it comes online" comes_online "$all"
	check "it holds data" holds_data "$all"
	check "HMEM owns what is in no window" wait_for 20 owned_by hmem "$outside"
	check "it comes online" comes_online "$outside"
	check "nobody owns memory of accelerators" owned_by none "$type2"
	check "nobody owns persistent memory" owned_by none "$pmem"
	check "neither is published" eval 'not published "$type2" && not published "$pmem"'
	check "debugfs says why of the first" says "$type2" free "$why"
	check "and of the second" says "$pmem" free "$why"
	check "so does the log" logged "0x${type2%-*}-.* is free: $why"

	need offline "$all"
	need offline "$outside"
	decide_afresh
	check "decided afresh, HMEM owns what it owned" \
		wait_for 20 owned_by hmem "$all"
	check "and nobody the rest" owned_by none "$(span "$type2" "$pmem")"
	check "no device is deferred" nothing_deferred
	soft_reserve "$sr0"
	boot_with soft_reserve=early
}

early()
{
	parts
	load
	check "early: HMEM owns what is in the window for all" \
		wait_for 20 owned_by hmem "$all"
	check "early: nobody owns the restricted" owned_by none "$(span "$type2" "$pmem")"
	check "early: it is published all the same" \
		eval 'published "$type2" && published "$pmem"'
}
