# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What all that runs on the host shares: where things are, and how to fail in one
# line.

set -euo pipefail

export BASE=${BASE:-6.12}
base=$BASE
rig=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
top=$(dirname "$rig")
# What is made of the default base is in build/, of another in build/BASE.
outdir=build
[ "$base" = 6.12 ] || outdir=build/$base
build=$top/$outdir
cache=${XDG_CACHE_HOME:-$HOME/.cache}/soft-reserve
# Each checkout has a tree of its own; everything else is shared.
work=$cache/work/$(printf %s "$top" | sha256sum | cut -c1-12)
[ "$base" = 6.12 ] || work+=-$base
patched=$work/tree	# build/tree
log=$build/log
export LC_ALL=C TZ=UTC
# what a kernel log must not have
# shellcheck disable=SC2034 # used by those who read one
splat='WARNING:|BUG:|Oops|Kernel panic|general protection|Call Trace:|INFO: (task|rcu|possible|trying)|(KASAN|KCSAN|UBSAN):|refcount_t:|list_(add|del) corruption|stalls? on CPU'

die()
{
	echo "${0##*/}: $*" >&2
	exit 1
}

[ -e "$top/patches/$base/series" ] || die "BASE=$base: there is no patches/$base"
mkdir -p "$cache" "$log"

# require TOOL...: it is installed
require()
{
	local tool

	for tool in "$@"; do
		command -v "$tool" > /dev/null ||
			die "$tool is missing: run make deps"
	done
}

# space GIB: what is about to be made needs that much in the cache
space()
{
	local free

	free=$(df --output=avail -k "$cache" | tail -1)
	((free > $1 << 20)) ||
		die "$cache has $((free >> 20)) GiB free, $1 GiB are needed: make room, or set XDG_CACHE_HOME"
}

# lock NAME: only one at a time does this step; held until the script ends
lock()
{
	local fd

	exec {fd}> "$cache/$1.lock"
	flock -n "$fd" && return
	echo "${0##*/}: waiting for another $1 step"
	flock "$fd"
}

# source_version: of the default base what is installed; of another, which this release
# of Debian may not have, what make deps has fetched
source_version()
{
	if [ "$base" = 6.12 ]; then
		dpkg-query -W -f '${Version}' "linux-source-$base" 2> /dev/null ||
			die "linux-source-$base is not installed: run make deps"
	else
		cat "$cache/base-$base" 2> /dev/null ||
			die "there is no source of $base: run make deps BASE=$base"
	fi
}

# sites: from which this machine gets its packages, each with a release and a part of it
sites()
{
	apt-get indextargets --format '$(SITE) $(CODENAME) $(COMPONENT)' \
		'Created-By: Packages'
}

# mirror: the site of its release
mirror()
{
	local site

	site=$(sites | awk '$2 ~ /^(bookworm|trixie)$/ && $3 == "main" { print $1; exit }')
	[ -n "$site" ] || die "apt knows no Debian mirror: is this Debian 12 or 13, and was apt-get update run?"
	echo "$site"
}

# unpack DIR: Debian's kernel source
unpack()
{
	rm -rf "$1.tmp"
	mkdir -p "$1.tmp"
	if [ "$base" = 6.12 ]; then
		tar -C "$1.tmp" --strip-components=1 -xf "/usr/src/linux-source-$base.tar.xz"
	else
		tar -C "$(pristine)" --exclude='./obj*' -c . | tar -C "$1.tmp" -x
	fi
	mv "$1.tmp" "$1"
}

# pristine: unpack the source once for all checkouts, print where it is
pristine()
{
	local version dir

	version=$(source_version)
	dir=$cache/source/$version
	if [ ! -d "$dir" ]; then
		[ "$base" = 6.12 ] || die "there is no source of $base: run make deps BASE=$base"
		space 8
		echo "unpacking linux-source-$base $version" >&2
		unpack "$dir"
	fi
	echo "$dir"
}

# progress WHAT TOTAL LOG: copy a build's output to LOG, show how far it is,
# in one line on a terminal, else every 20 s; TOTAL may be empty
progress()
{
	local n=0 next=5 line step=20 end='\n'

	[ -t 1 ] && step=1 && next=0 && end='\r'
	SECONDS=0
	while IFS= read -r line; do
		printf '%s\n' "$line" >&4
		[[ $line == "  "[A-Z]* ]] && n=$((n + 1))
		((SECONDS < next)) && continue
		next=$((SECONDS + step))
		# shellcheck disable=SC2059 # the end of line is the format's
		printf "$1: %d%s steps, %d s$end" "$n" "${2:+ of about $2}" "$SECONDS"
	done 4> "$3"
	printf '%s: done, %d steps, %d s\n' "$1" "$n" "$SECONDS"
}
