# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What lint and series-build share: checkpatch, and that what tools say of a text is kept
# until the text changes

src=$(pristine)
version=$(basename "$src")
records=$cache/lint
mkdir -p "$records"

# record TOOL NAME FILE: where it stands what TOOL says of FILE, which is called NAME
record() { echo "$records/$({ echo "$version $1 $2" && cat "$3"; } | sha256sum | cut -c1-32)"; }

# once TOOL NAME FILE COMMAND...: what COMMAND says of FILE. Only that it says nothing
# is kept: what it says may be mended in another file.
once()
{
	local clean out

	clean=$(record "clean $1" "$2" "$3")
	[ ! -e "$clean" ] || return 0
	out=$("${@:4}" 2>&1 < /dev/null) || :
	[ -n "$out" ] || touch "$clean"
	printf '%s' "$out"
}

# Accepted of checkpatch:
#   FILE_PATH_CHANGES  our files are in MAINTAINERS, lint_texts sees to it
#   MACRO_ARG_REUSE    iterators name their arguments more than once, as they do
#                      everywhere in the kernel
#   UNDOCUMENTED_SETUP the text is in a hook, and only the same file is looked at
# and of what is no kernel code:
#   AVOID_BUG               a probe that dies is what is tested
#   BIT_MACRO               there is no linux/bits.h
#   EMBEDDED_FUNCTION_NAME  "usage: " need not be said with the function's name
#   EXECUTE_PERMISSIONS     the rig's scripts have no suffix
#   LONG_LINE*              their messages are on one line, for grep
#   MACRO_ARG_PRECEDENCE    the argument is the name of a member
#   PREFER_DEFINED_ATTRIBUTE_MACRO  there is no linux/compiler.h
#   INVALID_UTF8, TRAILING_WHITESPACE  in recorded test data
#   PREFER_KERNEL_TYPES     there is no linux/types.h
#   REPEATED_WORD           enum kind kind
#   VOLATILE                there is no readl()
# and of trace events, which are always written so:
#   OPEN_ENDED_LINE, PARENTHESIS_ALIGNMENT
# and of mails:
#   SUSPECT_CODE_INDENT  where a hunk in a file of ours, which is looked at as a whole,
#                        ends in a macro
#   UNKNOWN_COMMIT_ID    the kernel's history is not here
accepted=FILE_PATH_CHANGES,MACRO_ARG_REUSE,UNDOCUMENTED_SETUP
accepted_tools=$accepted,AVOID_BUG,BIT_MACRO,VOLATILE,EMBEDDED_FUNCTION_NAME,EXECUTE_PERMISSIONS
accepted_tools+=,LONG_LINE,LONG_LINE_COMMENT,LONG_LINE_STRING
accepted_tools+=,MACRO_ARG_PRECEDENCE,PREFER_DEFINED_ATTRIBUTE_MACRO,PREFER_KERNEL_TYPES,REPEATED_WORD
accepted_tools+=,INVALID_UTF8,TRAILING_WHITESPACE
accepted_traces='^include/trace/.*CHECK:(OPEN_ENDED_LINE|PARENTHESIS_ALIGNMENT):'
accepted_hunks='^drivers/dax/arbiter/.*WARNING:SUSPECT_CODE_INDENT:'

# checkpatch NAME FILE ACCEPTED [-f]: what it says; without sign-off, that is the sender's
checkpatch()
{
	once "checkpatch $3" "$1" "$2" "$src/scripts/checkpatch.pl" --root="$patched" \
		--strict --no-signoff --show-types --no-summary --terse --showfile \
		--ignore "$3" "${@:4}" "$2" |
		sed -E -e "\\,$accepted_traces,d" -e "\\,$accepted_hunks,d"
}

# mails DIR: of the series, each in a file of its own, in order; the cover letter is no patch
mails()
{
	SIGNOFF='' "$rig/bin/series" "$work/series.mbox" >&2
	rm -rf "$1"
	mkdir "$1"
	git mailsplit -o"$1" "$work/series.mbox" > /dev/null
	rm "$1/0001"
	sed -i '/^Date: /d' "$1"/*
}

subject_of() { sed -n 's/^Subject: //p' "$1"; }

# checkpatch_mail MAIL: likewise; no directory above may be a repository
checkpatch_mail()
{
	local ignore=$accepted,UNKNOWN_COMMIT_ID

	sed -n 's,^+++ b/,,p' "$1" | grep -qv '^tools/' || ignore=$accepted_tools
	(cd "$patched" && checkpatch "mail $(subject_of "$1")" "$1" "$ignore")
}
