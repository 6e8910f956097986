# SPDX-License-Identifier: GPL-2.0
#
# The probe of a CXL device takes long, and it may yet make a region of what it
# decodes. What that would have a part of waits, and the log says for whom; what
# others cover does not.

test_modules=1
limit=300

firmware()
{
	load
	create_region decoder0.0 1
	first=$(range_of "$region")
	create_region decoder0.0 2
	keep covered "$(span "$first" "$(range_of "$region")")"
	create_region decoder0.1 3
	keep hangs "$(range_of "$region")"
	soft_reserve "$covered" "$hangs"
}

kernel()
{
	echo slow_probe > "/sys/bus/pci/devices/$(pci_of 3)/driver_override"
	insmod /mnt/rig/slow_probe.ko pci=1 seconds=80 &
	need wait_for 10 logged "slow_probe: begins"
	for module in $modules; do
		modprobe "$module" &
	done
	check "CXL owns what two regions cover" wait_for 40 owned_by cxl "$covered"
	check "what hangs is still undecided" owned_by none "$hangs"
	check "the log says for whom that waits" wait_for 20 \
		logged "waiting for $(pci_of 3) to probe, before it is decided"
	check "and says so again when it has lasted long" wait_for 70 \
		logged "still waiting for $(pci_of 3) to probe"
	check "it is HMEM's when that is over" wait_for 60 owned_by hmem "$hangs"
	check "and not before" logged "slow_probe: ends"
}
