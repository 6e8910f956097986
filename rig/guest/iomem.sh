# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Soft Reserved ranges: what firmware marks, what /proc/iomem has, who owns what

sr_count=0

# soft_reserve RANGE|THING...: firmware marks it for the next kernel, which
# sees it as $sr0, $sr1...
soft_reserve()
{
	local r

	for r; do
		[[ $r == *-* ]] || r=$(range_of "$r")
		boot_with "$(printf 'memmap=%#x%%%#x+0xefffffff' \
			"$(size_of "$r")" "$(start_of "$r")")"
		remember "sr$sr_count" "$r"
		sr_count=$((sr_count + 1))
	done
}

# one_region, two_regions, two_windows: what firmware does in most scenarios. A region over
# device 1, or one each over devices 1 and 2, side by side, at $first and $second;
# all of it is $sr0.
one_region()
{
	load
	create_region decoder0.0 1
	soft_reserve "$region"
}

two_regions()
{
	load
	create_region decoder0.0 1
	remember first "$(range_of "$region")"
	create_region decoder0.0 2
	remember second "$(range_of "$region")"
	soft_reserve "$(span "$first" "$second")"
}

# two_windows: one over device 1, in the first window, which is $sr0, and one over
# device 3, in the second, which is $sr1
two_windows()
{
	load
	create_region decoder0.0 1
	soft_reserve "$region"
	create_region decoder0.1 3
	soft_reserve "$region"
}

# list_iomem: the part of /proc/iomem that is about us
list_iomem()
{
	grep -E 'CXL|Soft|region|dax|kmem' /proc/iomem || echo "(nothing in iomem)"
}

# iomem_path RANGE: names of the entries that contain it, outermost first
iomem_path()
{
	local start end line name path=

	start=$(start_of "$1")
	end=$(end_of "$1")
	while IFS= read -r line; do
		name=${line#* : }
		line=${line%% : *}
		line=${line// /}
		((0x${line%-*} <= start && 0x${line#*-} >= end)) || continue
		path+="${path:+ > }$name"
	done < /proc/iomem
	echo "$path"
}

# in_iomem RANGE PATTERN: its path there is like this (* for anything)
in_iomem()
{
	local path

	path=$(iomem_path "$1")
	echo "iomem: $path"
	# shellcheck disable=SC2053 # a pattern is what is wanted
	[[ $path == $2 ]]
}

# published RANGE: just this range is Soft Reserved in iomem
published() { grep -qE "^ *0*$1 : Soft Reserved\$" /proc/iomem; }

# expect_published RANGE TEXT: a test point, unless this is a kernel of mainline that does
# not publish anything, of which scenario hmem-fallback tells
expect_published()
{
	if [[ $(uname -r) == 6.* ]] || grep -q ' : Soft Reserved$' /proc/iomem; then
		expect "$2" published "$1"
	else
		skip "$2" "this kernel does not publish what HMEM owns"
	fi
}

# dax_over RANGE: names of the dax devices that overlap it
dax_over()
{
	local d start size first=$((0x${1%-*})) last=$((0x${1#*-}))

	for d in /sys/bus/dax/devices/dax*; do
		read -r start 2> /dev/null < "$d/resource" || continue
		read -r size 2> /dev/null < "$d/size" || continue
		((size > 0 && start <= last && start + size > first)) &&
			echo "${d##*/}"
	done
	return 0
}

# owners RANGE: drivers whose dax devices lie in it: cxl, hmem, or none
owners()
{
	local dax cxl='' hmem='' other='' all

	for dax in $(dax_over "$1"); do
		if compgen -G "/sys/bus/cxl/devices/dax_region*/$dax" > /dev/null; then
			cxl=cxl
		elif compgen -G "/sys/bus/platform/devices/hmem.*/$dax" > /dev/null; then
			hmem=hmem
		else
			other=other
		fi
	done
	all="$cxl $hmem $other"
	# shellcheck disable=SC2086 # words
	set -- $all
	echo "${*:-none}"
}

# owned_by OWNER RANGE: by it alone, and all of the range lies in its dax
# devices; owned_by none: in none at all
owned_by()
{
	local dax from to covered=0 first=$((0x${2%-*})) last=$((0x${2#*-})) by

	for dax in $(dax_over "$2"); do
		read -r from < "/sys/bus/dax/devices/$dax/resource"
		read -r to < "/sys/bus/dax/devices/$dax/size"
		to=$((from + to - 1))
		((from >= first)) || from=$first
		((to <= last)) || to=$last
		covered=$((covered + to - from + 1))
	done
	by=$(owners "$2")
	echo "owners: $by, $covered of $((last - first + 1)) bytes"
	[ "$by" = "$1" ] || return
	[ "$1" = none ] || ((covered == last - first + 1))
}

# owns OWNER RANGE [TEXT]: a test point: soon it is owned by that, and by it alone.
# $patience says how many seconds that may take.
owns()
{
	local -A names=([cxl]=CXL [hmem]=HMEM [none]=nobody)
	local range=$2

	[ "$2" != "${sr0-}" ] || range="the range"
	expect "${3-${names[$1]} owns $range}" wait_for "${patience-20}" owned_by "$1" "$2"
}

# hmem_of RANGE: the platform device that serves it
hmem_of()
{
	local dax

	dax=$(dax_over "$1") && dax=$(readlink -f "/sys/bus/dax/devices/$dax") &&
		basename "$(dirname "$dax")"
}

# unbind_hmem RANGE, bind_hmem hmem.N
unbind_hmem() { unbind_from platform/hmem "$(hmem_of "$1")"; }
bind_hmem() { bind_to platform/hmem "$1"; }

# unowned: how many of the bytes that firmware marked for this boot no dax device
# has; nothing if it marked none
unowned()
{
	local word d start size

	{
		for word in $(< /proc/cmdline); do
			[[ $word =~ ^memmap=(.+)%(.+)\+0xefffffff$ ]] || continue
			edges marked "${BASH_REMATCH[2]}" "${BASH_REMATCH[1]}"
		done
		for d in /sys/bus/dax/devices/dax*; do
			read -r start 2> /dev/null < "$d/resource" || continue
			read -r size 2> /dev/null < "$d/size" || continue
			edges dax "$start" "$size"
		done
	} | sort -n | awk '
		depth["marked"] { all += $1 - at; if (!depth["dax"]) none += $1 - at }
		{ at = $1; depth[$2] += $3 }
		END { if (all) printf "%.0f of %.0f bytes\n", none, all }'
}

# edges KIND START SIZE: lines of a list that is swept by address
edges() { printf '%d %s %d\n' "$(($2))" "$1" 1 "$(($2 + $3))" "$1" -1; }

# say_unowned: when it is not what was said last in this boot. Without a fork as long as
# dax devices are where they were: this is called after each test point.
say_unowned()
{
	local d file line now=

	for d in /sys/bus/dax/devices/dax*; do
		for file in "$d"/{resource,size}; do
			read -r line 2> /dev/null < "$file" && now+=" $line"
		done
	done
	[ "$now" != "${dax_devices-none yet}" ] || return 0
	dax_devices=$now
	now=$(unowned)
	[ "$now" = "${said_unowned-}" ] || say "unowned: $now"
	said_unowned=$now
}

# decide_afresh: what nobody claims
decide_afresh()
{
	assert unbind_from platform/hmem_platform hmem_platform.0
	assert bind_to platform/hmem_platform hmem_platform.0
}
