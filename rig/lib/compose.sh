# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What `tree` and `refresh` share. State beside the work tree:
#   version   of the source the tree was copied from
#   key       hash of all that went into it
#   manifest  "sha256  path" of each file that is not as in the pristine source
#   .pc/      quilt's own, in the tree: plain quilt works there

. "$(dirname "${BASH_SOURCE[0]}")/host.sh"

patches=$top/patches/$base
scratch=$work/scratch
# quilt as a script needs it: not as its user's quiltrc likes it
quilt()
{
	QUILT_PATCHES=$patches QUILT_SERIES=series QUILT_PC=.pc \
		command quilt --quiltrc - "$@"
}

# steps: the patches of the series, in order. quilt takes none without hunks, so such
# a one is a comment in the list.
steps() { sed -nE 's/^(# *)?([^#[:space:]]+\.patch)([[:space:]].*)?$/\2/p' "$patches/series"; }

# hooks: those with hunks
hooks() { sed -e 's/#.*//' -e 's/[[:space:]].*//' -e '/^$/d' "$patches/series"; }

# header, body STEP: of its patch, as quilt tells one from the other
header() { awk '/^(---|Index:)[ \t][^ \t]|^diff -/ { exit } { print }' "$patches/$1"; }
body() { awk '/^(---|Index:)[ \t][^ \t]|^diff -/ { body = 1 } body' "$patches/$1"; }

# message, notes STEP: what its header has above and below the line of dashes
message() { header "$1" | sed '/^---$/,$d; 1s/^Subject: //'; }
notes() { header "$1" | sed '1,/^---$/d'; }

# step_says STEP WORD: what its notes have behind that word, line by line
step_says() { notes "$1" | sed -n "s/^$2: *//p"; }

# touched STEP: files that its hunks change
touched() { body "$1" | sed -nE 's,^(---|\+\+\+) [ab]/([^[:space:]]+).*,\2,p' | sort -u; }

# check_steps: each is there, and a comment if it has no hunk
check_steps()
{
	local step

	for step in $(steps); do
		[ -e "$patches/$step" ] || die "patches/$base/series names $step, which is not there"
	done
	for step in $(hooks); do
		[ -n "$(body "$step")" ] ||
			die "$step has no hunk, and quilt wants one: write '# $step' in patches/$base/series"
	done
	for step in $(steps | grep -vxF -f <(hooks)); do
		[ -z "$(body "$step")" ] ||
			die "$step has hunks: write it without '#' in patches/$base/series"
	done
}

# added DIR...: what the steps there say that they add
added()
{
	find "$@" -name '*.patch' -print0 | xargs -0r awk '
		FNR == 1 { notes = 0 }
		/^---$/ { notes = 1 }
		/^(---|Index:)[ \t][^ \t]|^diff -/ { nextfile }
		notes && sub(/^Adds: */, "")'
}

# ours: files of the repository that have a place in the kernel tree of this base. The rig
# and softres have none; nor has what only steps of other bases add.
ours()
{
	git -C "$top" ls-files -co --exclude-standard -- arch block drivers \
		fs include init kernel lib mm samples scripts tools/testing \
		Documentation MAINTAINERS | awk '
		function adds(paths, path) {
			for (path in paths)
				if ($0 == path || path ~ "/$" && index($0, path) == 1)
					return 1
		}
		FILENAME == ARGV[1] { here[$0]; next }
		FILENAME == ARGV[2] { all[$0]; next }
		adds(here) || !adds(all)' <(added "$patches") <(added "$top/patches") - |
		while IFS= read -r f; do
			[ ! -e "$top/$f" ] || printf '%s\n' "$f"
		done
}

ours_has() { ours | grep -xF "$1" > /dev/null; }

# with_section SOURCE SECTION: the source's MAINTAINERS, which is sorted, and that section
with_section()
{
	awk 'NR == FNR { section = section $0 "\n"; if (NR == 1) name = $0; next }
		/^3C59X/ { list = 1 }
		list && blank && !done && toupper($0) > name { printf "%s\n", section; done = 1 }
		{ blank = !NF; print }' "$2" "$1/MAINTAINERS"
}

# final SOURCE FILE: how the patched source has a file of ours
final()
{
	if [ "$2" = MAINTAINERS ]; then
		with_section "$1" "$top/$2"
	else
		cat "$top/$2"
	fi
}

# section MAINTAINERS: ours of it
section()
{
	awk -v name="$(head -n 1 "$top/MAINTAINERS")" '
		$0 == name { ours = 1 }
		!NF { ours = 0 }
		ours' "$1"
}

# place_base SOURCE DIR: copy our files to DIR, each as the step has it that adds it:
# what later steps change in it is taken back
place_base()
{
	local step f files

	files=$(ours | sort)
	[ -n "$files" ] || return 0
	(cd "$top" && cpio -pdmu --quiet "$2") <<< "$files"
	! ours_has MAINTAINERS || final "$1" MAINTAINERS > "$2/MAINTAINERS"
	hooks | tac | while IFS= read -r step; do
		for f in $(comm -12 <(touched "$step") - <<< "$files"); do
			take_back "$step" "$f" "$2" ||
				die "$step cannot be taken back from $f, which was edited where it changes that: edit it in $outdir/tree instead, and make refresh (details: $outdir/log/base.log)"
		done
	done
}

