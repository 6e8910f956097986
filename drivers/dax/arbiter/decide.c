// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: who owns a piece: decisions, claims and releases
 *
 * This file reports the events of piece_transitions[]. A decision asks CXL what
 * its regions cover, calls policy.c, and gives each undecided piece an owner.
 * The claim of a region may complete the coverage of a piece, and so decide it
 * at once: only a negative answer waits until CXL's initial probing is over
 * (see wait.c).
 *
 * HMEM claims one piece at a time. A CXL region, or persistent memory, may be
 * larger or smaller than a piece: it claims all pieces that it overlaps.
 */
#include <linux/device.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "internal.h"

/* What CXL's regions cover now, and the verdict for each piece */
struct coverage {
	struct soft_reserve_cxl_region *regions;
	unsigned int nr_regions;
	struct policy_piece *pieces;
	const struct resource *except;
};

static void coverage_free(struct coverage *c)
{
	kvfree(c->regions);
	kvfree(c->pieces);
}

/*
 * Also cuts pieces that are claimed, or persistent, in part. @except is in the
 * tree of claims already, but does not count yet.
 */
static int coverage_get(struct coverage *c, const struct soft_reserve_cxl_ops *cxl,
			const struct range *claimed, const struct resource *except)
{
	int nr, rc;

	nr = cxl ? cxl->coverage(&c->regions, claimed) : 0;
	if (nr < 0)
		return nr;
	c->nr_regions = nr;
	c->except = except;

	rc = pieces_cut_at_claims(except);
	for (unsigned int i = 0; i < nr && !rc; i++)
		if (c->regions[i].pmem)
			rc = pieces_cut_around(&c->regions[i].range);
	if (rc)
		return rc;

	c->pieces = kvcalloc(dax_arbiter.nr, sizeof(*c->pieces), GFP_KERNEL);
	if (!c->pieces)
		return -ENOMEM;
	for (unsigned int i = 0; i < dax_arbiter.nr; i++) {
		c->pieces[i].range = dax_arbiter.pieces[i]->range;
		c->pieces[i].hmem = dax_arbiter.pieces[i]->state == PIECE_HMEM;
	}
	policy_decide(c->pieces, dax_arbiter.nr, c->regions, c->nr_regions);
	return 0;
}

/* The region of persistent memory that decodes a piece, NULL if there is none */
static const struct soft_reserve_cxl_region *
coverage_pmem(const struct coverage *c, const struct soft_reserve_piece *piece)
{
	/* policy_decide() has put them last */
	for (unsigned int i = c->nr_regions; i-- && c->regions[i].pmem; )
		if (ranges_overlap(&c->regions[i].range, &piece->range))
			return &c->regions[i];
	return NULL;
}

/* True if CXL owns it. The caller has to call arbiter_cxl_restore() then */
static bool decide_cxl(struct soft_reserve_piece *piece, const struct coverage *c,
		       const struct policy_piece *verdict, struct range *restore)
{
	const struct soft_reserve_cxl_region *pmem = coverage_pmem(c, piece);
	struct piece_why why = { };

	if (verdict->cxl) {
		why.cause = CAUSE_COVERED;
		strscpy(why.region, c->regions[verdict->first].name);
		why.value = verdict->nr - 1;
	} else if (range_claimed(&piece->range, c->except)) {
		why.cause = CAUSE_CLAIMED;
	} else if (pmem) {
		why.cause = CAUSE_PMEM_REGION;
		strscpy(why.region, pmem->name);
	} else if (piece->persistent && !piece->decoders_reset) {
		why.cause = CAUSE_PERSISTENT;
	} else {
		return false;
	}
	piece->persistent |= !!pmem;
	piece_handle_event(piece, EVENT_COVERED, &why, restore);
	return true;
}

/* For a piece that CXL does not own: does HMEM, and why? */
static enum piece_event why_not_cxl(const struct soft_reserve_piece *piece,
				    const struct policy_piece *verdict, bool hmem,
				    struct piece_why *why)
{
	struct range range = piece->range;

	*why = (struct piece_why) { };
	if (piece->decoders_reset) {
		why->cause = CAUSE_DECODERS_RESET;
		return EVENT_NOBODY_DECODES;
	}

	if (piece->restricted)
		why->cause = CAUSE_RESTRICTED;
	else if (!hmem)
		why->cause = CAUSE_NO_DRIVER;
	else if (!dax_range_trim(&range, PMD_SIZE))
		why->cause = CAUSE_TOO_SMALL;
	if (why->cause != CAUSE_NOT_DECIDED)
		return EVENT_NOBODY_SERVES;

	if (!piece->windowed)
		why->cause = CAUSE_NO_WINDOW;
	else if (!verdict->nr)
		why->cause = CAUSE_NO_REGION;
	else
		*why = (struct piece_why) { .cause = CAUSE_GAP, .value = verdict->gap };
	return EVENT_NOT_COVERED;
}

