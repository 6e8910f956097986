# SPDX-License-Identifier: GPL-2.0
#
# The same on the mock topology of cxl_test. CXL owns a range whose region
# assembles. If one of its decoders is lost, HMEM does; the region comes late and
# is a breadcrumb, and gets the memory when hmem.N is unbound. There is no memory
# behind it, so nothing brings it online.

stages=kernel
devices=
windows=
mocks=1

# cxl_test OPTION...: loaded anew
load_cxl_test()
{
	need modprobe cxl_test soft_reserved=1 "$@"
	settle
	need wait_for 20 compgen -G '/sys/bus/cxl/devices/region*'
	region=$(cxl list -R -i -b cxl_test | jq -r '.[].region')
	sr0=$(range_of "$region")
	load dax_hmem dax_cxl
}

# memdev_of NAME: that of a mock platform device
memdev_of() { cxl list -M -b cxl_test | jq -re --arg h "$1" '.[] | select(.host == $h).memdev'; }

kernel()
{
	load cxl_acpi cxl_port cxl_mem cxl_pmem cxl_mock_mem

	load_cxl_test
	check "CXL owns a range whose region assembles" wait_for 20 owned_by cxl "$sr0"
	check "the decision says so" \
		wait_for 20 logged "is CXL's: covered by $region"
	need modprobe -r cxl_test
	check "nothing is left of it" [ -z "$(dax_over "$sr0")" ]

	load_cxl_test lost_decoder=4
	check "HMEM owns a range whose region does not assemble" \
		wait_for 20 owned_by hmem "$sr0"
	check "Soft Reserved is published" in_iomem "$sr0" "CXL Window 0 > Soft Reserved*"
	check "CXL has no dax device in it" \
		[ ! -e "/sys/bus/cxl/devices/dax_$region" ]

	need write -1 /sys/module/cxl_test/parameters/lost_decoder
	memdev=$(memdev_of cxl_mem.4)
	need unbind_from cxl/cxl_mem "$memdev"
	need bind_to cxl/cxl_mem "$memdev"
	check "the region assembles late" wait_for 20 test -e "/sys/bus/cxl/devices/dax_$region"
	check "as a breadcrumb, not bound" \
		[ ! -e "/sys/bus/cxl/devices/dax_$region/driver" ]
	check "HMEM still owns the range" owned_by hmem "$sr0"
	check "Soft Reserved is still published" in_iomem "$sr0" "CXL Window 0 > Soft Reserved*"

	need unbind_hmem "$sr0"
	check "nobody owns the range" owned_by none "$sr0"
	check "the region is back in iomem" in_iomem "$sr0" "CXL Window 0 > $region"
	need cxl disable-region "$region"
	need cxl enable-region "$region"
	check "CXL owns it" wait_for 20 owned_by cxl "$sr0"
	need modprobe -r cxl_test
	check "no device is deferred" nothing_deferred
}
