# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# How long things take: kernels that log their times, and how to read that

# log_times: kernels from the next one on log what is initialized, probed and
# plugged in, without printing it, and when they are idle
log_times()
{
	boot_with 'dyndbg="file drivers/base/dd.c +p; func init_memory_mapping +p"' \
		initcall_debug loglevel=1 log_buf_len=8M \
		trace_event=sched:sched_switch trace_clock=global trace_buf_size=8M
}

# timed COMMAND...: with all that modprobe reads from the disk in memory already;
# then the kernel's log is in the file "log", the trace in "trace"
timed()
{
	local t=/sys/kernel/tracing event

	find "/lib/modules/$(uname -r)/" -type f -exec cat {} + > /dev/null
	# shellcheck disable=SC2086 # a list of words
	assert modprobe -n -a $modules
	sleep 0.01
	for event in "$t"/events/lock/lock_{acquire,release}; do
		[ ! -e "$event" ] ||
			write 'name == "dax_arbiter_mutex"' "$event/filter"
		[ ! -e "$event" ] || write 1 "$event/enable"
	done
	"$@"
	write 0 "$t/tracing_on"
	dmesg > log
	cat "$t/trace" > trace
	# splats are looked for on the console
	dmesg -l emerg,alert,crit,err,warn > /dev/ttyS0
}

# bound_logged DRIVER: it has bound a device
bound_logged() { logged "bound device to driver $1\$"; }

# first_at, last_at PATTERN: when that was logged, in us
first_at() { grep -m 1 -E "$1" log | log_time; }
last_at() { grep -E "$1" log | tail -n 1 | log_time; }
log_time() { sed -nE 's/^\[ *([0-9]+)\.([0-9]+)\].*/\1\2/p' | sed 's/^0*//'; }

# initcalls PATTERN: how long those of that name took together, in us
initcalls()
{
	sed -nE 's/.*initcall ([^+]+)\+.* after ([0-9]+) usecs/\1 \2/p' log |
		awk -v name="$1" '$1 ~ name { sum += $2 } END { print sum + 0 }'
}

# idle FROM TO: how much of that time, in us
idle()
{
	awk -v from="$1" -v to="$2" '
		/sched_switch/ {
			match($0, /[0-9]+\.[0-9]+:/)
			at = substr($0, RSTART, RLENGTH - 1) * 1e6
			if (/prev_pid=0/ && since < to && at > from)
				sum += (at < to ? at : to) - (since > from ? since : from)
			since = at
		}
		END { printf "%d\n", sum }' trace
}

# lock_times: when the arbiter's lock was taken and released, in us
lock_times()
{
	sed -nE 's/.* ([0-9]+)\.([0-9]+): lock_(acquire|release): .*dax_arbiter_mutex$/\1\2 \3/p' trace |
		awk '$2 == "acquire" { at = $1 } $2 == "release" && at { print at + 0, $1 + 0; at = 0 }'
}

# bench NAME VALUE: for make bench
bench() { say "bench $*"; }
