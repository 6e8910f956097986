/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the arbiter share.
 *
 * One lock, dax_arbiter_mutex, protects all of it: the pieces and their states,
 * the tree of claims, the refusals, and the pointer to CXL's operations. Code
 * that publishes or withdraws takes CXL's lock first, see arbiter_lock_with_cxl().
 */
#ifndef _DAX_ARBITER_INTERNAL_H
#define _DAX_ARBITER_INTERNAL_H

#include <linux/cleanup.h>
#include <linux/ioport.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pci_ids.h>
#include <linux/soft_reserve.h>
#include "arbiter.h"

/* programming interface of a CXL memory device, CXL 3.1 section 8.1.12.1 */
#define CXL_MEMORY_CLASS	(PCI_CLASS_MEMORY_CXL << 8 | 0x10)

struct dax_awake;

/**
 * enum piece_state - who owns a piece of Soft Reserved memory
 * @PIECE_UNCHANGED: no state, but for a transition: the state stays as it is
 * @PIECE_UNDECIDED: not known yet; fenced off from every allocator
 * @PIECE_CXL: CXL, whose regions cover it
 * @PIECE_HMEM: HMEM; fenced off from every allocator
 * @PIECE_UNOWNED: nobody, until a driver claims it
 * @NR_PIECE_STATES: how many there are
 */
enum piece_state {
	PIECE_UNCHANGED,
	PIECE_UNDECIDED,
	PIECE_CXL,
	PIECE_HMEM,
	PIECE_UNOWNED,
	NR_PIECE_STATES,
};

/**
 * enum piece_cause - why a piece is in its state, see causes[] in pieces.c
 * @CAUSE_NOT_DECIDED: undecided: CXL's initial probing is not over
 * @CAUSE_COVERED: CXL: regions cover it
 * @CAUSE_PMEM_REGION: CXL: a region of persistent memory decodes it
 * @CAUSE_PERSISTENT: CXL: a region of persistent memory decoded it before
 * @CAUSE_CLAIMED: CXL: it was claimed before it was decided
 * @CAUSE_RECLAIMED: CXL or HMEM: claimed while it was unowned, or while CXL
 *		     owned it without a claim
 * @CAUSE_NO_WINDOW: HMEM: outside every CXL window
 * @CAUSE_NO_REGION: HMEM: no region of CXL overlaps it
 * @CAUSE_GAP: HMEM: regions of CXL do not cover all of it
 * @CAUSE_RELEASED: unowned: HMEM has released it
 * @CAUSE_DECODERS_RESET: unowned: nothing decodes it any more
 * @CAUSE_RESTRICTED: unowned: its window is not for volatile memory of the host
 * @CAUSE_NO_DRIVER: unowned: there is no HMEM driver
 * @CAUSE_TOO_SMALL: unowned: no dax device fits in
 * @CAUSE_HMEM_FAILED: unowned: HMEM could not serve it
 * @NR_PIECE_CAUSES: how many there are
 */
enum piece_cause {
	CAUSE_NOT_DECIDED,
	CAUSE_COVERED,
	CAUSE_PMEM_REGION,
	CAUSE_PERSISTENT,
	CAUSE_CLAIMED,
	CAUSE_RECLAIMED,
	CAUSE_NO_WINDOW,
	CAUSE_NO_REGION,
	CAUSE_GAP,
	CAUSE_RELEASED,
	CAUSE_DECODERS_RESET,
	CAUSE_RESTRICTED,
	CAUSE_NO_DRIVER,
	CAUSE_TOO_SMALL,
	CAUSE_HMEM_FAILED,
	NR_PIECE_CAUSES,
};

/**
 * enum piece_event - what happens to a piece, see piece_transitions[]
 * @EVENT_COVERED: decision: CXL's regions cover it, or it is persistent
 * @EVENT_NOT_COVERED: decision: not covered, and HMEM can serve it
 * @EVENT_NOBODY_SERVES: decision: not covered, and HMEM cannot serve it
 * @EVENT_NOBODY_DECODES: decision: CXL has reset the decoders behind it
 * @EVENT_NO_HMEM: there will never be an HMEM driver
 * @EVENT_HMEM_CLAIMS: HMEM claims it
 * @EVENT_CXL_CLAIMS: a region of CXL that overlaps it is claimed
 * @EVENT_PMEM_CLAIMS: persistent memory that overlaps it is claimed
 * @EVENT_HMEM_RELEASES: the claim of HMEM is released by its last user
 * @EVENT_HMEM_FAILS: HMEM cannot serve it after all
 * @EVENT_RECONSIDER: it is to be decided again, and has no claim
 * @NR_PIECE_EVENTS: how many there are
 */
