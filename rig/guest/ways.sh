# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What softres calls a range, and whether what it prints leads where it says. Its table
# of states and ways out is in tools/dax/table.c.

# ranges RANGE FILTER: of the ranges that softres has in RANGE, what jq's filter says
ranges()
{
	softres --json | jq -r --argjson first "$(start_of "$1")" --argjson last "$(end_of "$1")" \
		".ranges[] | select(.start <= \$last and .end >= \$first) | $2"
}

# is_called STATE RANGE: all of it, by softres
is_called()
{
	local states

	states=$(ranges "$2" .state | sort -u)
	echo "softres calls it: $states"
	[ "$states" = "$1" ]
}

# calls STATE RANGE: a test point: softres calls it so soon
calls() { expect "softres calls it $1" wait_for 20 is_called "$1" "$2"; }

# reached GOAL FIRST LAST: it holds there, numbers in decimal
reached()
{
	softres --json | jq -e --arg goal "$1" --argjson first "$2" --argjson last "$3" '
		[.ranges[] | select(.start <= $last and .end >= $first) | .holds] |
		length > 0 and all(index($goal) != null)' > /dev/null
}

# follow WAY RANGE: type what softres prints, in order, as it stands; then the goal that
# it names is reached. Where it has not said which step leads there, one may fail.
follow()
{
	local plan step goal first last

	plan=$(ranges "$2" ".plans[] | select(.way == \"$1\") | @json" | head -n 1)
	[ -n "$plan" ] || { softres -v; return 1; }
	jq -r '.text, .warning // empty' <<< "$plan"
	while IFS= read -r step; do
		echo "\$ $step"
		bash -c "$step" 2>&1 || [ "$(jq .choose <<< "$plan")" = true ] || return
	done < <(jq -r '.steps[]' <<< "$plan")
	read -r goal first last < <(jq -r '"\(.goal) \(.start) \(.end)"' <<< "$plan")
	wait_for 20 reached "$goal" "$first" "$last" || { softres -v; return 1; }
}

# leads STATE WAY RANGE: two test points: softres calls the range STATE, and WAY leads
# where it says. The first part of the range tells, if softres cuts it.
leads()
{
	expect "$1: softres calls it so" wait_for 20 is_partly "$1" "$3"
	expect "$1: $2 leads where softres says" follow "$2" "$3"
}

is_partly()
{
	local states

	states=$(ranges "$2" .state)
	echo "softres calls it: $states"
	grep -qx "$1" <<< "$states"
}
