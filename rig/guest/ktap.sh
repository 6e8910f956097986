# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Test points, as KTAP. Each side of the guest's serial port knows these lines, too:
#   @boot STAGE, @end STAGE   a boot begins, and has come to its end
#   @fail WHY                 the scenario cannot go on
#   @host COMMAND, @gcov ...  see host() and count_lines()
#   @done                     this was the last boot

test_number=0

say() { printf '# %s\n' "$*"; }
indent() { sed 's/^/#   /'; }

# tell TEXT: what goes on, for whoever watches; "== TEXT" is a heading
tell() { printf '# > %s\n' "$@"; }

# map: draw who owns what, as wide as the host's terminal
map()
{
	softres --brief --width="${rig_columns-80}" "--${rig_map-ascii}" \
		--color="${rig_colour-never}" 2>&1 | sed 's/^/# > /'
	tell ""
}

# expect WHAT COMMAND...: a test point, which fails if the command does
expect()
{
	local what=$1 out status=0
	shift

	test_number=$((test_number + 1))
	out=$("$@" 2>&1) || status=1
	if [ $status = 0 ]; then
		echo "ok $test_number - $what"
	else
		echo "not ok $test_number - $what"
		say "failed: $*"
		[ -z "$out" ] || indent <<< "$out"
		list_iomem | indent
	fi
	say_unowned
	return $status
}

# skip WHAT WHY: a test point that cannot be tried here
skip()
{
	test_number=$((test_number + 1))
	echo "ok $test_number - $1 # SKIP $2"
}

# fail WHY: the scenario cannot go on
fail()
{
	{
		list_iomem | indent
		say_unowned
		echo "@fail $*"
	} >&3 # also from where output is kept
	exec tail -f /dev/null
}

# assert COMMAND...: what must succeed for the scenario to make sense
assert()
{
	local out

	out=$("$@" 2>&1) || fail "$*: $(tail -n 3 <<< "$out" | tr '\n' ' ')"
	say_unowned >&3
}

# wait_for SECONDS COMMAND...: until the command succeeds; false if it does not
wait_for()
{
	local end=$((SECONDS + $1))
	shift

	until "$@" > /dev/null 2>&1; do
		((SECONDS < end)) || {
			echo "waited in vain for: $*" >&2
			return 1
		}
		sleep 0.1
	done
}

not() { ! "$@"; }

# write TEXT FILE: into a file of sysfs
write() { echo "$1" > "$2"; }

# unbind_from BUS/DRIVER DEVICE, bind_to BUS/DRIVER DEVICE
unbind_from() { write "$2" "/sys/bus/${1/\///drivers/}/unbind"; }
bind_to() { write "$2" "/sys/bus/${1/\///drivers/}/bind"; }

# logged PATTERN: the kernel log of this boot has such a line
logged() { dmesg | grep -E "$1"; }

# suite_passes SUITE: all cases of a KUnit suite, and none is skipped
suite_passes()
{
	local results=/sys/kernel/debug/kunit/$1/results

	[ -e "$results" ] || modprobe "$1_kunit" || return
	cat "$results"
	grep -qE "^ok [0-9]+ $1\$" "$results" &&
		! grep -qE '^ *not ok|# SKIP' "$results"
}
