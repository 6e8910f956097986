# SPDX-License-Identifier: GPL-2.0
# Rules: R5
#
# What passes on stock of ndctl's own tests passes. They run on cxl_test and
# nfit_test, which mock topology and memory behind the real drivers. peers.list
# has what came of each on stock.

stages=system
limit=3600
devices=
windows=
ram=1536M		# each mock memdev takes 64 MiB for its firmware
qemu_extra=(-M nvdimm=on -m slots=1,maxmem=16G
	-object memory-backend-ram,id=pmem,size=5G,share=on
	-device nvdimm,memdev=pmem,label-size=128K)
mocks=1
may_defer=1	# what these tests leave behind is not ours
peers=1
boot_words=${renew:+rig.renew=1}
list=${BASH_SOURCE[0]%.sh}.list

# journalctl ... --since -Ns: what check_dmesg of the tests asks, there is no journal
journalctl()
{
	local ago=${!#} now

	ago=${ago//[-s]/}
	read -r now _ < /proc/uptime
	dmesg | awk -F '[][]' -v from=$((${now%.*} - ago)) '$2 + 0 >= from'
}

# udevadm settle: there is no udev, but CXL may still probe
udevadm() { echo 1 > /sys/bus/cxl/flush; }

# outcome TEST: pass, skip or fail
outcome()
{
	local status=0 log=/tmp/$1.log start=$SECONDS

	(cd /var/tmp && TEST_PATH=/mnt/peers DATA_PATH=/mnt/peers timeout 1200 \
		"/mnt/peers/$1") > "$log" 2>&1 < /dev/null || status=$?
	say "$1: exit code $status after $((SECONDS - start)) s"
	case $status in
	0) outcome=pass ;;
	77) outcome=skip ;;
	*) outcome=fail ;;
	esac
	[ $status = 0 ] || tail -n 15 "$log" | indent
}

passes() { [ "$outcome" = pass ]; }

system()
{
	export -f journalctl udevadm
	export CXL=/usr/bin/cxl DAXCTL=/usr/bin/daxctl NDCTL=/usr/bin/ndctl
	assert mount -t tmpfs tmpfs /etc/ndctl # for keys
	# udev would
	load cxl_acpi cxl_port cxl_mem cxl_pmem cxl_mock_mem dax_cxl kmem \
		nfit nd_pmem nd_btt device_dax dax_pmem

	# namespaces can be made on an NVDIMM that has labels
	assert ndctl disable-region -b ACPI.NFIT all
	assert ndctl init-labels -b ACPI.NFIT all
	assert ndctl enable-region -b ACPI.NFIT all

	while read -r was test; do
		if [ -n "${rig_renew-}" ] || [ "$was" = pass ]; then
			outcome "$test"
			say "$outcome $test"
			expect "$test passes" passes
		else
			skip "$test" "on stock: $was"
		fi
	done < <(grep "^[a-z]" "$list")
}
