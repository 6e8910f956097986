# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Scenarios as the host sees them: where they are, and what they say of themselves.
# README.md tells what each parameter means.

# scenario_file NAME: where it is
scenario_file() { compgen -G "$rig/scenarios/*/$1.sh" || die "there is no scenario $1"; }

# scenario_names: of all
scenario_names() { (cd "$rig/scenarios" && printf '%s\n' */*.sh) | sed 's,.*/,,; s/\.sh$//'; }

# default_parameters: what holds for a scenario that says nothing else
default_parameters()
{
	flavour='' stages="firmware system" limit='' clock=host
	by_hand='' ours_only='' known_splat='' may_defer='' boot_words=''
	cpus=2 ram=768M hbm=256M
	devices="512M 512M 512M 512M" windows="0:1G 1:1G 0,1:2G"
	root_ports=2 passthrough_hdm=true qemu_extra=()
	mocks='' selftests='' peers='' test_modules='' debian=''
}

# read_scenario NAME: its parameters, as variables; and its functions
read_scenario()
{
	local file

	file=$(scenario_file "$1") || exit
	default_parameters
	. "$file"
	# Debian takes its time, and needs what make deb builds
	[ -z "$debian" ] || by_hand=1 limit=${limit:-2400}
	limit=${limit:-180}
}

# scenario_says NAME PARAMETER
scenario_says() { (read_scenario "$1" && echo "${!2}"); }

# kernel_for NAME: the kernel in build/ that it runs on. A flavour is the patched
# kernel's; what mutations builds has a flavour, too. Where Debian's is booted, this
# one plays firmware.
kernel_for()
{
	local flavour

	flavour=$(scenario_says "$1" flavour)
	[ -z "$(scenario_says "$1" debian)" ] || flavour=kernel
	case ${KERNEL:-kernel} in
	mutation) echo "mutation${flavour:+-$flavour}" ;;
	*) echo "${flavour:-${KERNEL:-kernel}}" ;;
	esac
}
