# SPDX-License-Identifier: GPL-2.0
# Rules: R4 R6
#
# No region covers a range: when CXL has probed, HMEM's memory is there after no
# more than the work to be done, and nobody waits for anything. No lock of the
# layer is held while something probes or is plugged in.

ours_only=1	# nothing for compare: it is about time
cpus=1
clock=instructions
limit=900

firmware()
{
	load
	create_region decoder0.0 1
	soft_reserve "$(part "$(range_of decoder0.0)" "$(size_of "$(range_of "$region")")" 256M)"
	log_times
}

# CXL is loaded by the kernel, as it wants to know what CXL covers
load_hmem()
{
	assert modprobe -a kmem dax_cxl dax_hmem
	assert wait_for 20 serves "$sr0"
}

serves() { [ "$(owners "$1")" = hmem ] && [ "$(blocks "$1" | wc -l)" -gt 0 ]; }

# inside_holds PATTERN: what was logged while the lock was held
inside_holds()
{
	{
		lock_times | sed 's/^/hold /'
		grep -E "$1" log | sed -E 's/^\[ *([0-9]+)\.([0-9]+)\]/\1\2/'
	} | awk -v n=0 '
		$1 == "hold" { from[n] = $2; to[n] = $3; n++; next }
		{ for (i = 0; i < n; i++) if ($1 + 0 >= from[i] && $1 + 0 <= to[i]) print }'
}

system()
{
	timed load_hmem
	dax=$(dax_over "$sr0")
	from=$(last_at 'bound device to driver cxl_')
	plug=$(last_at " $dax: .*probing driver kmem")
	to=$(last_at " $dax: .*bound device to driver kmem")
	bench fallback $((to - from))
	bench fallback/idle "$(idle "$from" "$plug")"
	bench fallback/plug $((to - plug))
	expect "after CXL's last probe nobody waits" [ "$(idle "$from" "$plug")" -eq 0 ]

	if [ ! -d /sys/kernel/tracing/events/lock ]; then
		skip "how often the lock is taken" "this kernel has no lockdep"
		skip "how long it is held" "this kernel has no lockdep"
		skip "what happens meanwhile" "this kernel has no lockdep"
		return
	fi
	longest=$(lock_times | awk '$2 - $1 > max { max = $2 - $1 } END { print max + 0 }')
	bench hold "$longest"
	bench hold/plug $((to - plug))
	expect "the lock is taken" [ "$(lock_times | wc -l)" -gt 5 ]
	expect "and never for as long as memory takes to be plugged in" \
		[ "$longest" -lt $((to - plug)) ]
	expect "nothing probes, nothing is plugged in meanwhile" \
		[ -z "$(inside_holds 'probing|bound|calling|init_memory_mapping')" ]
}
