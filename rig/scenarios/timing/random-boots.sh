# SPDX-License-Identifier: GPL-2.0
#
# Boot after boot, with modules loaded in random order, one by one or all at once.
# By turns CXL covers the range, or cannot drive one of its devices: the outcome
# is the same each time. make soak does this for long.

boots=${rig_boots-${BOOTS:-1}}		# of either kind
seed=${rig_seed-${SEED:-$RANDOM}}	# give it again to repeat them
boot_words="rig.boots=$boots rig.seed=$seed"
limit=$((120 + 90 * boots))
plan=$((boots * 8))
stages="firmware random_boot"

firmware()
{
	two_regions
	keep boot 1
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
	check "boot $boot: $owner owns all of the range" \
		wait_for 20 owned_by $owner "$sr0"
	check "boot $boot: its memory comes online" comes_online "$sr0"
	check "boot $boot: the memory holds data" holds_data "$sr0" 64K
	check "boot $boot: no device is deferred" nothing_deferred

	((boot < 2 * boots)) || return 0
	keep boot $((boot + 1))
	sr_count=0
	soft_reserve "$sr0"
	reboot_into random_boot
}
