# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# Debian packages: of the host, for make deb, for make sweep, of the guest, and of the disk
# that debian-check boots

suite=trixie
# which has sources of newer kernels
newer_suite=trixie-backports

host_packages="bc bison build-essential ccache clang coccinelle codespell cppcheck
	cpio debian-archive-keyring flex gcc-aarch64-linux-gnu git jq kmod
	libc6-dev-arm64-cross libelf-dev libjson-c-dev libssl-dev libxml2-utils linux-source-6.12
	lz4 mmdebstrap perl python3-sphinx quilt shellcheck sparse
	squashfs-tools-ng uidmap xz-utils zstd"

deb_packages="debhelper genext2fs linux-config-6.12 rsync"

sweep_packages="gcc-riscv64-linux-gnu"

# from where they are new enough, see deps
qemu_packages="qemu-system-arm qemu-system-x86"

guest_packages="cxl daxctl e2fsprogs jq kexec-tools keyutils kmod mount ndctl numactl
	pciutils uuid-runtime"

# of the disk that debian-check boots, beside what is important there; in Debian 13, cxl has a
# package of its own
debian_packages="daxctl dracut-core e2fsprogs initramfs-tools jq kexec-tools kmod
	linux-base makedumpfile ndctl numactl pciutils systemd-sysv udev zstd"
trixie_packages=cxl

# what ndctl's tests are built with
peers_packages="gcc libiniparser-dev libjson-c-dev libkeyutils-dev libkmod-dev libtraceevent-dev
	libtracefs-dev libudev-dev meson pkgconf uuid-dev"

# of mmdebstrap: nobody reads pages and translations in a guest
mmdebstrap_options=(
	--keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	--dpkgopt='path-exclude=/usr/share/doc/*'
	--dpkgopt='path-exclude=/usr/share/man/*'
	--dpkgopt='path-exclude=/usr/share/locale/*'
)