# take_back STEP FILE DIR: its hunks in that file
take_back()
{
	GIT_CEILING_DIRECTORIES=$(dirname "$3") git -C "$3" apply -R --whitespace=nowarn \
		--include="$2" "$patches/$1" 2> "$log/base.log"
}

# hooked: files that the hooks touch
hooked() { hooks | while IFS= read -r step; do touched "$step"; done | sort -u; }

# copy_hooked SOURCE DIR: those of them that are there before
copy_hooked()
{
	mkdir -p "$2"
	(cd "$1" && hooked | while IFS= read -r f; do
		[ ! -f "$f" ] || printf '%s\n' "$f"
	done | cpio -pdm --quiet "$2")
}

# pristine_repo SOURCE DIR: an empty repository in DIR, with what the series
# changes of the source beside it
pristine_repo()
{
	rm -rf "$2"
	copy_hooked "$1" "$2"
	cp "$1/MAINTAINERS" "$2"
	git init -q -b series "$2"
}

# inputs VERSION: what the tree is composed of. Messages are no part of it.
inputs()
{
	{
		echo "$1"
		hooks | while IFS= read -r step; do
			echo "$step" && body "$step"
		done
		(cd "$top" && ours | tr '\n' '\0' | xargs -0r sha256sum)
	} | sha256sum
}

hash_of() { [ ! -e "$1" ] || sha256sum < "$1" | cut -d' ' -f1; }
composed_hash() { awk -v f="$1" '$2 == f { print $1 }' "$work/manifest"; }

# edits: files in the tree that are not as they were composed. Only files newer
# than the composition are looked at, so that this takes no time.
edits()
{
	local f was

	[ -e "$work/manifest" ] || return 0
	(cd "$patched" && find . \( -path './obj*' -o -name .pc \) -prune -o \
		-type f ! -name '*.orig' ! -name '*.rej' ! -name '*~' \
		-newer "$work/manifest" -print) | sed 's,^\./,,' | sort |
	while IFS= read -r f; do
		was=$(composed_hash "$f")
		[ -n "$was" ] || was=$(hash_of "$(cat "$work/source")/$f")
		[ "$(hash_of "$patched/$f")" = "$was" ] || printf '%s\n' "$f"
	done
}

refuse_edits()
{
	local edited

	edited=$(edits)
	[ -z "$edited" ] ||
		die "$outdir/tree/${edited%%$'\n'*} was edited: make refresh keeps the edits, make tree FORCE=1 drops them"
}

# compose SOURCE VERSION: the files that differ from the source, in $scratch
compose()
{
	local bad

	rm -rf "$scratch"
	copy_hooked "$1" "$scratch"
	place_base "$1" "$scratch"
	[ -z "$(hooks)" ] || (cd "$scratch" && quilt push -a --fuzz=0) > "$log/tree.log" 2>&1 || {
		bad=$(cd "$scratch" && quilt next 2> /dev/null)
		die "hook $(basename "$bad") does not apply to linux-source-$base $2: mend it (details: $outdir/log/tree.log) or install a source package that README names"
	}
	ours | while IFS= read -r bad; do
		final "$1" "$bad" | cmp -s - "$scratch/$bad" ||
			die "with all hooks applied, $bad is not what it is in the repository"
	done
}

# install_composed SOURCE: put what differs into the tree, take back what is
# no longer touched
install_composed()
{
	local f

	(cd "$scratch" && find . -name .pc -prune -o -type f -print) |
		sed 's,^\./,,' | sort > "$work/files"
	{
		[ ! -e "$work/manifest" ] || cut -c67- "$work/manifest"
		# FORCE drops edits of files that nothing of ours touches, too
		[ -z "${FORCE-}" ] || edits
	} | sort -u | comm -23 - "$work/files" | while IFS= read -r f; do
		if [ -e "$1/$f" ]; then
			put "$1/$f" "$patched" "$f"
		else
			rm -f "$patched/$f"
		fi
	done
	while IFS= read -r f; do
		cmp -s "$scratch/$f" "$patched/$f" || put "$scratch/$f" "$patched" "$f"
	done < "$work/files"

	rm -rf "$patched/.pc"
	mkdir -p "$scratch/.pc"
	mv "$scratch/.pc" "$patched/.pc"
	quilt_dirs
	echo "$1" > "$work/source"
	rm -rf "$scratch"
	write_manifest
}

# put FROM DIR PATH: replace by rename, with today's mtime, for make to see
put()
{
	mkdir -p "$(dirname "$2/$3")"
	cp --preserve=mode "$1" "$2/$3.tmp"
	mv "$2/$3.tmp" "$2/$3"
}

# quilt_dirs: plain quilt in build/tree finds the repository's patches
quilt_dirs()
{
	echo 2 > "$patched/.pc/.version"
	echo "$patches" > "$patched/.pc/.quilt_patches"
	echo series > "$patched/.pc/.quilt_series"
	# What is in place is newer than when the patches were applied.
	find "$patched/.pc" -name .timestamp -exec touch {} +
}

write_manifest()
{
	(cd "$patched" && tr '\n' '\0' < "$work/files" |
		xargs -0r sha256sum) > "$work/manifest.tmp"
	mv "$work/manifest.tmp" "$work/manifest"
	rm "$work/files"
}
