# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# Debian packages: of the host, and of the guest

suite=trixie

host_packages="bc bison build-essential ccache clang coccinelle codespell cppcheck
	cpio debian-archive-keyring flex git jq kmod libelf-dev libssl-dev
	libxml2-utils linux-source-6.12 lz4 mmdebstrap perl quilt shellcheck sparse
	squashfs-tools-ng uidmap xz-utils zstd"

guest_packages="cxl daxctl jq kexec-tools kmod mount ndctl numactl pciutils"
