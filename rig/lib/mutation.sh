# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Mutations: patches that take one thing out of the kernel, so that a test point of
# a scenario must fail. README.md tells what their headers mean.

mutations=$rig/mutations

mutation_names() { (cd "$mutations" && printf '%s\n' *.patch) | sed 's/\.patch$//'; }

# mutation_says NAME WORD: what stands behind that at its top, line by line
mutation_says() { sed -n "/^--- /q; s/^$2: //p" "$mutations/$1.patch"; }

# mutated_files NAME
mutated_files() { sed -n 's,^+++ b/,,p' "$mutations/$1.patch" | sort -u; }

# must_fail NAME SCENARIO: the text of the test point that fails there, or a pattern
must_fail()
{
	if [ "$(mutation_says "$1" Scenarios)" = "$2" ]; then
		mutation_says "$1" Fails
	else
		mutation_says "$1" Fails | sed -n "s/^$2: //p"
	fi
}

# flavours_of NAME: of the kernel, "" for none
flavours_of()
{
	local scenario

	for scenario in $(mutation_says "$1" Scenarios); do
		[ "$scenario" = arm64 ] || scenario_says "$scenario" flavour
	done | sort -u | tr '\n' ' '
}
