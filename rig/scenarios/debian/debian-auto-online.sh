# SPDX-License-Identifier: GPL-2.0
# Rules: R4
#
# Debian boots where firmware marked ordinary memory outside of every CXL window. It
# comes online as Debian's configuration says, for the kernel, too: which cannot be
# tried with CXL memory here, since TCG runs that as I/O.

debian=default

firmware() { soft_reserve node1; }

system()
{
	boots_with hmem "$sr0"
	expect "Soft Reserved is published" \
		in_iomem "$sr0" "Soft Reserved > dax* > System RAM (kmem)"
	expect "the kernel may use it for itself" not movable "$sr0"
	expect "the memory holds data" holds_data "$sr0"
}

movable()
{
	local b

	for b in $(blocks "$1"); do
		cat "$b/valid_zones"
		[[ $(< "$b/valid_zones") == *Movable* ]] || return
	done
}
