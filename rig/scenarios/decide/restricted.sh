# SPDX-License-Identifier: GPL-2.0
# Rules: R3
#
# Firmware says what its CXL windows are for (CEDT, CXL 3.1 section 9.18.1.3). Of one
# Soft Reserved range over three of them HMEM owns what is in the window for all uses
# and what is in no window. What is in the window for accelerators and in that for
# persistent memory is nobody's, as CXL has no region there.

stages="firmware system early"
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

system()
{
	parts
	load
	owns hmem "$all" "HMEM owns what is in the window for all"
	expect "it comes online" comes_online "$all"
	expect "it holds data" holds_data "$all"
	owns hmem "$outside" "HMEM owns what is in no window"
	expect "it comes online" comes_online "$outside"
	expect "nobody owns memory of accelerators" owned_by none "$type2"
	expect "nobody owns persistent memory" owned_by none "$pmem"
	expect "neither is published" eval 'not published "$type2" && not published "$pmem"'
	expect "debugfs says why of the first" says "$type2" unowned "$why"
	expect "and of the second" says "$pmem" unowned "$why"
	expect "so does the log" logged "0x${type2%-*}-.* is unowned: $why"

	assert offline "$all"
	assert offline "$outside"
	decide_afresh
	owns hmem "$all" "decided afresh, HMEM owns what it owned"
	expect "and nobody the rest" owned_by none "$(span "$type2" "$pmem")"
	soft_reserve "$sr0"
	boot_with soft_reserve=early
}

early()
{
	parts
	load
	owns hmem "$all" "early: HMEM owns what is in the window for all"
	expect "early: nobody owns the restricted" owned_by none "$(span "$type2" "$pmem")"
	expect "early: it is published all the same" \
		eval 'published "$type2" && published "$pmem"'
}
