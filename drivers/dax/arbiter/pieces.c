// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: pieces of Soft Reserved memory, and their states
 *
 * Two drivers may want memory that firmware has marked Soft Reserved: dax_hmem,
 * and the CXL subsystem if the memory is in a CXL window. The arbiter is built
 * in and depends on neither. It gives each *piece* one owner. A piece is not in
 * iomem_resource until it has one.
 *
 * Pieces are the ranges that firmware marked, merged where they touch, and cut
 * where a CXL window starts or ends and where the NUMA node changes. Later a
 * piece is cut further if only a part of it was claimed before there was an
 * HMEM driver, if a region of persistent memory decodes a part, or if CXL has
 * reset the decoders of a part. HMEM can still own the other parts. A piece
 * that HMEM owns is never cut.
 *
 * piece_transitions[] lists all that changes the state of a piece.
 * piece_handle_event() does what a change requires: it publishes or withdraws the
 * piece, has CXL regions yield, and updates the fence.
 *
 * Locking: everything here is protected by dax_arbiter_mutex, and a pointer to
 * a piece is valid only under it. arbiter_lock_with_cxl() is needed where CXL
 * regions may have to yield or to be restored.
 */
#define pr_fmt(fmt) "soft_reserve: " fmt

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/export.h>
#include <linux/slab.h>
#include <trace/events/soft_reserve.h>
#include "internal.h"

struct dax_arbiter dax_arbiter;

/*
 * For each state and event: the next state, and what is done. An event that is
 * not here does nothing to a piece in that state. A readable table is in
 * Documentation/driver-api/cxl/ownership.rst. Further conditions of an event are
 * checked by the caller of piece_handle_event(): see decide.c.
 */
const struct piece_transition piece_transitions[NR_PIECE_STATES][NR_PIECE_EVENTS] = {
	[PIECE_UNDECIDED] = {
		[EVENT_COVERED]		= { PIECE_CXL, .withdraw = true, .restore = true },
		[EVENT_NOT_COVERED]	= { PIECE_HMEM },
		[EVENT_NOBODY_SERVES]	= { PIECE_UNOWNED, .restore = true },
		[EVENT_NOBODY_DECODES]	= { PIECE_UNOWNED, .withdraw = true, .restore = true },
		[EVENT_NO_HMEM]		= { PIECE_UNOWNED, .publish = true },
		[EVENT_HMEM_CLAIMS]	= { .refuse = -EPROBE_DEFER },
		[EVENT_CXL_CLAIMS]	= { .refuse = -EPROBE_DEFER },
	},
	[PIECE_CXL] = {
		[EVENT_HMEM_CLAIMS]	= { PIECE_HMEM, .yield = true, .publish = true },
		[EVENT_CXL_CLAIMS]	= { PIECE_CXL, .withdraw = true, .restore = true },
		[EVENT_RECONSIDER]	= { PIECE_UNDECIDED },
	},
	[PIECE_HMEM] = {
		[EVENT_HMEM_CLAIMS]	= { PIECE_HMEM, .yield = true, .publish = true },
		[EVENT_CXL_CLAIMS]	= { .refuse = -EBUSY },
		[EVENT_PMEM_CLAIMS]	= { .refuse = -EBUSY },
		[EVENT_HMEM_RELEASES]	= { PIECE_UNOWNED, .withdraw = true, .restore = true },
		[EVENT_HMEM_FAILS]	= { PIECE_UNOWNED, .restore = true },
		[EVENT_RECONSIDER]	= { PIECE_UNDECIDED },
	},
	[PIECE_UNOWNED] = {
		[EVENT_HMEM_CLAIMS]	= { PIECE_HMEM, .yield = true, .publish = true },
		[EVENT_CXL_CLAIMS]	= { PIECE_CXL, .withdraw = true, .restore = true },
		[EVENT_RECONSIDER]	= { PIECE_UNDECIDED },
	},
};

static const struct {
	const char *name;	/* in debugfs and in traces */
	const char *owner;	/* in the log */
} states[] = {
	[PIECE_UNDECIDED]	= { "undecided", "undecided" },
	[PIECE_CXL]		= { "cxl", "owned by CXL" },
	[PIECE_HMEM]		= { "hmem", "owned by HMEM" },
	[PIECE_UNOWNED]		= { "unowned", "unowned" },
};

