// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the states of a piece: every state and every event
 */
#include <kunit/device.h>
#include <kunit/test.h>
#include <linux/ioport.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/rwsem.h>
#include <linux/sizes.h>
#include "../test_hooks.h"

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);

#define UNDECIDED	PIECE_UNDECIDED
#define CXL		PIECE_CXL
#define HMEM		PIECE_HMEM
#define UNOWNED		PIECE_UNOWNED

/* What becomes of "Soft Reserved" in iomem_resource */
enum shown { SAME, COMES, LEAVES };

/* One row for each state and event. Not the kernel's table: written by the rules */
static const struct row {
	enum piece_state from;
	enum piece_event event;
	enum piece_state to;
	int rc;
	enum shown shown;
	bool yield;
	bool restore;
} rows[] = {
	/* a piece is decided once */
	{ UNDECIDED, EVENT_COVERED, CXL, .shown = LEAVES, .restore = true },
	{ UNDECIDED, EVENT_NOT_COVERED, HMEM },
	{ UNDECIDED, EVENT_NOBODY_SERVES, UNOWNED, .restore = true },
	{ UNDECIDED, EVENT_NOBODY_DECODES, UNOWNED, .shown = LEAVES, .restore = true },
	{ UNDECIDED, EVENT_NO_HMEM, UNOWNED, .shown = COMES },
	{ CXL, EVENT_COVERED, CXL },
	{ CXL, EVENT_NOT_COVERED, CXL },
	{ CXL, EVENT_NOBODY_SERVES, CXL },
	{ CXL, EVENT_NOBODY_DECODES, CXL },
	{ CXL, EVENT_NO_HMEM, CXL },
	{ HMEM, EVENT_COVERED, HMEM },
	{ HMEM, EVENT_NOT_COVERED, HMEM },
	{ HMEM, EVENT_NOBODY_SERVES, HMEM },
	{ HMEM, EVENT_NOBODY_DECODES, HMEM },
	{ HMEM, EVENT_NO_HMEM, HMEM },
	{ UNOWNED, EVENT_COVERED, UNOWNED },
	{ UNOWNED, EVENT_NOT_COVERED, UNOWNED },
	{ UNOWNED, EVENT_NOBODY_SERVES, UNOWNED },
	{ UNOWNED, EVENT_NOBODY_DECODES, UNOWNED },
	{ UNOWNED, EVENT_NO_HMEM, UNOWNED },
	/* nobody gets what is undecided, nor what HMEM owns */
	{ UNDECIDED, EVENT_HMEM_CLAIMS, UNDECIDED, .rc = -EPROBE_DEFER },
	{ UNDECIDED, EVENT_CXL_CLAIMS, UNDECIDED, .rc = -EPROBE_DEFER },
	{ HMEM, EVENT_CXL_CLAIMS, HMEM, .rc = -EBUSY },
	{ HMEM, EVENT_PMEM_CLAIMS, HMEM, .rc = -EBUSY },
	/* where HMEM claims, it is shown, and CXL's regions yield */
	{ CXL, EVENT_HMEM_CLAIMS, HMEM, .shown = COMES, .yield = true },
	{ HMEM, EVENT_HMEM_CLAIMS, HMEM, .shown = COMES, .yield = true },
	{ UNOWNED, EVENT_HMEM_CLAIMS, HMEM, .shown = COMES, .yield = true },
	/* where CXL claims, it is not */
	{ CXL, EVENT_CXL_CLAIMS, CXL, .shown = LEAVES, .restore = true },
	{ UNOWNED, EVENT_CXL_CLAIMS, CXL, .shown = LEAVES, .restore = true },
	/* persistent memory has its own place in iomem_resource */
	{ UNDECIDED, EVENT_PMEM_CLAIMS, UNDECIDED },
	{ CXL, EVENT_PMEM_CLAIMS, CXL },
	{ UNOWNED, EVENT_PMEM_CLAIMS, UNOWNED },
	/* HMEM lets go of what it has */
	{ HMEM, EVENT_HMEM_RELEASES, UNOWNED, .shown = LEAVES, .restore = true },
	{ HMEM, EVENT_HMEM_FAILS, UNOWNED, .restore = true },
	{ UNDECIDED, EVENT_HMEM_RELEASES, UNDECIDED },
	{ UNDECIDED, EVENT_HMEM_FAILS, UNDECIDED },
	{ CXL, EVENT_HMEM_RELEASES, CXL },
	{ CXL, EVENT_HMEM_FAILS, CXL },
	{ UNOWNED, EVENT_HMEM_RELEASES, UNOWNED },
	{ UNOWNED, EVENT_HMEM_FAILS, UNOWNED },
	/* all is undecided once more */
	{ UNDECIDED, EVENT_RECONSIDER, UNDECIDED },
	{ CXL, EVENT_RECONSIDER, UNDECIDED },
	{ HMEM, EVENT_RECONSIDER, UNDECIDED },
	{ UNOWNED, EVENT_RECONSIDER, UNDECIDED },
};

