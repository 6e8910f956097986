# SPDX-License-Identifier: GPL-2.0
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
	keep between "$(part "$first" 128M 256M)"
	keep first "$first"
	boot_with "trace_event=soft_reserve:*"
}

traced() { grep -c "soft_reserve_$1: .*name=region0" /sys/kernel/tracing/trace; }

kernel()
{
	keep_undriven 2
	load
	check "memory of the first range comes online" comes_online "$sr0"
	check "memory of the second range comes online" comes_online "$sr1"
	check "HMEM owns the first" owned_by hmem "$sr0"
	check "HMEM owns the second" owned_by hmem "$sr1"
	check "the region yields once: traced" [ "$(traced yield)" = 1 ]
	check "what lies between stays reserved" in_iomem "$between" \
		"CXL Window 0 > region0"
	check "the first holds data" holds_data "$sr0"
	check "the second holds data" holds_data "$sr1"
	check "no device is deferred" nothing_deferred

	need offline "$sr1"
	need unbind_hmem "$sr1"
	check "the region is not back while it yields a part" \
		not in_iomem "$first" "CXL Window 0 > region0"
	check "what it has back is reserved" in_iomem "$(part "$first" 384M 128M)" \
		"CXL Window 0 > region0"
	need offline "$sr0"
	need unbind_hmem "$sr0"
	check "the region is back, whole" in_iomem "$first" "CXL Window 0 > region0"
	check "it is restored once: traced" [ "$(traced restore)" = 1 ]
}