/* Programs rely on the name of a cause; the words may change */
static const struct {
	const char *name;
	const char *words;
} causes[] = {
	[CAUSE_NOT_DECIDED]	= { "not-decided", "its owner is undecided" },
	[CAUSE_COVERED]		= { "covered" },
	[CAUSE_PMEM_REGION]	= { "pmem-region" },
	[CAUSE_PERSISTENT]	= { "persistent", "it is persistent" },
	[CAUSE_CLAIMED]		= { "claimed", "it has been claimed" },
	[CAUSE_RECLAIMED]	= { "reclaimed", "claimed while it was unowned" },
	[CAUSE_NO_WINDOW]	= { "no-window", "outside every CXL window" },
	[CAUSE_NO_REGION]	= { "no-region", "no CXL region covers it" },
	[CAUSE_GAP]		= { "gap" },
	[CAUSE_RELEASED]	= { "released", "HMEM has released it" },
	[CAUSE_DECODERS_RESET]	= { "decoders-reset", "its CXL decoders have been reset" },
	[CAUSE_RESTRICTED]	= { "restricted",
		"its CXL window is not for volatile memory of the host" },
	[CAUSE_NO_DRIVER]	= { "no-driver", "there is no HMEM driver" },
	[CAUSE_TOO_SMALL]	= { "too-small", "it is too small for a dax device" },
	[CAUSE_HMEM_FAILED]	= { "hmem-failed", "HMEM cannot serve it" },
};

static_assert(ARRAY_SIZE(causes) == NR_PIECE_CAUSES);

const char *piece_state_name(const struct soft_reserve_piece *piece)
{
	return states[piece->state].name;
}

const char *piece_owner(const struct soft_reserve_piece *piece)
{
	return states[piece->state].owner;
}

const char *piece_cause_name(const struct soft_reserve_piece *piece)
{
	return causes[piece->why.cause].name;
}

/**
 * piece_reason() - say why a piece is in its state
 * @piece: the piece
 * @buf: where the words are put if they are not constant
 *
 * Context: Under the arbiter's lock.
 * Return: the words.
 */
const char *piece_reason(const struct soft_reserve_piece *piece,
			 char buf[REASON_SIZE])
{
	const struct piece_why *why = &piece->why;

	switch (why->cause) {
	case CAUSE_COVERED:
		if (why->value)
			snprintf(buf, REASON_SIZE, "covered by %s and %llu more",
				 why->region, why->value);
		else
			snprintf(buf, REASON_SIZE, "covered by %s", why->region);
		return buf;
	case CAUSE_PMEM_REGION:
		snprintf(buf, REASON_SIZE, "%s decodes it, which is persistent",
			 why->region);
		return buf;
	case CAUSE_GAP:
		snprintf(buf, REASON_SIZE, "CXL regions do not cover %#llx",
			 why->value);
		return buf;
	default:
		return causes[why->cause].words;
	}
}

/**
 * piece_at() - find a piece
 * @addr: physical address
 *
 * Context: Under the arbiter's lock.
 * Return: the index of the first piece that ends at or above @addr, the number
 * of pieces if there is none.
 */