enum piece_event {
	EVENT_COVERED,
	EVENT_NOT_COVERED,
	EVENT_NOBODY_SERVES,
	EVENT_NOBODY_DECODES,
	EVENT_NO_HMEM,
	EVENT_HMEM_CLAIMS,
	EVENT_CXL_CLAIMS,
	EVENT_PMEM_CLAIMS,
	EVENT_HMEM_RELEASES,
	EVENT_HMEM_FAILS,
	EVENT_RECONSIDER,
	NR_PIECE_EVENTS,
};

/**
 * struct piece_why - why a piece is in its state
 * @cause: the cause
 * @region: fact that goes with it: name of a region of CXL, or empty
 * @value: fact that goes with it: an address, or how many more regions
 */
struct piece_why {
	enum piece_cause cause;
	char region[16];
	u64 value;
};

#define PIECE_WHY(c)	(&(const struct piece_why) { .cause = (c) })

/**
 * struct piece_transition - what an event does to a piece in some state
 * @to: its state afterwards
 * @refuse: the error code that the event is refused with, or 0
 * @publish: "Soft Reserved" is inserted into iomem_resource
 * @yield: before that, regions of CXL yield
 * @withdraw: "Soft Reserved" is removed from iomem_resource
 * @restore: regions that yielded are inserted there again
 */
struct piece_transition {
	enum piece_state to;
	int refuse;
	bool publish;
	bool yield;
	bool withdraw;
	bool restore;
};

/**
 * struct soft_reserve_piece - a part of Soft Reserved memory that has one owner
 * @range: its addresses; immutable, a piece that is cut is replaced
 * @nid: NUMA node that the firmware tables give it, or NUMA_NO_NODE
 * @windowed: it lies in a CXL window, so CXL may own it
 * @restricted: it lies in a window that HMEM must not serve memory of
 * @origin: start of the piece at boot that it was cut from
 * @state: who owns it
 * @why: why
 * @persistent: a region of persistent memory decoded it
 * @decoders_reset: CXL has reset the decoders behind it: HMEM never owns it again
 *		    until reboot
 * @reconsider: decide again when HMEM has released it
 * @fence: keeps allocators off, see kernel/soft_reserve.c; its desc follows @state
 * @entry: "Soft Reserved" in iomem_resource while @entry.parent is set
 */
struct soft_reserve_piece {
	struct range range;
	int nid;
	bool windowed;
	bool restricted;
	u64 origin;
	enum piece_state state;
	struct piece_why why;
	bool persistent;
	bool decoders_reset;
	bool reconsider;
	struct resource fence;
	struct resource entry;
};

/**
 * struct dax_arbiter - the pieces, and how to call CXL
 * @pieces: the pieces, sorted by address
 * @nr: number of pieces
 * @cxl: operations that CXL has registered, or NULL
 */
struct dax_arbiter {
	struct soft_reserve_piece **pieces;
	unsigned int nr;
	const struct soft_reserve_cxl_ops *cxl;
};

extern struct dax_arbiter dax_arbiter;
extern struct mutex dax_arbiter_mutex;

/* cxl_ops.c */
void arbiter_lock_with_cxl(void);
void arbiter_unlock_with_cxl(void);
DEFINE_LOCK_GUARD_0(arbiter_with_cxl, arbiter_lock_with_cxl(), arbiter_unlock_with_cxl())
const struct soft_reserve_cxl_ops *arbiter_cxl(void);
void arbiter_cxl_settle(void (*wait)(struct device *dev));
void arbiter_cxl_attach(void);

/* pieces.c */
extern const struct piece_transition piece_transitions[NR_PIECE_STATES][NR_PIECE_EVENTS];

/* Each piece that overlaps the range @r, with its index in @i */
#define for_each_piece(piece, i, r)					\
	for (i = piece_at((r)->start);					\
	     i < dax_arbiter.nr && (piece = dax_arbiter.pieces[i]) &&	\
	     piece->range.start <= (r)->end;				\
	     i++)

#define REASON_SIZE	96
#define EMPTY_RANGE	((struct range) { U64_MAX, 0 })
#define ALL_ADDRESSES	(&(const struct range) { 0, U64_MAX })

