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

# reboot_into STAGE: kexec; decoders stay as they are, as firmware leaves them
reboot_into()
{
	local cmdline name word

	end_boot
	for word in $(< /proc/cmdline); do
		case $word in
		memmap=* | rig.stage=* | rig.var.* | rig.tests=*) ;;
		*) cmdline+="$word " ;;
		esac
	done
	cmdline+="rig.stage=$1 rig.tests=$test_number$next_cmdline"
	for name in "${remembered[@]}"; do
		cmdline+=" rig.var.$name=${!name}"
	done
	# The new kernel goes to node 0: a scenario may reserve all of node 1.
	assert kexec -c -l --no-checks --mem-max=0xffffffff /mnt/bzImage \
		--command-line="$cmdline"
	kexec -e -x
	fail "kexec returned"
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
