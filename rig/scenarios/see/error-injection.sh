# SPDX-License-Identifier: GPL-2.0
# Rules: R12
#
# Errors can be injected into Soft Reserved memory, as into RAM, whoever owns it and
# though iomem does not say that it is. Not beside it. The firmware that injects them
# (EINJ, ACPI 6.5 section 18.6) does nothing here.

einj=/sys/kernel/debug/apei/einj
page=0x8000000	# for the addresses that firmware is given

# entry ACTION INSTRUCTION MASK: it reads a byte of I/O space that nobody drives, all ones
entry() { le 1 "$1" "$2" 0 0 1 8 0 1 && le 8 0x2f0 0 "$3"; }

acpi_table()
{
	local noop=4 read=0 equal=1 write=2

	acpi_header EINJ $((48 + 9 * 32))
	le 4 12 0 9
	entry 0 $noop 0	# begin
	entry 1 $read 0	# where is the trigger table: nowhere
	entry 2 $noop 0	# set error type
	entry 3 $read 0x38	# which are there: those of memory
	entry 4 $noop 0	# end
	entry 5 $noop 0	# execute
	entry 6 $equal 255	# busy: never
	entry 7 $read 0	# status: success
	le 1 8 $write 0 0 0 32 0 3	# set error type with address
	le 8 $page 0 0xffffffff
}

firmware()
{
	one_region
	boot_with "memmap=4K\$$page"
}

# inject ADDRESS: an error into the page there
inject()
{
	write 8 $einj/error_type && write 2 $einj/flags &&
		write 1 $einj/notrigger && write "$1" $einj/param1 &&
		write 0xfffffffffffff000 $einj/param2 && write 1 $einj/error_inject
}

system()
{
	assert modprobe einj
	expect "undecided memory takes errors" inject "0x${sr0%-*}"
	load cxl_acpi cxl_port cxl_pci cxl_mem dax_hmem dax_cxl
	owns cxl "$sr0"
	expect "CXL's memory takes errors" inject "0x${sr0%-*}"
	expect "what is behind the range does not" \
		not inject $((0x${sr0#*-} + 1))
	assert unbind_from cxl/cxl_region region0
	expect "nobody's memory takes errors" inject "0x${sr0%-*}"
}