static DECLARE_RWSEM(cxl_lock);
static int yielded, restored;

/* There is no window: the arbiter inserts the entry itself */
static int count_yielded(const struct range *range, struct resource *entry)
{
	yielded++;
	return 0;
}

static void count_restored(const struct range *range)
{
	restored++;
}

static int no_coverage(struct soft_reserve_cxl_region **regions,
		       const struct range *claimed)
{
	return 0;
}

static const struct soft_reserve_cxl_ops cxl_ops = {
	.owner = THIS_MODULE,
	.lock = &cxl_lock,
	.coverage = no_coverage,
	.yield = count_yielded,
	.restore = count_restored,
};

/* Where no machine has memory, and still in iomem_resource */
static struct range unused_range(void)
{
	const u64 end = ALIGN_DOWN(iomem_resource.end, SZ_1G);

	return (struct range) { end - SZ_256M, end - 1 };
}

static bool fenced(enum piece_state state)
{
	return state == UNDECIDED || state == HMEM;
}

/* A machine with one piece, in that state, and with that CXL */
static struct soft_reserve_piece *begin_with(struct kunit *test, enum piece_state state,
					     const struct soft_reserve_cxl_ops *ops)
{
	const struct soft_reserve_piece from = {
		.range = unused_range(),
		.nid = NUMA_NO_NODE,
		.windowed = true,
	};
	struct soft_reserve_piece *piece;

	KUNIT_ASSERT_EQ(test, dax_arbiter_test_begin(&from, 1, ops), 0);
	piece = dax_arbiter_test_ops()->piece(0);
	piece->state = state;
	piece->fence.desc = fenced(state) ? IORES_DESC_SOFT_RESERVED : IORES_DESC_CXL;
	yielded = 0;
	restored = 0;
	return piece;
}

static struct soft_reserve_piece *begin(struct kunit *test, enum piece_state state)
{
	return begin_with(test, state, &cxl_ops);
}

static void check_row(struct kunit *test, const struct row *row, bool shown)
{
	struct soft_reserve_piece *piece = begin(test, row->from);
	struct range restore = EMPTY_RANGE;
	int rc;

	if (shown)
		KUNIT_EXPECT_EQ(test, insert_resource(&iomem_resource, &piece->entry), 0);

	rc = dax_arbiter_test_ops()->event(piece, row->event, &restore);

	KUNIT_EXPECT_EQ_MSG(test, rc, row->rc, "state %d, event %d", row->from, row->event);
	KUNIT_EXPECT_EQ_MSG(test, piece->state, row->to, "state %d, event %d", row->from,
			    row->event);
	KUNIT_EXPECT_EQ_MSG(test, piece->why.cause,
			    row->to != row->from ? CAUSE_RECLAIMED : CAUSE_NOT_DECIDED,
			    "state %d, event %d", row->from, row->event);
	KUNIT_EXPECT_EQ_MSG(test, !!piece->entry.parent,
			    row->shown == SAME ? shown : row->shown == COMES,
			    "state %d, event %d", row->from, row->event);
	KUNIT_EXPECT_EQ_MSG(test, yielded, row->yield, "state %d, event %d", row->from,
			    row->event);
	KUNIT_EXPECT_EQ_MSG(test, restore.start <= restore.end, row->restore,
			    "state %d, event %d", row->from, row->event);
	KUNIT_EXPECT_EQ_MSG(test, piece->fence.desc,
			    fenced(row->to) ? IORES_DESC_SOFT_RESERVED : IORES_DESC_CXL,
			    "state %d, event %d", row->from, row->event);
	dax_arbiter_test_end();
}