unsigned int piece_at(u64 addr);
int piece_handle_event(struct soft_reserve_piece *piece, enum piece_event event,
		       const struct piece_why *why, struct range *restore);
const char *piece_reason(const struct soft_reserve_piece *piece,
			 char buf[REASON_SIZE]);
const char *piece_state_name(const struct soft_reserve_piece *piece);
const char *piece_cause_name(const struct soft_reserve_piece *piece);
const char *piece_owner(const struct soft_reserve_piece *piece);
void arbiter_cxl_restore(const struct range *range);
int pieces_start(const struct soft_reserve_piece *pieces, unsigned int nr,
		 bool publish);
void pieces_stop(void);
int pieces_cut_at_claims(const struct resource *except);
int pieces_cut_around(const struct range *range);
void pieces_reconsider(void);
bool range_undecided(const struct range *range);
bool range_windowed(const struct range *range);

/* decide.c */
int pieces_claim(const struct range *range, enum dax_claim_kind kind,
		 const struct resource *claim);
void pieces_release(const struct range *range, enum dax_claim_kind kind);
int arbiter_decide(bool windowed, struct device *host, dax_hmem_fn fn);
int arbiter_reconsider(void);

/* policy.c */

/**
 * struct policy_piece - a piece, and the verdict of policy_decide()
 * @range: its addresses
 * @hmem: HMEM owns it already, so regions cannot cover it
 * @cxl: verdict: CXL owns it, because its regions cover it and all other pieces
 *	 that they overlap
 * @gap: if not, the first address that is not covered, in it or in a piece that
 *	 shares a region with it
 * @first: index of the first region that overlaps it
 * @nr: the number of these regions
 */
struct policy_piece {
	struct range range;
	bool hmem;
	bool cxl;
	u64 gap;
	unsigned int first;
	unsigned int nr;
};

void policy_decide(struct policy_piece *pieces, unsigned int nr,
		   struct soft_reserve_cxl_region *regions,
		   unsigned int nr_regions);

/* boot.c */

/**
 * struct cxl_window - a CXL window, as firmware's tables describe it
 * @range: host physical addresses
 * @restricted: it is not for volatile memory of the host, so not for HMEM
 */
struct cxl_window {
	struct range range;
	bool restricted;
};

/**
 * struct cxl_windows - CXL's windows, in any order
 * @window: each of them
 * @nr: how many
 */
struct cxl_windows {
	const struct cxl_window *window;
	unsigned int nr;
};

u64 pieces_align(const struct cxl_windows *windows);
unsigned int pieces_cut_range(const struct cxl_windows *windows, u64 start, u64 end,
			      struct soft_reserve_piece *to);

/* claim.c */

/**
 * struct dax_claim - a range that has an owner
 * @res: the range, in the tree "DAX Regions"; its name is @owner
 * @kref: users: the dax region, its dax devices, memory that cannot be removed
 * @kind: which driver claimed it
 * @held: memory could not be removed, the claim stays until reboot
 * @orphan: the driver of @owner is unbound, but dax devices may still be open
 * @open: dax devices that are open
 * @awake: CXL devices that must not be suspended at run time
 * @since: when it was claimed, as local_clock() in ns
 * @owner: name of the device that claimed it, which may have been removed
 */
struct dax_claim {
	struct resource res;
	struct kref kref;
	enum dax_claim_kind kind;
	bool held;
	bool orphan;
	struct list_head open;
	struct dax_awake *awake;
	u64 since;
	char owner[];
};

extern struct resource dax_claims;

static inline struct dax_claim *to_claim(struct resource *res)
{
	return res ? container_of(res, struct dax_claim, res) : NULL;
}

#define for_each_claim(claim)						\
	for (claim = to_claim(dax_claims.child); claim;			\
	     claim = to_claim(claim->res.sibling))

bool range_claimed(const struct range *range, const struct resource *except);
bool range_unclaimed_part(const struct range *range, struct range *part,
			  const struct resource *except);

/* wait.c */
void arbiter_request_decision(void);
void arbiter_decision_done(void);
void arbiter_wake_waiters(void);
struct device *arbiter_host(void);

/* debugfs.c */
void refusal_note(struct device *dev, const struct resource *res,
		  const char *owner, int error);
void arbiter_debugfs_init(void);

/* awake.c */
struct dax_awake *dax_awake_get(void);
void dax_awake_put(struct dax_awake *awake);

#endif /* _DAX_ARBITER_INTERNAL_H */
