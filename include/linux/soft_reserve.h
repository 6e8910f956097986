/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_SOFT_RESERVE_H
#define _LINUX_SOFT_RESERVE_H

#include <linux/ioport.h>
#include <linux/range.h>
#include <linux/types.h>

struct device;
struct module;
struct seq_file;

/**
 * enum soft_reserve_state - who a piece of Soft Reserved memory belongs to
 * @SOFT_RESERVE_PENDING: undecided; kept from every allocator
 * @SOFT_RESERVE_CXL: CXL's regions cover it, CXL owns it
 * @SOFT_RESERVE_HMEM: HMEM owns it; kept from every allocator
 * @SOFT_RESERVE_FREE: HMEM let go of it, may not have it or is not there; whoever
 *		       claims it has it
 */
enum soft_reserve_state {
	SOFT_RESERVE_PENDING,
	SOFT_RESERVE_CXL,
	SOFT_RESERVE_HMEM,
	SOFT_RESERVE_FREE,
};

/**
 * struct soft_reserve - one piece of Soft Reserved memory
 * @range: what it spans; immutable, a piece that is cut is replaced
 * @nid: NUMA node that the firmware tables give it, or NUMA_NO_NODE
 * @windowed: it lies in a CXL window, so that CXL may want it
 * @restricted: it lies in one that firmware does not let HMEM serve
 * @state: who owns it
 * @why: the reason, in words
 * @origin: start of the piece of boot that it was cut from
 * @persistent: a region of persistent memory decoded it
 * @undecoded: CXL has reset the decoders behind it: HMEM never gets it any more
 * @reopen: decide afresh when HMEM has let go of it
 * @claims: how many live claims of the "DAX Regions" tree overlap it
 * @hold: keeps allocators away, see soft_reserve_resource; always there
 * @entry: "Soft Reserved" in iomem_resource while @entry.parent is set
 */
struct soft_reserve {
	struct range range;
	int nid;
	bool windowed;
	bool restricted;
	enum soft_reserve_state state;
	char why[80];
	u64 origin;
	bool persistent;
	bool undecoded;
	bool reopen;
	unsigned int claims;
	struct resource hold;
	struct resource entry;
};

/**
 * struct soft_reserve_region - a region as CXL reports it for the decision
 * @range: host physical addresses that the region decodes
 * @name: name of the region, for the log
 * @pmem: it is persistent: it covers nothing, and what it decodes is never HMEM's
 */
struct soft_reserve_region {
	struct range range;
	char name[16];
	bool pmem;
};

/**
 * struct soft_reserve_peer - the operations that CXL registers
 * @owner: module that has them, pinned while one of them runs
 * @lock: keep regions from coming and going; outer to the Soft Reserved lock
 * @unlock: undo @lock
 * @coverage: list the regions that serve their range, and those that are
 *	      persistent, in any order; the caller frees @regions with kvfree().
 *	      @claimed, if not NULL, is the range of a region that is being claimed
 *	      right now, and so is served. Returns their number or an error code.
 *	      Under @lock.
 * @yield: a range becomes HMEM's: take what overlaps it of each region out of
 *	   iomem_resource, and insert @entry below its CXL window, unless it has
 *	   a place already or there is no window. -EBUSY if a region that may not
 *	   yield is in the way, and then nothing is changed. Under @lock and the
 *	   Soft Reserved lock.
 * @restore: @range is no longer HMEM's, or no longer published: put the regions
 *	     back that yielded, or found no place. Must not fail. Under @lock and
 *	     the Soft Reserved lock.
 * @settle: wait until region discovery that is queued is done, and no device of
 *	    the bus is about to be probed, which @wait waits for. No locks held.
 * @attach: bind what waited for the decision of @range. No locks held.
 */
struct soft_reserve_peer {
	struct module *owner;
	void (*lock)(void);
	void (*unlock)(void);
	int (*coverage)(struct soft_reserve_region **regions,
			const struct range *claimed);
	int (*yield)(const struct range *range, struct resource *entry);
	void (*restore)(const struct range *range);
	void (*settle)(void (*wait)(struct device *dev));
	void (*attach)(const struct range *range);
};

/* Who asks to claim a range, see soft_reserve_claim() */
enum soft_reserve_claimant {
	SOFT_RESERVE_BY_HMEM,
	SOFT_RESERVE_BY_CXL,
	SOFT_RESERVE_BY_OTHER,
};

/**
 * struct soft_reserve_verdict - what soft_reserve_sweep() finds for a piece
 * @cxl: CXL has it, because its regions cover it, and all that they overlap
 * @gap: else the first address that stands against it, in it or in a piece that
 *	 shares a region with it
 * @first: index of the first region that overlaps it
 * @nr: the number of these regions
 */
