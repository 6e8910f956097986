// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the Soft Reserved layer
 *
 * They bring their own pieces, so the addresses need not exist.
 */
#include <kunit/test.h>
#include <linux/soft_reserve.h>

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);

#define MAX_PIECES	5
#define MAX_REGIONS	5

/* One unit is a byte; 0 to 9 is written { 0, 9 } */
static const struct sweep {
	const char *name;
	struct range piece[MAX_PIECES];
	struct range region[MAX_REGIONS];
	/* for each piece: is it CXL's, and if not, what is the gap */
	bool cxl[MAX_PIECES];
	u64 gap[MAX_PIECES];
	/* index + 1 of a piece that has a claim, or that is HMEM's */
	int claimed, hmem;
} sweeps[] = {
	{
		.name = "no region",
		.piece = { { 10, 19 } },
		.gap = { 10 },
	}, {
		.name = "the same",
		.piece = { { 10, 19 } }, .region = { { 10, 19 } },
		.cxl = { true },
	}, {
		.name = "a larger region",
		.piece = { { 10, 19 } }, .region = { { 5, 25 } },
		.cxl = { true },
	}, {
		.name = "the first half",
		.piece = { { 10, 19 } }, .region = { { 10, 14 } },
		.gap = { 15 },
	}, {
		.name = "the second half",
		.piece = { { 10, 19 } }, .region = { { 15, 19 } },
		.gap = { 10 },
	}, {
		.name = "the middle",
		.piece = { { 10, 19 } }, .region = { { 12, 15 } },
		.gap = { 10 },
	}, {
		.name = "adjacent below and above, none inside",
		.piece = { { 10, 19 } }, .region = { { 0, 9 }, { 20, 29 } },
		.gap = { 10 },
	}, {
		.name = "two adjacent regions",
		.piece = { { 10, 19 } }, .region = { { 10, 14 }, { 15, 19 } },
		.cxl = { true },
	}, {
		.name = "two regions with a hole",
		.piece = { { 10, 19 } }, .region = { { 10, 13 }, { 15, 19 } },
		.gap = { 14 },
	}, {
		.name = "three regions that reach beyond",
		.piece = { { 10, 29 } },
		.region = { { 5, 14 }, { 15, 19 }, { 20, 35 } },
		.cxl = { true },
	}, {
		.name = "two pieces in one region",
		.piece = { { 10, 19 }, { 30, 39 } }, .region = { { 5, 45 } },
		.cxl = { true, true },
	}, {
		.name = "one piece whole and another half",
		.piece = { { 10, 19 }, { 20, 29 } }, .region = { { 10, 24 } },
		.gap = { 25, 25 },
	}, {
		.name = "half of one piece, another whole",
		.piece = { { 10, 19 }, { 20, 29 } }, .region = { { 15, 29 } },
		.gap = { 10, 10 },
	}, {
		.name = "a chain over three regions falls with its last piece",
		.piece = { { 10, 19 }, { 20, 29 }, { 30, 39 } },
		.region = { { 10, 14 }, { 15, 24 }, { 25, 34 } },
		.gap = { 35, 35, 35 },
	}, {
		.name = "a chain over three regions holds",
		.piece = { { 10, 19 }, { 20, 29 }, { 30, 39 } },
		.region = { { 10, 14 }, { 15, 24 }, { 25, 39 } },
		.cxl = { true, true, true },
	}, {
		.name = "neighbours that share no region are apart",
		.piece = { { 10, 19 }, { 20, 29 }, { 30, 39 } },
		.region = { { 10, 19 }, { 20, 24 }, { 30, 39 } },
		.cxl = { true, false, true },
		.gap = { 0, 25, 0 },
	}, {
		.name = "a region between pieces joins nothing",
		.piece = { { 10, 19 }, { 30, 39 } },
		.region = { { 10, 19 }, { 20, 29 }, { 30, 34 } },
		.cxl = { true, false },
		.gap = { 0, 35 },
	}, {
		.name = "a piece that is HMEM's costs its region the other",
		.piece = { { 10, 19 }, { 20, 29 } }, .region = { { 10, 29 } },
		.gap = { 10, 10 }, .hmem = 1,
	}, {
		.name = "a live claim keeps its piece, not its chain",
		.piece = { { 10, 19 }, { 20, 29 } }, .region = { { 10, 24 } },
		.cxl = { true, false }, .gap = { 0, 25 }, .claimed = 1,
	}, {
		.name = "the last address there is",
		.piece = { { U64_MAX - 9, U64_MAX } },
		.region = { { U64_MAX - 9, U64_MAX } },
		.cxl = { true },
	},
};

static void sweep_desc(const struct sweep *s, char *desc)
{
	strscpy(desc, s->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(sweep, sweeps, sweep_desc);

static void sweep(struct kunit *test)
{
	const struct sweep *s = test->param_value;
	struct soft_reserve_verdict *verdict;
	struct soft_reserve_region *region;
	struct soft_reserve *piece;
	int nr, nr_regions;

	piece = kunit_kcalloc(test, MAX_PIECES, sizeof(*piece), GFP_KERNEL);
	region = kunit_kcalloc(test, MAX_REGIONS, sizeof(*region), GFP_KERNEL);
	verdict = kunit_kcalloc(test, MAX_PIECES, sizeof(*verdict), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, piece && region && verdict);

	for (nr = 0; nr < MAX_PIECES && s->piece[nr].end; nr++)
		piece[nr].range = s->piece[nr];
	for (nr_regions = 0; nr_regions < MAX_REGIONS && s->region[nr_regions].end;
	     nr_regions++)
		region[nr_regions].range = s->region[nr_regions];
	if (s->claimed)
		piece[s->claimed - 1].claims = 1;
	if (s->hmem) {
		piece[s->hmem - 1].claims = 1;
		piece[s->hmem - 1].state = SOFT_RESERVE_HMEM;
	}

	soft_reserve_sweep(piece, nr, region, nr_regions, verdict);

	for (int i = 0; i < nr; i++) {
		KUNIT_EXPECT_EQ_MSG(test, verdict[i].cxl, s->cxl[i], "piece %d", i);
		if (!s->cxl[i])
			KUNIT_EXPECT_EQ_MSG(test, verdict[i].gap, s->gap[i],
					    "piece %d", i);
	}
}

static struct kunit_case soft_reserve_cases[] = {
	KUNIT_CASE_PARAM(sweep, sweep_gen_params),
	{ }
};

static struct kunit_suite soft_reserve_suite = {
	.name = "soft_reserve",
	.test_cases = soft_reserve_cases,
};

kunit_test_suite(soft_reserve_suite);

MODULE_DESCRIPTION("KUnit tests of the Soft Reserved layer");
MODULE_LICENSE("GPL");
