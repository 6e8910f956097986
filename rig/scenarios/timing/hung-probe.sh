# SPDX-License-Identifier: GPL-2.0
# Rules: R4 R6
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
	remember covered "$(span "$first" "$(range_of "$region")")"
	create_region decoder0.1 3
	remember hangs "$(range_of "$region")"
	soft_reserve "$covered" "$hangs"
}

system()
{
	echo slow_probe > "/sys/bus/pci/devices/$(pci_of 3)/driver_override"
	insmod /mnt/rig/slow_probe.ko pci=1 seconds=80 &
	assert wait_for 10 logged "slow_probe: begins"
	for module in $modules; do
		modprobe "$module" &
	done
	patience=40 owns cxl "$covered" "CXL owns what two regions cover"
	expect "what hangs is still undecided" owned_by none "$hangs"
	expect "the log says for whom that waits" wait_for 20 \
		logged "waiting for $(pci_of 3) to probe, before it is decided"
	expect "and says so again when it has lasted long" wait_for 70 \
		logged "still waiting for $(pci_of 3) to probe"
	patience=60 owns hmem "$hangs" "it is HMEM's when that is over"
	expect "and not before" logged "slow_probe: ends"
}
