# SPDX-License-Identifier: GPL-2.0
# Rules: R2 R3 R8 R12
#
# A region covers one Soft Reserved range whole, and another one half. A region
# is claimed whole: it cannot have the second, so it does not have the first.
# HMEM owns both, and what lies between them stays reserved for the region.

firmware()
{
	load
	create_region decoder0.0 1
	first=$(range_of "$region")
	create_region decoder0.0 2
	second=$(range_of "$region")
	soft_reserve "$(part "$first" 0 128M)"
	soft_reserve "$(span "$(part "$first" 384M 128M)" "$(part "$second" 0 128M)")"
	remember between "$(part "$first" 128M 256M)"
	remember first "$first"
	boot_with "trace_event=soft_reserve:*"
}

# traced_once EVENT TEXT: a test point, if the kernel has such events
traced_once()
{
	local t=/sys/kernel/tracing

	if [ -e $t/events/soft_reserve ]; then
		expect "$2: traced" [ "$(grep -c "soft_reserve_$1: .*name=region0" $t/trace)" = 1 ]
	else
		skip "$2: traced" "this kernel has no such events"
	fi
}

system()
{
	keep_undriven 2
	load
	expect "memory of the first range comes online" comes_online "$sr0"
	expect "memory of the second range comes online" comes_online "$sr1"
	expect "HMEM owns the first" owned_by hmem "$sr0"
	expect "HMEM owns the second" owned_by hmem "$sr1"
	traced_once yield "the region yields once"
	expect "what lies between stays reserved" in_iomem "$between" \
		"CXL Window 0 > region0"
	expect "the first holds data" holds_data "$sr0"
	expect "the second holds data" holds_data "$sr1"
	none_deferred

	assert offline "$sr1"
	assert unbind_hmem "$sr1"
	expect "the region is not back while it yields a part" \
		not in_iomem "$first" "CXL Window 0 > region0"
	expect "what it has back is reserved" in_iomem "$(part "$first" 384M 128M)" \
		"CXL Window 0 > region0"
	assert offline "$sr0"
	assert unbind_hmem "$sr0"
	expect "the region is back, whole" in_iomem "$first" "CXL Window 0 > region0"
	traced_once restore "it is restored once"
}
