# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# TAP of checks that say nothing if all is well: CHECK | point NAME

shopt -s lastpipe
# It is what a check says that counts: grep fails if it finds nothing.
set +o pipefail
n=0
failed=0

point()
{
	local out

	n=$((n + 1))
	out=$(cat)
	if [ -z "$out" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		printf '%s\n' "$out" | sed 's/^/# /'
		failed=1
	fi
}

# skip_point NAME WHY
skip_point()
{
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

tap_end()
{
	echo "1..$n"
	exit $failed
}