struct soft_reserve_verdict {
	bool cxl;
	u64 gap;
	unsigned int first;
	unsigned int nr;
};

/**
 * struct soft_reserve_window - a CXL window
 * @range: host physical addresses
 * @restricted: it is not for volatile memory of the host, so not for HMEM
 */
struct soft_reserve_window {
	struct range range;
	bool restricted;
};

/**
 * struct soft_reserve_windows - CXL's windows, in any order
 * @window: each of them
 * @nr: how many
 */
struct soft_reserve_windows {
	const struct soft_reserve_window *window;
	unsigned int nr;
};

typedef void (*soft_reserve_fn)(struct device *host,
				const struct soft_reserve *piece);

extern struct resource soft_reserve_resource;
extern struct resource dax_regions;

#ifdef CONFIG_SOFT_RESERVE_BOOT
bool soft_reserve_add(u64 start, u64 end);
u64 soft_reserve_clip_end(u64 start, u64 end);
#else
/* no HMEM driver can ever serve: nothing to decide */
static inline bool soft_reserve_add(u64 start, u64 end)
{
	return false;
}

static inline u64 soft_reserve_clip_end(u64 start, u64 end)
{
	return end;
}
#endif

#ifdef CONFIG_SOFT_RESERVE
void soft_reserve_clip(struct resource *avail);
bool soft_reserve_contains(u64 start, u64 size);
bool soft_reserve_suspend_ok(void);
int soft_reserve_wait(const struct range *range, const bool *gone);
void soft_reserve_wake(void);
void soft_reserve_lock(void);
void soft_reserve_unlock(void);
#else
static inline void soft_reserve_clip(struct resource *avail)
{
}

static inline bool soft_reserve_contains(u64 start, u64 size)
{
	return false;
}

static inline bool soft_reserve_suspend_ok(void)
{
	return true;
}

static inline void soft_reserve_lock(void)
{
}

static inline void soft_reserve_unlock(void)
{
}
#endif

/* CONFIG_SOFT_RESERVE */
int soft_reserve_start(const struct soft_reserve *cut, unsigned int nr,
		       bool publish);
unsigned int soft_reserve_nr(void);
bool soft_reserve_undecided(void);
bool soft_reserve_windowed(const struct range *range);
bool soft_reserve_aligned(const struct range *range, u64 align);
bool soft_reserve_trim(struct range *range, u64 align);
void soft_reserve_publish_all(void);
void soft_reserve_on_ask(struct device *host, void (*asked)(void));
int soft_reserve_reopen(void);
int soft_reserve_decide(bool windowed, struct device *host, soft_reserve_fn fn);
void soft_reserve_forsake(const struct range *range);
void soft_reserve_undecoded(const struct range *range);

void soft_reserve_register_peer(const struct soft_reserve_peer *peer);
void soft_reserve_unregister_peer(const struct soft_reserve_peer *peer);
void soft_reserve_settle_peer(void (*wait)(struct device *dev));
void soft_reserve_attach_peer(void);

void soft_reserve_assert_locked(void);
void soft_reserve_show(struct seq_file *m);
const struct range *soft_reserve_next_hmem(const struct range *range);
bool soft_reserve_ask(const struct range *range);

const struct soft_reserve_peer *soft_reserve_begin(void);
void soft_reserve_end(const struct soft_reserve_peer *peer);
int soft_reserve_claim(const struct range *range,
		       enum soft_reserve_claimant by,
		       const struct soft_reserve_peer *peer);
void soft_reserve_unclaim(const struct range *range,
			  enum soft_reserve_claimant by,
			  const struct soft_reserve_peer *peer);

#if IS_ENABLED(CONFIG_KUNIT)
int soft_reserve_mock(const struct range *range);
void soft_reserve_unmock(void);
u64 soft_reserve_align(const struct soft_reserve_windows *windows);
unsigned int soft_reserve_cut(const struct soft_reserve_windows *windows,
			      u64 start, u64 end, struct soft_reserve *to);
bool soft_reserve_span(struct soft_reserve * const *piece, unsigned int nr,
		       u64 start, u64 end);
unsigned int soft_reserve_disjoint(struct soft_reserve_region *region,
				   unsigned int nr);
void soft_reserve_swap(struct soft_reserve ***other, unsigned int *nr,
		       const struct soft_reserve_peer **peer);
void soft_reserve_sweep(struct soft_reserve * const *piece, unsigned int nr,
			const struct soft_reserve_region *region,
			unsigned int nr_regions,
			struct soft_reserve_verdict *verdict);
#endif

#endif /* _LINUX_SOFT_RESERVE_H */
