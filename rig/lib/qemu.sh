# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# The machine that a scenario runs on, as its parameters say. If there is a function
# acpi_table, it prints a table that firmware has, too.

. "$rig/lib/binary.sh"

# machine: QEMU's arguments, in $machine
#
# Device N is dev$N, serial N, on root port rp$N; ports and devices are dealt
# to the bridges in order: 1, 2 on the first, 3, 4 on the second.
machine()
{
	# Node 1 begins at 4 GiB, away from what firmware keeps below.
	local opts=q35,hmat=on,max-ram-below-4g=$ram w b i=0 t args=() bridges memdev

	opts+=${windows:+,cxl=on}

	for w in $windows; do
		t=0
		IFS=, read -ra bridges <<< "${w%:*}"
		for b in "${bridges[@]}"; do
			opts+=,cxl-fmw.$i.targets.$t=cxl.$b
			t=$((t + 1))
		done
		opts+=,cxl-fmw.$i.size=${w#*:}
		i=$((i + 1))
	done

	args+=(-numa node,nodeid=0,memdev=ram,cpus=0-$((cpus - 1)),initiator=0)
	args+=(-numa node,nodeid=1,memdev=hbm,initiator=0)
	for b in ${windows:+0 1}; do
		args+=(-device "pxb-cxl,id=cxl.$b,bus=pcie.0,bus_nr=$((32 + 64 * b)),hdm_for_passthrough=$passthrough_hdm")
	done
	for ((i = 1; i <= ${windows:+2 * root_ports} + 0; i++)); do
		b=$(((i - 1) / root_ports))
		args+=(-device "cxl-rp,id=rp$i,bus=cxl.$b,chassis=$b,slot=$i,port=$i")
	done
	i=1
	for w in $devices; do
		args+=(-object "memory-backend-ram,id=mem$i,size=${w%,pmem},share=on")
		memdev=volatile-memdev=mem$i
		if [ "$w" != "${w%,pmem}" ]; then
			# with room for labels of namespaces
			args+=(-object "memory-backend-ram,id=lsa$i,size=1M,share=on")
			memdev=persistent-memdev=mem$i,lsa=lsa$i
		fi
		args+=(-device "cxl-type3,id=dev$i,bus=rp$i,$memdev,sn=$i")
		i=$((i + 1))
	done
	if declare -F acpi_table > /dev/null; then
		acpi_table > "$dir/acpi_table"
		args+=(-acpitable "file=$dir/acpi_table")
	fi
	[ "$clock" = host ] || args+=(-icount "shift=0,sleep=off")
	machine=(
		-M "$opts" -accel tcg -cpu max,hypervisor=off -smp "$cpus"
		-m "$(($(in_bytes "$ram") + $(in_bytes "$hbm")))B"
		-object "memory-backend-ram,id=ram,size=$ram,reserve=off"
		-object "memory-backend-ram,id=hbm,size=$hbm"
		"${args[@]}"
		-kernel "$build/$kernel_name/arch/x86/boot/bzImage"
		-drive "id=vda,file=$build/guest,if=none,format=raw,readonly=on"
		-device virtio-blk-pci,bus=pcie.0,drive=vda
		-drive "id=vdb,file=$dir/run.squashfs,if=none,format=raw,readonly=on"
		-device virtio-blk-pci,bus=pcie.0,drive=vdb
		-nodefaults -display none -no-reboot
		"${qemu_extra[@]}"
	)
	[ -z "$debian" ] || machine+=(
		-drive "id=vdc,file=$(realpath "$build/$KERNEL/root.ext4"),if=none,format=raw,snapshot=on"
		-device virtio-blk-pci,bus=pcie.0,drive=vdc
	)
}

# programs: those that run in the guest, in build/programs; of runs that begin at once,
# one makes them
programs()
{
	local fd

	mkdir -p "$build/programs"
	exec {fd}> "$build/programs.lock"
	flock "$fd"
	make -s -C "$rig/guest" OUTPUT="$build/programs/"
	exec {fd}>&-
}

# disk: what this run brings into the guest, as $dir/run.squashfs: kernel,
# modules, the scenario and what it is written with
disk()
{
	local root=$build/$kernel_name/${mocks:+mocks/}root

	[ -z "$mocks" ] || "$rig/build/mocks" "$kernel_name" >&2
	[ -z "$peers" ] || "$rig/build/peers-suite" >&2
	[ -z "$test_modules" ] || "$rig/build/guest-modules" "$kernel_name" >&2
	mkdir -p "$dir/rig/scenario"
	cp "$rig/guest/stage" "$rig/guest"/*.sh "$dir/rig"
	[ -z "${scenario-}" ] || cp "$rig/scenarios"/*/"$scenario".* "$dir/rig/scenario"
	programs
	cp "$build/programs"/* "$dir/rig"
	[ -z "$test_modules" ] || cp "$build/$kernel_name/guest_modules"/*.ko "$dir/rig"
	tar -C "$dir" -cf "$dir/run.tar" rig
	tar -C "$build/$kernel_name/arch/x86/boot" -rf "$dir/run.tar" bzImage
	tar -C "$root" --exclude=build -rf "$dir/run.tar" lib
	[ -z "$debian" ] || tar -C "$build/$KERNEL/" -rf "$dir/run.tar" vmlinuz initrd
	[ -z "$selftests" ] || tar -C "$build/$kernel_name/../tools/testing" -rf "$dir/run.tar" \
		selftests/kselftest "selftests/$selftests"
	[ -z "$peers" ] || tar -C "$build" -rhf "$dir/run.tar" peers
	tar2sqfs -q -f -c lz4 "$dir/run.squashfs" < "$dir/run.tar"
	rm "$dir/run.tar"
}

# One boot in some hundreds stood still: TCG lost a timer's interrupt. One that was not
# begun to be served is made up for by the next, if the tick repeats.
periodic="nohz=off highres=off"

# KASAN calls the direct map wild in an interrupt that comes while identify_cpu() finds
# out anew whether page tables have five levels.
four_levels="no5lvl"

# cmdline STAGE: of the first kernel, the firmware stand-in; $BOOT_WORDS are the caller's
cmdline()
{
	echo "console=ttyS0 loglevel=8 panic=-1" \
		"root=/dev/vda ro rootfstype=squashfs init=/usr/sbin/rig-init" \
		"memhp_default_state=offline" \
		"rig.scenario=${scenario-} rig.stages=${stages// /,} rig.stage=$1 $boot_words ${BOOT_WORDS-}" \
		"$([ "$clock" != host ] || echo "$periodic")" \
		"$([[ $kernel_name != *debug ]] || echo "$four_levels")" \
		"${EARLY:+soft_reserve=early}"
}
