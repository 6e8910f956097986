# SPDX-License-Identifier: GPL-2.0
# Rules: R1 R8
#
# HMEM's memory is in use when hmem.N is unbound, and stays. So does the claim: nobody
# else makes a dax device of it, neither HMEM, once more, nor CXL, whose region covers
# it when its device is driven at last.

firmware() { one_region; }

system()
{
	keep_undriven 1
	load
	owns hmem "$sr0"
	assert comes_online "$sr0"
	assert write_pattern "$sr0"
	hmem=$(hmem_of "$sr0")
	assert unbind_hmem "$sr0"
	expect "hmem.N bound again is refused" not bind_hmem "$hmem"
	expect "it has no dax device" owned_by none "$sr0"
	let_drive 1
	expect "CXL is refused, too" not wait_for 5 owned_by cxl "$sr0"
	expect "what was written is still there" pattern_intact
}