static void states_test_table(struct kunit *test)
{
	bool seen[NR_PIECE_STATES][NR_PIECE_EVENTS] = { };

	for (int i = 0; i < ARRAY_SIZE(rows); i++) {
		KUNIT_EXPECT_FALSE(test, seen[rows[i].from][rows[i].event]);
		seen[rows[i].from][rows[i].event] = true;
		check_row(test, &rows[i], false);
		check_row(test, &rows[i], true);
	}
	/* the first of the states is none */
	KUNIT_EXPECT_EQ(test, ARRAY_SIZE(rows), (NR_PIECE_STATES - 1) * NR_PIECE_EVENTS);
}

/* A claim, and its release, in each state */
static void states_test_claims(struct kunit *test)
{
	static const struct {
		enum piece_state from;
		enum dax_claim_kind kind;
		int rc;
		enum piece_state claimed, released;
	} claims[] = {
		{ UNDECIDED, DAX_CLAIM_HMEM, -EPROBE_DEFER, UNDECIDED, UNDECIDED },
		{ UNDECIDED, DAX_CLAIM_CXL, -EPROBE_DEFER, UNDECIDED, UNDECIDED },
		{ UNDECIDED, DAX_CLAIM_PMEM, 0, UNDECIDED, UNDECIDED },
		{ CXL, DAX_CLAIM_HMEM, 0, HMEM, UNOWNED },
		{ CXL, DAX_CLAIM_CXL, 0, CXL, CXL },
		{ CXL, DAX_CLAIM_PMEM, 0, CXL, CXL },
		{ HMEM, DAX_CLAIM_HMEM, 0, HMEM, UNOWNED },
		{ HMEM, DAX_CLAIM_CXL, -EBUSY, HMEM, HMEM },
		{ HMEM, DAX_CLAIM_PMEM, -EBUSY, HMEM, HMEM },
		{ UNOWNED, DAX_CLAIM_HMEM, 0, HMEM, UNOWNED },
		{ UNOWNED, DAX_CLAIM_CXL, 0, CXL, CXL },
		{ UNOWNED, DAX_CLAIM_PMEM, 0, UNOWNED, UNOWNED },
	};
	struct device *dev = kunit_device_register(test, "a");

	KUNIT_ASSERT_FALSE(test, IS_ERR(dev));

	for (int i = 0; i < ARRAY_SIZE(claims); i++) {
		struct soft_reserve_piece *piece = begin(test, claims[i].from);
		const bool taken = claims[i].claimed == HMEM && !claims[i].rc;
		const bool cxl = claims[i].kind == DAX_CLAIM_CXL && !claims[i].rc;
		struct dax_claim *claim;

		claim = dax_claim_request(dev, &piece->range, claims[i].kind);
		KUNIT_EXPECT_EQ_MSG(test, PTR_ERR_OR_ZERO(claim), claims[i].rc,
				    "claim %d", i);
		KUNIT_EXPECT_EQ_MSG(test, piece->state, claims[i].claimed, "claim %d", i);
		KUNIT_EXPECT_EQ_MSG(test, !!piece->entry.parent, taken, "claim %d", i);
		KUNIT_EXPECT_EQ_MSG(test, yielded, taken, "claim %d", i);
		KUNIT_EXPECT_EQ_MSG(test, restored, cxl, "claim %d", i);
		if (!IS_ERR(claim))
			dax_claim_put(claim);
		KUNIT_EXPECT_EQ_MSG(test, piece->state, claims[i].released, "claim %d", i);
		KUNIT_EXPECT_EQ_MSG(test, restored, cxl + taken, "claim %d", i);
		KUNIT_EXPECT_NULL(test, piece->entry.parent);
		dax_arbiter_test_end();
	}
}

