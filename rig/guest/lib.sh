# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# All that scenarios are written with. It runs in the guest, as root.

for lib in ktap boot ranges cxl iomem memory faults time ways walk debian; do
	. "/mnt/rig/$lib.sh"
done
