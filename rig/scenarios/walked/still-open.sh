# SPDX-License-Identifier: GPL-2.0
# Rules: R1
#
# A program has a dax device open, whose driver is unbound and bound again: that is
# refused, since the program still uses what the driver would set up anew. Once the
# device is closed, it can be bound.

windows="0:1G 1:1G"
walk_devices="1:rp1:512:0"
walk_regions=
walk_marks="100000000-10fffffff"
walk_undriven=
walk_modules="dax_hmem kmem device_dax"
limit=1800
[ -z "${rig-}" ] || . "$rig/guest/walk.sh"
walk_machine

firmware() { walk_firmware; }
system() { walked; }