/* HMEM leaves out an edge that is not aligned, and somebody has claimed that */
static void states_test_edge(struct kunit *test)
{
	struct device *dev = kunit_device_register(test, "a");
	struct soft_reserve_piece *piece;
	struct dax_claim *first, *second;
	struct range edge, rest;

	KUNIT_ASSERT_FALSE(test, IS_ERR(dev));

	piece = begin(test, UNOWNED);
	edge = (struct range) { piece->range.start, piece->range.start + SZ_2M - 1 };
	rest = (struct range) { piece->range.start + SZ_2M, piece->range.end };

	first = dax_claim_request(dev, &edge, DAX_CLAIM_PMEM);
	second = dax_claim_request(dev, &rest, DAX_CLAIM_HMEM);
	KUNIT_EXPECT_FALSE(test, IS_ERR(first));
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(second), -EBUSY);
	KUNIT_EXPECT_EQ(test, piece->state, UNOWNED);
	if (!IS_ERR(first))
		dax_claim_put(first);
	if (!IS_ERR(second))
		dax_claim_put(second);

	second = dax_claim_request(dev, &rest, DAX_CLAIM_HMEM);
	KUNIT_EXPECT_FALSE(test, IS_ERR(second));
	KUNIT_EXPECT_EQ(test, piece->state, HMEM);
	if (!IS_ERR(second))
		dax_claim_put(second);
	dax_arbiter_test_end();
}

#define RANDOM_SETS	200
#define RANDOM_UNITS	16
#define RANDOM_CLAIMS	3

static struct range units(const struct range *whole, unsigned int first,
			  unsigned int last)
{
	const u64 size = range_len(whole) / RANDOM_UNITS;

	return (struct range) {
		.start = whole->start + first * size,
		.end = whole->start + (last + 1) * size - 1,
	};
}

/*
 * Each unit of the machine's memory is in one piece, and that is claimed as the unit
 * is. With @whole set, there is one piece only.
 */
static bool cut_rightly(const struct range *all, const bool *claimed, bool whole)
{
	const struct dax_arbiter_test_ops *ops = dax_arbiter_test_ops();
	u64 next = all->start;
	unsigned int unit = 0;

	if (whole && ops->nr() != 1)
		return false;
	for (unsigned int i = 0; i < ops->nr(); i++) {
		const struct soft_reserve_piece *piece = ops->piece(i);
		const bool hmem = piece->state == HMEM;
		const unsigned int first = unit;

		if (piece->range.start != next)
			return false;
		next = piece->range.end + 1;
		for (; units(all, unit, unit).start < next; unit++) {
			if (whole)
				continue;
			if (claimed[unit] != claimed[first] ||
			    claimed[unit] == hmem)
				return false;
		}
	}
	return next == all->end + 1;
}

static void nothing_served(struct device *host, const struct range *range, int nid)
{
}

/*
 * Somebody claims parts of a piece, at random, before HMEM comes: it gets the rest.
 * When all is decided afresh without claims, it is one piece again.
 */
