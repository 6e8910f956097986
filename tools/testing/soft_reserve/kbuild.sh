# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# How kbuild is called: $src and $obj are the caller's.

export CCACHE_DIR=$cache/ccache CCACHE_NOHASHDIR=1 PATH=/usr/lib/ccache:$PATH
# Without a preprocessor run of its own; saves a fourth of a cold build.
export CCACHE_DEPEND=1
# The same objects whoever builds them, whenever, and where.
export KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 1970'
export KBUILD_BUILD_USER=rig KBUILD_BUILD_HOST=soft-reserve LOCALVERSION=
# shellcheck disable=SC2154
kmake() { make -C "$src" O="$obj" "$@"; }