static void decide_not_cxl(struct soft_reserve_piece *piece,
			   const struct policy_piece *verdict, bool hmem,
			   struct range *restore)
{
	struct piece_why why;
	const enum piece_event event = why_not_cxl(piece, verdict, hmem, &why);

	piece_handle_event(piece, event, &why, restore);
}

static void log_decision(struct device *host, const struct soft_reserve_piece *piece)
{
	char buf[REASON_SIZE];

	/* memory is unused that dax_hmem could serve */
	if (piece->why.cause == CAUSE_NO_DRIVER)
		dev_warn(host, "%pR is unowned: %s, load dax_hmem to use it\n",
			 &piece->entry, piece_reason(piece, buf));
	else
		dev_info(host, "%pR is %s: %s\n", &piece->entry, piece_owner(piece),
			 piece_reason(piece, buf));
}

/*
 * The claim of a region may complete the coverage of pieces. What CXL certainly
 * owns does not wait until everything can be decided.
 */
static void decide_covered(const struct range *range, const struct resource *claim)
{
	struct range restore = EMPTY_RANGE;
	struct coverage c = { };

	if (coverage_get(&c, arbiter_cxl(), range, claim) == 0) {
		for (unsigned int i = 0; i < dax_arbiter.nr; i++) {
			struct soft_reserve_piece *piece = dax_arbiter.pieces[i];

			if (piece->state == PIECE_UNDECIDED &&
			    decide_cxl(piece, &c, &c.pieces[i], &restore))
				log_decision(arbiter_host(), piece);
		}
	}
	arbiter_cxl_restore(&restore);
	arbiter_wake_waiters();
	coverage_free(&c);
}

static int claim_hmem(const struct range *range, const struct resource *claim)
{
	const unsigned int first = piece_at(range->start);
	struct soft_reserve_piece *piece;
	struct range restore = EMPTY_RANGE;
	unsigned int i;

	/* nothing of it is Soft Reserved: no piece is concerned */
	if (first == dax_arbiter.nr ||
	    dax_arbiter.pieces[first]->range.start > range->end)
		return 0;
	for_each_piece(piece, i, range)
		if (piece->decoders_reset)
			return -ENXIO;

	/* the piece may have been cut since the hmem device was made */
	piece = dax_arbiter.pieces[first];
	if (range->start < piece->range.start || range->end > piece->range.end)
		return -EINVAL;
	/* @range lacks unaligned edges of the piece: are these claimed? */
	if (piece->state != PIECE_UNDECIDED &&
	    (piece->persistent || range_claimed(&piece->range, claim)))
		return -EBUSY;
	return piece_handle_event(piece, EVENT_HMEM_CLAIMS,
				  PIECE_WHY(CAUSE_RECLAIMED), &restore);
}

/* One piece is enough to refuse. -EBUSY, since it is owned, has priority */
static int pieces_check_event(const struct range *range, enum piece_event event)
{
	struct soft_reserve_piece *piece;
	unsigned int i;
	int rc = 0;

	for_each_piece(piece, i, range) {
		const int refuse = piece_transitions[piece->state][event].refuse;

		if (refuse == -EBUSY)
			return refuse;
		rc = rc ?: refuse;
	}
	return rc;
}

static int claim_any(const struct range *range, const struct resource *claim,
		     enum piece_event event)
{
	struct soft_reserve_piece *piece;
	struct range restore = *range;
	unsigned int i;
	int rc;

	rc = pieces_check_event(range, event);
	if (rc == -EPROBE_DEFER) {
		/* the claim may complete the coverage of these pieces */
		decide_covered(range, claim);
		rc = pieces_check_event(range, event);
	}
	if (rc)
		return rc;

	for_each_piece(piece, i, range)
		piece_handle_event(piece, event, PIECE_WHY(CAUSE_RECLAIMED), &restore);
	/* the region was not inserted if a published piece was in the way */
	if (event == EVENT_CXL_CLAIMS)
		arbiter_cxl_restore(&restore);
	return 0;
}

/**
 * pieces_claim() - give the pieces in a range the owner that claims it
 * @range: the range of @claim
 * @kind: which driver claims
 * @claim: the claim, in the tree already; no other one overlaps it
 *
 * If HMEM claims, the piece is published in iomem_resource and CXL regions
 * yield. If a region claims, and completes the coverage of undecided pieces,
 * they are decided: CXL owns them.
 *
 * Context: Under arbiter_lock_with_cxl(), or the arbiter's lock alone for DAX_CLAIM_PMEM.
 * Return: 0, -EBUSY if a piece has another owner or there is no room for it in
 * iomem_resource, -EPROBE_DEFER if a piece is undecided, -ENXIO if HMEM claims
 * a piece whose decoders were reset, -EINVAL if HMEM claims more than one
 * piece, -ENOMEM.
 */
int pieces_claim(const struct range *range, enum dax_claim_kind kind,
		 const struct resource *claim)
{
	lockdep_assert_held(&dax_arbiter_mutex);

	switch (kind) {
	case DAX_CLAIM_HMEM:
		return claim_hmem(range, claim);
	case DAX_CLAIM_CXL:
		return claim_any(range, claim, EVENT_CXL_CLAIMS);
	default:
		return claim_any(range, claim, EVENT_PMEM_CLAIMS);
	}
}

