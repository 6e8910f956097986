# SPDX-License-Identifier: GPL-2.0
# Rules: R6
#
# Boot after boot, with modules loaded in random order, one by one or all at once.
# By turns CXL covers the range, or cannot drive one of its devices: the outcome
# is the same each time. make soak does this for long.

boots=${rig_boots-${BOOTS:-1}}		# of either kind
seed=${rig_seed-${SEED:-$RANDOM}}	# give it again to repeat them
boot_words="rig.boots=$boots rig.seed=$seed"
limit=$((120 + 90 * boots))
stages="firmware random_boot"

firmware()
{
	two_regions
	remember boot 1
}

# shuffle MODULE...: into $modules; not in a subshell, which has its own RANDOM
shuffle()
{
	local i

	modules=
	while [ $# -gt 0 ]; do
		i=$((1 + RANDOM % $#))
		modules+=" ${!i}"
		set -- "${@:1:i-1}" "${@:i+1}"
	done
}

random_boot()
{
	local owner=cxl how=load

	RANDOM=$((seed + boot))
	# shellcheck disable=SC2086 # a list of words
	shuffle $modules
	((RANDOM % 2)) && how=load_at_once
	if ((boot % 2 == 0)); then
		owner=hmem
		keep_undriven $((1 + RANDOM % 2))
	fi
	say "SEED=$seed boot $boot: $how$modules"
	$how
	owns $owner "$sr0" "boot $boot: $owner owns all of the range"
	expect "boot $boot: its memory comes online" comes_online "$sr0"
	expect "boot $boot: the memory holds data" holds_data "$sr0" 64K
	none_deferred "boot $boot: no device is deferred"

	((boot < 2 * boots)) || return 0
	remember boot $((boot + 1))
	sr_count=0
	soft_reserve "$sr0"
	reboot_into random_boot
}
