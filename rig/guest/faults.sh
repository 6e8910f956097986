# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Allocations that fail

# failslab_on: memory may be short also where one may wait for it, quietly
failslab_on()
{
	failslab=/sys/kernel/debug/failslab
	write N $failslab/ignore-gfp-wait
	write 0 $failslab/verbose
}

# filter require|reject FUNCTION: what fails, in it and in what it calls
filter()
{
	local from to

	read -r from to < <(sort /proc/kallsyms | awk -v f="$2" '
		from { print from, $1; exit }
		$3 == f { from = $1 }')
	echo "0x$from" > "$failslab/$1-start" && echo "0x$to" > "$failslab/$1-end"
}

# write_failing N VALUE FILE: its N-th allocation fails; false if it is refused for
# that, 2 if it has fewer
write_failing()
(
	refused=0
	exec 2> refusal 4> "$3" 5<> "/proc/$BASHPID/fail-nth"
	echo "$1" >&5
	echo "$2" >&4 || refused=1
	read -r left <&5
	echo 0 >&5
	[ "$left" = 0 ] || return 2
	return "$refused"
)
