# SPDX-License-Identifier: GPL-2.0
# Rules: R2 R3 R8
#
# The same on the mock topology of cxl_test. CXL owns a range whose region
# assembles. If one of its decoders is lost, HMEM does; the region comes late and
# is a breadcrumb, and gets the memory when hmem.N is unbound. There is no memory
# behind it, so nothing brings it online.

stages=system
devices=
windows=
mocks=1

# cxl_test OPTION...: loaded anew
load_cxl_test()
{
	assert modprobe cxl_test soft_reserved=1 "$@"
	settle
	assert wait_for 20 compgen -G '/sys/bus/cxl/devices/region*'
	region=$(cxl list -R -i -b cxl_test | jq -r '.[].region')
	sr0=$(range_of "$region")
	load dax_hmem dax_cxl
}

# memdev_of NAME: that of a mock platform device
memdev_of() { cxl list -M -b cxl_test | jq -re --arg h "$1" '.[] | select(.host == $h).memdev'; }

system()
{
	load cxl_acpi cxl_port cxl_mem cxl_pmem cxl_mock_mem

	load_cxl_test
	owns cxl "$sr0" "CXL owns a range whose region assembles"
	expect "the decision says so" \
		wait_for 20 logged "is owned by CXL: covered by $region"
	assert modprobe -r cxl_test
	expect "nothing is left of it" [ -z "$(dax_over "$sr0")" ]

	load_cxl_test lost_decoder=4
	owns hmem "$sr0" "HMEM owns a range whose region does not assemble"
	expect "Soft Reserved is published" in_iomem "$sr0" "CXL Window 0 > Soft Reserved*"
	expect "CXL has no dax device in it" \
		[ ! -e "/sys/bus/cxl/devices/dax_$region" ]

	assert write -1 /sys/module/cxl_test/parameters/lost_decoder
	memdev=$(memdev_of cxl_mem.4)
	assert unbind_from cxl/cxl_mem "$memdev"
	assert bind_to cxl/cxl_mem "$memdev"
	expect "the region assembles late" wait_for 20 test -e "/sys/bus/cxl/devices/dax_$region"
	expect "as a breadcrumb, not bound" \
		[ ! -e "/sys/bus/cxl/devices/dax_$region/driver" ]
	expect "HMEM still owns the range" owned_by hmem "$sr0"
	expect "Soft Reserved is still published" in_iomem "$sr0" "CXL Window 0 > Soft Reserved*"

	assert unbind_hmem "$sr0"
	expect "nobody owns the range" owned_by none "$sr0"
	expect "the region is back in iomem" in_iomem "$sr0" "CXL Window 0 > $region"
	assert cxl disable-region "$region"
	assert cxl enable-region "$region"
	owns cxl "$sr0" "CXL owns it"
	assert modprobe -r cxl_test
}
