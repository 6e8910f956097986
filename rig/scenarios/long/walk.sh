# SPDX-License-Identifier: GPL-2.0
# Rules: R1 R2 R3 R7 R8 R9
#
# A walk: steps that are drawn at random, of all that operators, firmware and faults
# can do, and after each an oracle looks whether all promises are kept. make walk does
# this for many seeds. With LIST=FILE, the steps in that file, after what the seed
# makes of the machine.

seed=${rig_seed-${SEED:-1}}
steps=${rig_steps-${STEPS:-200}}
by_hand=1
limit=$((600 + 30 * steps))
boot_words="rig.seed=$seed rig.steps=$steps"
[ -z "${rig-}" ] || . "$rig/guest/walk.sh"
walk_machine
if [ -n "${LIST-}" ]; then
	qemu_extra+=(-drive "id=vdc,file=$LIST,if=none,format=raw,readonly=on"
		-device "virtio-blk-pci,bus=pcie.0,drive=vdc")
fi

firmware() { walk_firmware; }

system()
{
	walk_drivers
	if [ -b /dev/vdc ]; then
		tr -d '\0' < /dev/vdc > list
		walk_on list list
	else
		walk_on seed "$seed" "$steps"
	fi
}