unsigned int piece_at(u64 addr)
{
	unsigned int lo = 0, hi = dax_arbiter.nr;

	while (lo < hi) {
		unsigned int mid = lo + (hi - lo) / 2;

		if (dax_arbiter.pieces[mid]->range.end < addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/*
 * For a piece that CXL has not inserted: there is no window, or CXL has not set
 * it up yet, or CXL is absent. insert_resource() would make a window of exactly
 * this range a child of the entry: insert below the window in that case.
 */
static int piece_insert(struct soft_reserve_piece *piece)
{
	struct resource *window;

	if (piece->entry.parent)
		return 0;

	window = lookup_resource(&iomem_resource, piece->range.start);
	if (!window || window->desc != IORES_DESC_CXL ||
	    window->end != piece->range.end)
		window = &iomem_resource;
	return insert_resource(window, &piece->entry);
}

static int piece_publish(struct soft_reserve_piece *piece, bool yield)
{
	const struct soft_reserve_cxl_ops *cxl = yield ? arbiter_cxl() : NULL;
	const bool published = piece->entry.parent;
	int rc;

	rc = cxl ? cxl->yield(&piece->range, &piece->entry) : 0;
	rc = rc ?: piece_insert(piece);
	if (rc && cxl)
		cxl->restore(&piece->range);
	else if (!rc && !published)
		trace_soft_reserve_publish(&piece->range);
	return rc;
}

/* If another resource is in the way, only the entry is missing */
static void piece_show(struct soft_reserve_piece *piece)
{
	if (piece_publish(piece, false))
		pr_warn("%pR cannot be published\n", &piece->fence);
}

static void piece_withdraw(struct soft_reserve_piece *piece)
{
	if (!piece->entry.parent)
		return;
	remove_resource(&piece->entry);
	/* remove_resource() moved its children up to the parent: forget them */
	piece->entry.child = NULL;
	trace_soft_reserve_withdraw(&piece->range);
}

/*
 * Unowned memory is fenced off too: without CXL's driver no window in iomem
 * tells that there is memory. But CXL may allocate it in its windows.
 */
static unsigned long fence_desc(enum piece_state state)
{
	return state == PIECE_UNDECIDED || state == PIECE_HMEM ?
		IORES_DESC_SOFT_RESERVED : IORES_DESC_CXL;
}

static void piece_becomes(struct soft_reserve_piece *piece, enum piece_state state,
			  const struct piece_why *why)
{
	char buf[REASON_SIZE];

	piece->state = state;
	piece->why = *why;
	WRITE_ONCE(piece->fence.desc, fence_desc(state));
	trace_soft_reserve_decide(&piece->range, piece_state_name(piece),
				  piece_reason(piece, buf), piece_cause_name(piece));
}

static void range_include(struct range *to, const struct range *range)
{
	to->start = min(to->start, range->start);
	to->end = max(to->end, range->end);
}

/**
 * piece_handle_event() - have an event change the state of a piece
 * @piece: the piece
 * @event: what happens
 * @why: why it is in its new state, if the state changes
 * @restore: extended by the range of the piece if CXL regions have to be
 *	     restored there: call arbiter_cxl_restore() with it after the last event
 *
 * Context: Under arbiter_lock_with_cxl().
 * Return: 0, or an error code if the event is refused, or the piece cannot be
 * published: nothing is changed then.
 */
int piece_handle_event(struct soft_reserve_piece *piece, enum piece_event event,
		       const struct piece_why *why, struct range *restore)
{
	const struct piece_transition *t = &piece_transitions[piece->state][event];
	int rc;

	lockdep_assert_held(&dax_arbiter_mutex);

	if (t->refuse)
		return t->refuse;
	if (t->publish && t->yield) {
		rc = piece_publish(piece, true);
		if (rc)
			return rc;
	} else if (t->publish) {
		piece_show(piece);
	}
	if (t->to != PIECE_UNCHANGED && t->to != piece->state)
		piece_becomes(piece, t->to, why);
	if (t->withdraw)
		piece_withdraw(piece);
	if (t->restore)
		range_include(restore, &piece->range);
	return 0;
}

/**
 * arbiter_cxl_restore() - restore CXL regions that yielded
 * @range: where HMEM owns less than before; empty if nowhere
 *
 * Context: Under arbiter_lock_with_cxl().
 */
void arbiter_cxl_restore(const struct range *range)
{
	const struct soft_reserve_cxl_ops *cxl = arbiter_cxl();

	if (cxl && range->start <= range->end)
		cxl->restore(range);
}

/* A copy of a piece, with another range, that is in no tree of resources */
static struct soft_reserve_piece *piece_copy(const struct soft_reserve_piece *from,
					     u64 start, u64 end)
{
	struct soft_reserve_piece *piece = kmemdup(from, sizeof(*from), GFP_KERNEL);

	if (!piece)
		return NULL;

	piece->range = (struct range) { start, end };
	piece->entry = DEFINE_RES_MEM_NAMED(start, end - start + 1, "Soft Reserved");
	piece->entry.desc = IORES_DESC_SOFT_RESERVED;
	piece->fence = piece->entry;
	piece->fence.desc = fence_desc(piece->state);
	return piece;
}

static void pieces_free(struct soft_reserve_piece **pieces, unsigned int nr)
{
	for (unsigned int i = 0; pieces && i < nr; i++)
		kfree(pieces[i]);
	kvfree(pieces);
}

/**
 * pieces_start() - set up all pieces, which are undecided
 * @from: the pieces, sorted; copied
 * @nr: how many
 * @publish: insert them into iomem_resource right away
 *
 * Context: Process context, may sleep.
 * Return: 0, -EBUSY if there are pieces already, -ENOMEM; then nothing has changed.
 */
int pieces_start(const struct soft_reserve_piece *from, unsigned int nr, bool publish)
{
	struct soft_reserve_piece **pieces;

	guard(dax_arbiter)();
	if (dax_arbiter.nr)
		return -EBUSY;

	pieces = kvcalloc(nr, sizeof(*pieces), GFP_KERNEL);
	for (unsigned int i = 0; pieces && i < nr; i++) {
		pieces[i] = piece_copy(&from[i], from[i].range.start,
				       from[i].range.end);
		if (!pieces[i]) {
			pieces_free(pieces, nr);
			pieces = NULL;
			break;
		}
		pieces[i]->origin = pieces[i]->range.start;
	}
	if (!pieces)
		return -ENOMEM;

	dax_arbiter.pieces = pieces;
	dax_arbiter.nr = nr;
	for (unsigned int i = 0; i < nr; i++) {
		insert_resource(&soft_reserve_fences, &pieces[i]->fence);
		piece_becomes(pieces[i], PIECE_UNDECIDED, PIECE_WHY(CAUSE_NOT_DECIDED));
		if (publish)
			piece_show(pieces[i]);
	}
	return 0;
}

/**
 * pieces_stop() - undo pieces_start(), for tests
 *
 * Claims that are live stay in the tree.
 *
 * Context: Under arbiter_lock_with_cxl().
 */
void pieces_stop(void)
{
	struct soft_reserve_piece **pieces = dax_arbiter.pieces;
	const unsigned int nr = dax_arbiter.nr;

	dax_arbiter.pieces = NULL;
	dax_arbiter.nr = 0;
	for (unsigned int i = 0; i < nr; i++) {
		piece_withdraw(pieces[i]);
		remove_resource(&pieces[i]->fence);
		arbiter_cxl_restore(&pieces[i]->range);
	}
	pieces_free(pieces, nr);
}

/* Cut a piece in two: @at starts the second one */
static int piece_cut(unsigned int i, u64 at)
{
	struct soft_reserve_piece *old = dax_arbiter.pieces[i], *low, *high, **more;
	const unsigned int nr = dax_arbiter.nr;
	const bool published = old->entry.parent;

	lockdep_assert_held(&dax_arbiter_mutex);

	low = piece_copy(old, old->range.start, at - 1);
	high = piece_copy(old, at, old->range.end);
	more = kvmalloc_array(nr + 1, sizeof(*more), GFP_KERNEL);
	if (!low || !high || !more) {
		kfree(low);
		kfree(high);
		kvfree(more);
		return -ENOMEM;
	}
	memcpy(more, dax_arbiter.pieces, i * sizeof(*more));
	more[i] = low;
	more[i + 1] = high;
	memcpy(more + i + 2, dax_arbiter.pieces + i + 1, (nr - i - 1) * sizeof(*more));

	/* the new fences lie inside the old one: nothing is ever unfenced */
	insert_resource(&soft_reserve_fences, &low->fence);
	insert_resource(&soft_reserve_fences, &high->fence);
	remove_resource(&old->fence);
	piece_withdraw(old);
	kfree(old);

	kvfree(dax_arbiter.pieces);
	dax_arbiter.pieces = more;
	dax_arbiter.nr++;
	if (published) {
		piece_show(low);
		piece_show(high);
	}
	return 0;
}

/**
 * pieces_cut_at_claims() - cut pieces where a claim starts or ends
 * @except: a claim that does not count yet, or NULL
 *
 * Context: Under arbiter_lock_with_cxl().
 * Return: 0 or -ENOMEM.
 */
int pieces_cut_at_claims(const struct resource *except)
{
	int rc = 0;

	for (unsigned int i = 0; i < dax_arbiter.nr && !rc; i++) {
		const struct soft_reserve_piece *piece = dax_arbiter.pieces[i];
		const struct range *range = &piece->range;
		struct range part;

		if (piece->state == PIECE_HMEM || !range_claimed(range, except) ||
		    !range_unclaimed_part(range, &part, except))
			continue;
		if (part.start > range->start)
			rc = piece_cut(i, part.start);
		else if (part.end < range->end)
			rc = piece_cut(i, part.end + 1);
	}
	return rc;
}

/**
 * pieces_cut_around() - cut pieces where a range starts or ends
 * @range: what a region of persistent memory decodes, or what was reset
 *
 * Context: Under the arbiter's lock.
 * Return: 0 or -ENOMEM.
 */
int pieces_cut_around(const struct range *range)
{
	const u64 edges[] = { range->start, range->end + 1 };
	int rc = 0;

	for (unsigned int e = 0; e < ARRAY_SIZE(edges) && !rc; e++) {
		const unsigned int i = piece_at(edges[e]);

		if (edges[e] && i < dax_arbiter.nr &&
		    dax_arbiter.pieces[i]->range.start < edges[e] &&
		    dax_arbiter.pieces[i]->state != PIECE_HMEM)
			rc = piece_cut(i, edges[e]);
	}
	return rc;
}

static bool pieces_belong_together(const struct soft_reserve_piece *low,
				   const struct soft_reserve_piece *high)
{
	return low->origin == high->origin &&
	       low->state == PIECE_UNDECIDED && high->state == PIECE_UNDECIDED &&
	       !range_claimed(&low->range, NULL) &&
	       !range_claimed(&high->range, NULL) &&
	       low->persistent == high->persistent &&
	       low->decoders_reset == high->decoders_reset;
}

/*
 * Join pieces that were cut and are undecided again, because a memory block
 * across the cut could not come online. If memory is short, they stay cut.
 */
static void pieces_join(void)
{
	struct soft_reserve_piece **pieces = dax_arbiter.pieces;
	unsigned int i = 0;

	while (i + 1 < dax_arbiter.nr) {
		struct soft_reserve_piece *low = pieces[i], *high = pieces[i + 1];
		const bool published = low->entry.parent || high->entry.parent;
		struct soft_reserve_piece *whole;

		whole = pieces_belong_together(low, high) ?
			piece_copy(low, low->range.start, high->range.end) : NULL;
		if (!whole) {
			i++;
			continue;
		}

		/* it lies around the two: nothing is ever unfenced */
		insert_resource(&soft_reserve_fences, &whole->fence);
		release_resource(&low->fence);
		release_resource(&high->fence);
		piece_withdraw(low);
		piece_withdraw(high);
		kfree(low);
		kfree(high);

		pieces[i] = whole;
		dax_arbiter.nr--;
		memmove(pieces + i + 1, pieces + i + 2,
			(dax_arbiter.nr - i - 1) * sizeof(*pieces));
		if (published)
			piece_show(whole);
	}
}

/**
 * pieces_reconsider() - make all pieces without a claim undecided again
 *
 * A piece that HMEM has claimed becomes undecided when HMEM releases it.
 *
 * Context: Under arbiter_lock_with_cxl().
 */
void pieces_reconsider(void)
{
	struct range restore = EMPTY_RANGE;

	for (unsigned int i = 0; i < dax_arbiter.nr; i++) {
		struct soft_reserve_piece *piece = dax_arbiter.pieces[i];
		const bool claimed = range_claimed(&piece->range, NULL);

		/* pieces that another driver has claimed do not change */
		piece->reconsider = claimed && piece->state == PIECE_HMEM;
		if (!claimed)
			piece_handle_event(piece, EVENT_RECONSIDER,
					   PIECE_WHY(CAUSE_NOT_DECIDED), &restore);
	}
	pieces_join();
}

/**
 * dax_arbiter_no_hmem() - there will never be an HMEM driver
 *
 * Undecided pieces become unowned and are published. CXL need not wait any
 * more.
 *
 * Context: Process context, may sleep.
 */
void dax_arbiter_no_hmem(void)
{
	struct range restore = EMPTY_RANGE;

	guard(arbiter_with_cxl)();
	for (unsigned int i = 0; i < dax_arbiter.nr; i++)
		piece_handle_event(dax_arbiter.pieces[i], EVENT_NO_HMEM,
				   PIECE_WHY(CAUSE_NO_DRIVER), &restore);
}

/**
 * dax_arbiter_nr_pieces() - how many pieces of Soft Reserved memory there are
 *
 * Return: their number. After fs_initcall level, it stays 0 if it is 0, but for tests.
 */
unsigned int dax_arbiter_nr_pieces(void)
{
	return dax_arbiter.nr;
}

/**
 * dax_arbiter_count() - how many pieces of Soft Reserved memory a range overlaps
 * @range: physical addresses
 *
 * Context: The caller holds dax_arbiter_lock().
 * Return: their number.
 */
unsigned int dax_arbiter_count(const struct range *range)
{
	struct soft_reserve_piece *piece;
	unsigned int i, nr = 0;

	lockdep_assert_held(&dax_arbiter_mutex);
	for_each_piece(piece, i, range)
		nr++;
	return nr;
}
EXPORT_SYMBOL_GPL(dax_arbiter_count);

/**
 * dax_arbiter_next_hmem() - find memory that HMEM owns
 * @range: physical addresses to look at
 *
 * Context: The caller holds dax_arbiter_lock().
 * Return: the range of the first piece that overlaps @range and is owned by HMEM,
 * NULL if there is none.
 */
const struct range *dax_arbiter_next_hmem(const struct range *range)
{
	struct soft_reserve_piece *piece;
	unsigned int i;

	lockdep_assert_held(&dax_arbiter_mutex);
	for_each_piece(piece, i, range)
		if (piece->state == PIECE_HMEM)
			return &piece->range;
	return NULL;
}
EXPORT_SYMBOL_GPL(dax_arbiter_next_hmem);

/**
 * dax_arbiter_owned_by_hmem() - does HMEM own a part of a range
 * @range: physical addresses
 *
 * Context: Process context, may sleep. Takes dax_arbiter_lock().
 * Return: true if it does.
 */
bool dax_arbiter_owned_by_hmem(const struct range *range)
{
	guard(dax_arbiter)();
	return dax_arbiter_next_hmem(range);
}
EXPORT_SYMBOL_GPL(dax_arbiter_owned_by_hmem);

/**
 * range_undecided() - does a range overlap a piece whose owner is not known yet
 * @range: physical addresses
 *
 * Context: Under the arbiter's lock.
 * Return: true if it does.
 */
bool range_undecided(const struct range *range)
{
	struct soft_reserve_piece *piece;
	unsigned int i;

	lockdep_assert_held(&dax_arbiter_mutex);
	for_each_piece(piece, i, range)
		if (piece->state == PIECE_UNDECIDED)
			return true;
	return false;
}

/**
 * range_windowed() - may decoders of CXL devices be behind a range
 * @range: physical addresses
 *
 * Context: Under the arbiter's lock.
 * Return: true if a part of it is Soft Reserved in a CXL window.
 */
bool range_windowed(const struct range *range)
{
	struct soft_reserve_piece *piece;
	unsigned int i;

	lockdep_assert_held(&dax_arbiter_mutex);
	for_each_piece(piece, i, range)
		if (piece->windowed)
			return true;
	return false;
}

/**
 * dax_arbiter_decoders_reset() - the decoders of a range have been reset
 * @range: the range
 *
 * No decoder decodes these addresses any more, and if CXL allocates them for a
 * new region, CXL owns that. So HMEM does not own them again until reboot.
 *
 * Context: Process context, may sleep. cxl_region_rwsem is held for write.
 */
void dax_arbiter_decoders_reset(const struct range *range)
{
	struct soft_reserve_piece *piece;
	unsigned int i;

	guard(dax_arbiter)();
	/* if a piece cannot be cut, all of it is lost to HMEM */
	if (pieces_cut_around(range))
		pr_warn("[mem %#010llx-%#010llx] is not cut out: no memory\n",
			range->start, range->end);
	for_each_piece(piece, i, range)
		piece->decoders_reset = true;
}
EXPORT_SYMBOL_GPL(dax_arbiter_decoders_reset);
