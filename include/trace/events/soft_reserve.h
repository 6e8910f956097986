/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM soft_reserve

#if !defined(_TRACE_SOFT_RESERVE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_SOFT_RESERVE_H

#include <linux/range.h>
#include <linux/tracepoint.h>

DECLARE_EVENT_CLASS(soft_reserve_range,
	TP_PROTO(const struct range *range),
	TP_ARGS(range),

	TP_STRUCT__entry(
		__field(u64, start)
		__field(u64, end)
	),

	TP_fast_assign(
		__entry->start = range->start;
		__entry->end = range->end;
	),

	TP_printk("range=%llx-%llx", __entry->start, __entry->end)
);

/* "Soft Reserved" was inserted into iomem_resource */
DEFINE_EVENT(soft_reserve_range, soft_reserve_publish,
	TP_PROTO(const struct range *range),
	TP_ARGS(range)
);

/* "Soft Reserved" was removed from iomem_resource */
DEFINE_EVENT(soft_reserve_range, soft_reserve_withdraw,
	TP_PROTO(const struct range *range),
	TP_ARGS(range)
);

DECLARE_EVENT_CLASS(soft_reserve_named,
	TP_PROTO(const struct range *range, const char *name),
	TP_ARGS(range, name),

	TP_STRUCT__entry(
		__field(u64, start)
		__field(u64, end)
		__string(name, name)
	),

	TP_fast_assign(
		__entry->start = range->start;
		__entry->end = range->end;
		__assign_str(name);
	),

	TP_printk("range=%llx-%llx name=%s", __entry->start, __entry->end,
		  __get_str(name))
);

/* A dax region has claimed its range */
DEFINE_EVENT(soft_reserve_named, soft_reserve_claim,
	TP_PROTO(const struct range *range, const char *name),
	TP_ARGS(range, name)
);

/* The last user of a claim has released it */
DEFINE_EVENT(soft_reserve_named, soft_reserve_release,
	TP_PROTO(const struct range *range, const char *name),
	TP_ARGS(range, name)
);

/* A CXL region was removed from iomem_resource where HMEM owns its range */
DEFINE_EVENT(soft_reserve_named, soft_reserve_yield,
	TP_PROTO(const struct range *range, const char *name),
	TP_ARGS(range, name)
);

/* A CXL region that had yielded is in iomem_resource again */
DEFINE_EVENT(soft_reserve_named, soft_reserve_restore,
	TP_PROTO(const struct range *range, const char *name),
	TP_ARGS(range, name)
);

/* A region is parked: its decoders stay committed, since its range is in use */
DEFINE_EVENT(soft_reserve_named, soft_reserve_reset_skipped,
	TP_PROTO(const struct range *range, const char *name),
	TP_ARGS(range, name)
);

/* A device was refused a range, or a commit or reset of its decoders */
TRACE_EVENT(soft_reserve_refuse,
	TP_PROTO(const struct range *range, const char *name,
		 const char *owner, int error),
	TP_ARGS(range, name, owner, error),

	TP_STRUCT__entry(
		__field(u64, start)
		__field(u64, end)
		__field(int, error)
		__string(name, name)
		__string(owner, owner)
	),

	TP_fast_assign(
		__entry->start = range->start;
		__entry->end = range->end;
		__entry->error = error;
		__assign_str(name);
		__assign_str(owner);
	),

	TP_printk("range=%llx-%llx error=%d owner=%s name=%s", __entry->start,
		  __entry->end, __entry->error, __get_str(owner), __get_str(name))
);

/* A piece of Soft Reserved memory is in a new state, and why */
TRACE_EVENT(soft_reserve_decide,
	TP_PROTO(const struct range *range, const char *state, const char *reason,
		 const char *cause),
	TP_ARGS(range, state, reason, cause),

	TP_STRUCT__entry(
		__field(u64, start)
		__field(u64, end)
		__string(state, state)
		__string(reason, reason)
		__string(cause, cause)
	),

	TP_fast_assign(
		__entry->start = range->start;
		__entry->end = range->end;
		__assign_str(state);
		__assign_str(reason);
		__assign_str(cause);
	),

	TP_printk("range=%llx-%llx state=%s reason=\"%s\" cause=%s",
		  __entry->start, __entry->end, __get_str(state),
		  __get_str(reason), __get_str(cause))
);

#endif /* _TRACE_SOFT_RESERVE_H */

/* This part must be outside protection */
#include <trace/define_trace.h>
