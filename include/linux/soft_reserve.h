/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_SOFT_RESERVE_H
#define _LINUX_SOFT_RESERVE_H

#include <linux/cleanup.h>
#include <linux/ioport.h>
#include <linux/range.h>
#include <linux/types.h>

struct device;
struct module;
struct rw_semaphore;

/* Both end at their last address, and none is empty */
static inline bool ranges_overlap(const struct range *a, const struct range *b)
{
	return a->start <= b->end && a->end >= b->start;
}

/*
 * kernel/soft_reserve.c: what firmware marked, and the fences that keep
 * allocators off it. Called by the code that reads the memory map, by
 * allocators of physical addresses and by EINJ.
 */
#ifdef CONFIG_DAX_ARBITER
bool soft_reserve_add(u64 start, u64 end);
u64 soft_reserve_clip_end(u64 start, u64 end);
void soft_reserve_clip(struct resource *avail);
bool soft_reserve_conflict(const struct resource *base, resource_size_t start,
			   resource_size_t size);
bool soft_reserve_contains(u64 start, u64 size);
#else
static inline bool soft_reserve_add(u64 start, u64 end)
{
	return false;
}

static inline u64 soft_reserve_clip_end(u64 start, u64 end)
{
	return end;
}

static inline void soft_reserve_clip(struct resource *avail)
{
}

static inline bool soft_reserve_conflict(const struct resource *base,
					 resource_size_t start,
					 resource_size_t size)
{
	return false;
}

static inline bool soft_reserve_contains(u64 start, u64 size)
{
	return false;
}
#endif

/* For the arbiter, drivers/dax/arbiter/ */
extern struct resource soft_reserve_fences;
const struct range *soft_reserve_next(const struct range *range);
void soft_reserve_remove_fences(void);
void soft_reserve_publish_all(void);

/*
 * drivers/dax/arbiter/: what the CXL core registers and calls
 */

/**
 * enum dax_claim_kind - which driver has a claim
 * @DAX_CLAIM_HMEM: dax_hmem, for Soft Reserved memory
 * @DAX_CLAIM_CXL: dax_cxl, for a CXL RAM region
 * @DAX_CLAIM_PMEM: dax_pmem, for persistent memory
 */
enum dax_claim_kind {
	DAX_CLAIM_HMEM,
	DAX_CLAIM_CXL,
	DAX_CLAIM_PMEM,
};

/**
 * struct soft_reserve_cxl_region - a region as CXL reports it for a decision
 * @range: host physical addresses that the region decodes
 * @name: name of the region, for the log
 * @pmem: it is persistent: it covers no piece, and HMEM never owns what it
 *	  decodes
 */
struct soft_reserve_cxl_region {
	struct range range;
	char name[16];
	bool pmem;
};

/**
 * struct soft_reserve_cxl_ops - the operations that CXL registers
 * @owner: module of the operations, pinned while one of them runs
 * @lock: held for write, no region is added or removed; the arbiter's lock is
 *	  taken inside of it
 * @coverage: list the regions that a driver can serve, and those that are
 *	      persistent, in any order; the caller frees @regions with kvfree().
 *	      @claimed, if not NULL, is the range of a region that is just being
 *	      claimed, so that a driver serves it. Returns the number of regions
 *	      or an error code. Under @lock.
 * @yield: HMEM is about to own @range: remove the overlapping part of each
 *	   region from iomem_resource, and insert @entry below its CXL window,
 *	   unless it is inserted already or there is no window. Returns -EBUSY
 *	   if a region that must not yield, or another resource, is in the way:
 *	   the caller then calls @restore. Under @lock and the arbiter's lock.
 * @restore: HMEM no longer owns @range, or @range is no longer published:
 *	     insert the regions that yielded, or found no room before. Must not
 *	     fail. Under @lock and the arbiter's lock.
 * @settle: wait until queued region discovery is done and no device on the bus
 *	    is about to be probed. @wait waits for the probe of one device. No
 *	    locks held.
 * @attach: bind the devices in @range that wait for a decision. No locks held.
 */
struct soft_reserve_cxl_ops {
	struct module *owner;
	struct rw_semaphore *lock;
	int (*coverage)(struct soft_reserve_cxl_region **regions,
			const struct range *claimed);
	int (*yield)(const struct range *range, struct resource *entry);
	void (*restore)(const struct range *range);
	void (*settle)(void (*wait)(struct device *dev));
	void (*attach)(const struct range *range);
};

void dax_arbiter_register_cxl(const struct soft_reserve_cxl_ops *ops);
void dax_arbiter_unregister_cxl(const struct soft_reserve_cxl_ops *ops);

bool dax_arbiter_aligned(const struct range *range, u64 align);
unsigned int dax_arbiter_count(const struct range *range);
const struct range *dax_arbiter_next_hmem(const struct range *range);
bool dax_arbiter_owned_by_hmem(const struct range *range);
void dax_arbiter_request_decision(const struct range *range);
int dax_arbiter_wait(const struct range *range, const bool *gone);
void dax_arbiter_wake(void);
void dax_arbiter_decoders_reset(const struct range *range);

#ifdef CONFIG_DAX_ARBITER
void dax_arbiter_lock(void);
void dax_arbiter_unlock(void);
int dax_range_check_idle(struct device *dev, const struct range *range,
			 enum dax_claim_kind own, const char *outcome);
bool dax_arbiter_blocks_suspend(void);
#else
static inline void dax_arbiter_lock(void)
{
}

static inline void dax_arbiter_unlock(void)
{
}

static inline bool dax_arbiter_blocks_suspend(void)
{
	return false;
}
#endif

/* While it is held, no owner changes */
DEFINE_LOCK_GUARD_0(dax_arbiter, dax_arbiter_lock(), dax_arbiter_unlock())

#endif /* _LINUX_SOFT_RESERVE_H */
