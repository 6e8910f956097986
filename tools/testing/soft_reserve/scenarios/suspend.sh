# A machine that sleeps loses its decoders, and memory of HMEM's has no driver
# that sets them up again: it does not suspend, as with a CXL memory device.

firmware()
{
	load
	create_region decoder0.0 1
	soft_reserve "$region"
}

may_sleep() { grep -qw mem /sys/power/state; }

kernel()
{
	keep_undriven 1 2 3 4
	check "the machine may sleep" may_sleep
	load
	check "HMEM owns the range" wait_for 20 owned_by hmem "$sr0"
	check "the machine may not sleep" not may_sleep
	check "and does not" not write mem /sys/power/state
	need unbind_hmem "$sr0"
	check "HMEM has let go: it may sleep" may_sleep
}
