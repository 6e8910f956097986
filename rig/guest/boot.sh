# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The boots of a scenario: from one to the next by kexec, and what is handed on

next_cmdline=
remembered=()

# remember NAME VALUE: a variable that the next boots see, too
remember()
{
	declare -g "$1=$2"
	[[ " ${remembered[*]} " == *" $1 "* ]] || remembered+=("$1")
}

# boot_with WORD...: for the next kernel's command line
boot_with() { next_cmdline+=" $*"; }

read_cmdline()
{
	local word

	for word in $(< /proc/cmdline); do
		case $word in
		rig.var.*)
			word=${word#rig.var.}
			remember "${word%%=*}" "${word#*=}"
			;;
		rig.*)
			word=${word#rig.}
			declare -g "rig_${word%%=*}=${word#*=}"
			;;
		esac
	done
	test_number=${rig_tests-0}
}

# stage_after STAGE: the name of the next boot; nothing if that was the last
stage_after()
{
	local rest=" ${rig_stages//,/ } "

	rest=${rest#* "$1" }
	[ -z "${rig_then-}" ] || rest=$rig_then
	echo "${rest%% *}"
}

# end_boot: what is looked at once in each boot. A scenario that sets may_defer
# knows why a device may still wait.
end_boot()
{
	local patience=10

	[ -n "${may_defer-}" ] || none_deferred "$rig_stage: no device is deferred"
	count_lines
	echo "@end $rig_stage" >&3
}

# none_deferred [TEXT]: a test point: no device waits for a driver
none_deferred()
{
	expect "${1-no device is deferred}" wait_for "${patience-0}" nothing_deferred ||
		indent < /sys/kernel/debug/devices_deferred
}

nothing_deferred() { [ -z "$(< /sys/kernel/debug/devices_deferred)" ]; }

# next_words STAGE: the next kernel's command line
next_words()
{
	local words=() name word

	for word in $(< /proc/cmdline); do
		case $word in
		memmap=* | rig.stage=* | rig.var.* | rig.tests=* | rig.undriven=*) ;;
		*) words+=("$word") ;;
		esac
	done
	[ -z "${debian-}" ] || read -ra words < <(debian_words "${words[@]}")
	for name in "${remembered[@]}"; do
		words+=("rig.var.$name=${!name}")
	done
	echo "${words[*]} rig.stage=$1 rig.tests=$test_number$next_cmdline"
}

# next_kernel: kexec's arguments for it. Debian's, if the scenario boots that
next_kernel()
{
	if [ -n "${debian-}" ]; then
		echo "/mnt/vmlinuz --initrd=/mnt/initrd"
	else
		echo /mnt/bzImage
	fi
}

# reboot_into STAGE: kexec; decoders stay as they are, as firmware leaves them
# shellcheck disable=SC2046 # words
reboot_into()
{
	end_boot
	# The new kernel goes to node 0: a scenario may reserve all of node 1.
	assert kexec -c -l --no-checks --mem-max=0xffffffff $(next_kernel) \
		--command-line="$(next_words "$1")"
	if [ $$ = 1 ]; then
		kexec -e -x
		fail "kexec returned"
	fi
	assert systemctl kexec
	exec tail -f /dev/null
}

# crash_into STAGE: panic; the kernel that has crashkernel='s memory runs it. The host
# knows by that line that the splat is wanted.
# shellcheck disable=SC2046 # words
crash_into()
{
	end_boot
	assert kexec -s -p $(next_kernel) \
		--command-line="$(next_words "$1" | sed 's/crashkernel=[^ ]* *//') nr_cpus=1"
	echo "rig: panic on purpose" > /dev/kmsg
	echo c > /proc/sysrq-trigger
	fail "there was no panic"
}

# count_lines: tell the host which lines of the kernel this boot has run; they
# are counted in the flavour "gcov" alone
count_lines()
{
	local counts

	find /sys/kernel/debug/gcov -name '*.gcda' 2> /dev/null |
		while IFS= read -r counts; do
			echo "@gcov $rig_stage ${counts#*/obj-gcov/} $(gzip -c "$counts" | base64 -w 0)" >&3
		done
}

# host COMMAND: have QEMU's monitor run it (device_add, device_del)
host()
{
	local answer

	echo "@host $*" >&3
	IFS= read -r -t 30 answer <&3 || answer="no answer"
	[ "$answer" = ok ] || { echo "$answer" >&2; return 1; }
}
