# SPDX-License-Identifier: GPL-2.0
# Rules: R4 R6
#
# A driver of something else takes a minute to probe, or its probe dies.
# Soft Reserved memory does not wait for it: neither what two regions cover
# together, nor what HMEM is left with.
#
# The next boot does wait for it, as the kernel that goes locks each device: so
# the one that has died comes last.

stages="firmware sleeps sleeps_async dies"
test_modules=1
limit=400
known_splat=slow_probe

# on each bridge two regions, side by side: the first pair is $sr0, the second $sr1
firmware()
{
	load
	create_region decoder0.0 1
	first=$(range_of "$region")
	create_region decoder0.0 2
	remember covered "$(span "$first" "$(range_of "$region")")"
	create_region decoder0.1 3
	first=$(range_of "$region")
	create_region decoder0.1 4
	remember partly "$(span "$first" "$(range_of "$region")")"
	soft_reserve "$covered" "$partly"
}

begun() { logged "slow_probe: begins"; }

# beside PARAMETER...: with such a probe under way
beside()
{
	local module

	insmod /mnt/rig/slow_probe.ko "$@" &
	assert wait_for 10 begun
	for module in $modules; do
		modprobe "$module" &
	done
}

sleeps()
{
	keep_undriven 4
	beside seconds=60
	patience=30 owns cxl "$covered" "a probe sleeps elsewhere: CXL owns what two regions cover"
	patience=30 owns hmem "$partly" "HMEM owns the rest"
	expect "while it still sleeps" not logged "slow_probe: ends"
	expect "nobody waits for it" not logged "waiting for slow_probe"
	soft_reserve "$covered" "$partly"
}

sleeps_async()
{
	keep_undriven 4
	# modprobe waits for asynchronous probes of the machine, after each module
	# that it loads: so it may have to load one, but no two
	load cxl_acpi cxl_port cxl_pci cxl_mem
	beside seconds=60 async=1
	patience=40 owns cxl "$covered" "an asynchronous probe sleeps elsewhere: CXL owns what two regions cover"
	patience=40 owns hmem "$partly" "HMEM owns the rest"
	expect "while it still sleeps" not logged "slow_probe: ends"
	soft_reserve "$covered" "$partly"
}

dies()
{
	keep_undriven 4
	beside seconds=0
	patience=30 owns cxl "$covered" "a probe has died elsewhere: CXL owns what two regions cover"
	patience=30 owns hmem "$partly" "HMEM owns the rest"
}