static void states_test_cut_random(struct kunit *test)
{
	const struct dax_arbiter_test_ops *ops = dax_arbiter_test_ops();
	struct device *dev = kunit_device_register(test, "a");
	const struct range all = unused_range();
	const u32 seed = get_random_u32();
	struct rnd_state rnd;

	KUNIT_ASSERT_FALSE(test, IS_ERR(dev));
	kunit_info(test, "seed %u", seed);
	prandom_seed_state(&rnd, seed);

	for (int n = 0; n < RANDOM_SETS; n++) {
		struct dax_claim *claims[RANDOM_CLAIMS] = { };
		bool claimed[RANDOM_UNITS + 1] = { };
		bool right;

		begin(test, UNDECIDED);
		for (int i = 0; i < RANDOM_CLAIMS; i++) {
			const unsigned int first = prandom_u32_state(&rnd) % RANDOM_UNITS;
			const unsigned int last = min(first + prandom_u32_state(&rnd) % 4,
						      RANDOM_UNITS - 1U);
			const struct range range = units(&all, first, last);

			claims[i] = dax_claim_request(dev, &range, DAX_CLAIM_PMEM);
			for (unsigned int u = first; u <= last && !IS_ERR(claims[i]); u++)
				claimed[u] = true;
		}
		right = ops->decide(dev, nothing_served) == 0 &&
			cut_rightly(&all, claimed, false);
		for (int i = 0; i < RANDOM_CLAIMS; i++)
			if (!IS_ERR(claims[i]))
				dax_claim_put(claims[i]);
		right = ops->reconsider() == 0 && cut_rightly(&all, claimed, true) && right;
		dax_arbiter_test_end();
		if (right)
			continue;

		for (unsigned int u = 0; u < RANDOM_UNITS; u++)
			kunit_err(test, "unit %u is %sclaimed", u, claimed[u] ? "" : "not ");
		KUNIT_FAIL(test, "set %d of seed %u is not cut, or not joined, rightly", n, seed);
		break;
	}
}

/* The unit tests run on a machine without Soft Reserved memory */
static int states_test_init(struct kunit *test)
{
	if (dax_arbiter_test_ops()->nr())
		kunit_skip(test, "this machine has Soft Reserved memory of its own");
	return 0;
}

static int no_room(const struct range *range, struct resource *entry)
{
	return -EBUSY;
}

/* A claim of HMEM that fails, as CXL cannot yield, leaves the piece as it was */
static void states_test_claim_undone(struct kunit *test)
{
	static const struct soft_reserve_cxl_ops stubborn = {
		.owner = THIS_MODULE,
		.lock = &cxl_lock,
		.yield = no_room,
		.restore = count_restored,
	};
	struct device *dev = kunit_device_register(test, "a");
	struct soft_reserve_piece *piece;
	struct dax_claim *claim, *other;

	KUNIT_ASSERT_FALSE(test, IS_ERR(dev));
	piece = begin_with(test, UNOWNED, &stubborn);
	piece->why.cause = CAUSE_RELEASED;

	claim = dax_claim_request(dev, &piece->range, DAX_CLAIM_HMEM);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(claim), -EBUSY);
	if (!IS_ERR(claim))
		dax_claim_put(claim);

	KUNIT_EXPECT_EQ(test, piece->state, UNOWNED);
	KUNIT_EXPECT_EQ(test, piece->why.cause, CAUSE_RELEASED);
	KUNIT_EXPECT_NULL(test, piece->entry.parent);
	KUNIT_EXPECT_EQ(test, restored, 1);
	/* its claim is not left behind */
	other = dax_claim_request(dev, &piece->range, DAX_CLAIM_PMEM);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(other), 0);
	if (!IS_ERR(other))
		dax_claim_put(other);
	dax_arbiter_test_end();
}

static struct kunit_case dax_states_cases[] = {
	KUNIT_CASE(states_test_table),
	KUNIT_CASE(states_test_claims),
	KUNIT_CASE(states_test_claim_undone),
	KUNIT_CASE(states_test_edge),
	KUNIT_CASE(states_test_cut_random),
	{ }
};

static struct kunit_suite dax_states_suite = {
	.name = "dax_states",
	.init = states_test_init,
	.test_cases = dax_states_cases,
};

kunit_test_suite(dax_states_suite);

MODULE_DESCRIPTION("KUnit tests of the DAX Regions arbiter: states of a piece");
MODULE_LICENSE("GPL");
