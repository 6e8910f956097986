# SPDX-License-Identifier: GPL-2.0
# Rules: R5
#
# A machine without CXL and without Soft Reserved memory: our initcalls find that
# there is nothing to do, and allocate nothing.

ours_only=1	# nothing for compare: it is about time
stages=system
windows=
devices=
cpus=1
clock=instructions
limit=900
boot_words="initcall_debug loglevel=1 log_buf_len=4M trace_buf_size=32M \
trace_event=initcall:*,kmem:kmalloc,kmem:kmem_cache_alloc,kmem:mm_page_alloc"
ours='soft_reserve_init|show_pieces|hmem_init|decide_after_initcalls'

# in_ours EVENT: what the trace has of it, from the start to the end of our initcalls
in_ours()
{
	awk -v ours="func=($ours)[+]" -v event=" $1: " '
		/initcall_finish/ { inside = 0 }
		/initcall_start/ { inside = $0 ~ ours }
		inside && $0 ~ event' trace
}

system()
{
	timed assert modprobe -a dax_hmem kmem
	expect "all of our initcalls run" [ "$(in_ours initcall_start | wc -l)" -eq 4 ]
	expect "others allocate" grep -q kmalloc: trace
	expect "ours do not" [ -z "$(in_ours 'kmalloc|kmem_cache_alloc|mm_page_alloc')" ]
	expect "they take less than a thousandth of all" \
		[ $((1000 * $(initcalls "^($ours)\$"))) -lt "$(initcalls .)" ]
	expect "there is no device for HMEM" [ ! -e /sys/devices/platform/hmem_platform.0 ]
	expect "nothing is in debugfs" [ ! -e /sys/kernel/debug/dax ]
}
