# SPDX-License-Identifier: GPL-2.0
# Rules: R1 R3 R7 R8 R9
#
# A short walk by hand, through what each promise of the oracle is about. Mutations
# show that it notices when one is broken.

windows="0:1G 1:1G 0,1:1G"
walk_devices="1:rp1:512:0 2:rp4:512:0 3:rp2:512:0 4:rp5:512:0 5:rp3:0:256"
walk_regions="0:512M:1 1:512M:2"
walk_marks="120000000-13fffffff 160000000-17fffffff"
walk_undriven=2
walk_modules="cxl_acpi cxl_port cxl_pci cxl_mem cxl_pmem dax_hmem dax_cxl kmem nd_pmem device_dax"
limit=1800
[ -z "${rig-}" ] || . "$rig/guest/walk.sh"
walk_machine

firmware() { walk_firmware; }
system() { walked; }