/**
 * pieces_release() - a claim is released
 * @range: what was claimed; no claim of it is in the tree any more
 * @kind: who had claimed it
 *
 * If HMEM owned it, it is withdrawn from iomem_resource, and CXL regions that
 * yielded are restored there.
 *
 * Context: Like pieces_claim().
 */
void pieces_release(const struct range *range, enum dax_claim_kind kind)
{
	struct range restore = EMPTY_RANGE;
	struct soft_reserve_piece *piece;
	unsigned int i;

	lockdep_assert_held(&dax_arbiter_mutex);
	if (kind != DAX_CLAIM_HMEM)
		return;

	for_each_piece(piece, i, range) {
		piece_handle_event(piece, EVENT_HMEM_RELEASES, PIECE_WHY(CAUSE_RELEASED),
				   &restore);
		if (!piece->reconsider)
			continue;
		piece->reconsider = false;
		piece_handle_event(piece, EVENT_RECONSIDER, PIECE_WHY(CAUSE_NOT_DECIDED),
				   &restore);
		arbiter_request_decision();
	}
	arbiter_cxl_restore(&restore);
}

/**
 * dax_hmem_failed() - HMEM cannot serve a range that it owns, but did not claim
 * @range: the range
 *
 * Pieces that HMEM has claimed do not change.
 *
 * Context: Process context, may sleep. Device locks and dax_region_rwsem may be
 * held.
 */
void dax_hmem_failed(const struct range *range)
{
	struct range restore = EMPTY_RANGE;
	struct soft_reserve_piece *piece;
	unsigned int i;

	guard(arbiter_with_cxl)();
	for_each_piece(piece, i, range) {
		if (piece->state != PIECE_HMEM || range_claimed(&piece->range, NULL))
			continue;
		piece_handle_event(piece, EVENT_HMEM_FAILS, PIECE_WHY(CAUSE_HMEM_FAILED),
				   &restore);
		/* nothing is undecided, but the worker also attaches regions */
		arbiter_request_decision();
	}
	arbiter_cxl_restore(&restore);
}
EXPORT_SYMBOL_GPL(dax_hmem_failed);

/**
 * arbiter_reconsider() - make all pieces without a claim undecided again
 *
 * Pieces that HMEM releases later, since a dax device is open, follow then.
 *
 * Context: Process context, may sleep.
 * Return: 0, or -ENOMEM: no piece becomes undecided then.
 */
int arbiter_reconsider(void)
{
	int rc;

	/* CXL must not allocate anything meanwhile */
	guard(arbiter_with_cxl)();
	rc = pieces_cut_at_claims(NULL);
	if (!rc)
		pieces_reconsider();
	return rc;
}

/* What HMEM owns now, for its driver */
struct hmem_range {
	struct range range;
	int nid;
};

/**
 * arbiter_decide() - decide who owns undecided pieces
 * @windowed: true: all pieces; false: only pieces outside of every CXL window,
 *	      which CXL cannot own
 * @host: device for the log lines, passed to @fn
 * @fn: called for each piece that HMEM owns now, without locks of the arbiter;
 *	NULL if there is no HMEM driver: what CXL does not own is unowned then
 *
 * Context: Process context, sleeps. @host's lock is held.
 * Return: 0, or -ENOMEM: nothing is decided then.
 */
int arbiter_decide(bool windowed, struct device *host, dax_hmem_fn fn)
{
	/* pieces may be replaced when the lock is dropped */
	struct hmem_range *decided __free(kvfree) = NULL;
	struct range restore = EMPTY_RANGE;
	struct coverage c = { };
	unsigned int nr = 0;
	int rc;

	if (!dax_arbiter.nr)
		return 0;

	scoped_guard(arbiter_with_cxl) {
		rc = coverage_get(&c, windowed ? arbiter_cxl() : NULL, NULL, NULL);
		if (!rc) {
			decided = kvcalloc(dax_arbiter.nr, sizeof(*decided), GFP_KERNEL);
			rc = decided ? 0 : -ENOMEM;
		}

		for (unsigned int i = 0; i < dax_arbiter.nr && !rc; i++) {
			struct soft_reserve_piece *piece = dax_arbiter.pieces[i];

			if (piece->state != PIECE_UNDECIDED ||
			    (piece->windowed && !windowed))
				continue;
			if (!decide_cxl(piece, &c, &c.pieces[i], &restore))
				decide_not_cxl(piece, &c.pieces[i], !!fn, &restore);
			if (piece->state == PIECE_HMEM)
				decided[nr++] = (struct hmem_range) {
					.range = piece->range,
					.nid = piece->nid,
				};
			log_decision(host, piece);
		}
		arbiter_cxl_restore(&restore);
		if (windowed)
			arbiter_decision_done();
	}
	coverage_free(&c);

	for (unsigned int i = 0; i < nr; i++)
		fn(host, &decided[i].range, decided[i].nid);
	return rc;
}
