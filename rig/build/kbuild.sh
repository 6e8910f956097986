# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# How kbuild is called: $src and $obj are the caller's.

export CCACHE_DIR=$cache/ccache CCACHE_NOHASHDIR=1 PATH=/usr/lib/ccache:$PATH
# The same objects whoever builds them, whenever, and where.
export KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 1970'
export KBUILD_BUILD_USER=rig KBUILD_BUILD_HOST=soft-reserve LOCALVERSION=
# What this project's make was told, as -s, is not for kbuild.
unset MAKEFLAGS MFLAGS
# The flavour "gcov" counts lines in our files alone.
profile()
{
	[ "${name-}" = gcov ] || return 0
	git -C "$top" ls-files 'kernel/*.c' 'drivers/*.c' | grep -v kunit |
		sed 's#.*/##; s#\.c$#.o=y#; s#^#GCOV_PROFILE_#'
}
# shellcheck disable=SC2154,SC2046 # words
kmake() { make -C "$src" O="$obj" $(profile) "$@"; }
