// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the Soft Reserved layer
 *
 * They bring their own pieces, so the addresses need not exist.
 */
#include <kunit/device.h>
#include <kunit/test.h>
#include <linux/ioport.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/soft_reserve.h>

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);

#define MAX_PIECES	5
#define MAX_REGIONS	5
#define MAX_WINDOWS	2

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
	struct soft_reserve *piece, *pieces[MAX_PIECES];
	struct soft_reserve_region *region;
	int nr, nr_regions;

	piece = kunit_kcalloc(test, MAX_PIECES, sizeof(*piece), GFP_KERNEL);
	region = kunit_kcalloc(test, MAX_REGIONS, sizeof(*region), GFP_KERNEL);
	verdict = kunit_kcalloc(test, MAX_PIECES, sizeof(*verdict), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, piece && region && verdict);

	for (nr = 0; nr < MAX_PIECES && s->piece[nr].end; nr++) {
		piece[nr].range = s->piece[nr];
		pieces[nr] = &piece[nr];
	}
	for (nr_regions = 0; nr_regions < MAX_REGIONS && s->region[nr_regions].end;
	     nr_regions++)
		region[nr_regions].range = s->region[nr_regions];
	if (s->claimed)
		piece[s->claimed - 1].claims = 1;
	if (s->hmem) {
		piece[s->hmem - 1].claims = 1;
		piece[s->hmem - 1].state = SOFT_RESERVE_HMEM;
	}

	soft_reserve_sweep(pieces, nr, region, nr_regions, verdict);

	for (int i = 0; i < nr; i++) {
		KUNIT_EXPECT_EQ_MSG(test, verdict[i].cxl, s->cxl[i], "piece %d", i);
		if (!s->cxl[i])
			KUNIT_EXPECT_EQ_MSG(test, verdict[i].gap, s->gap[i],
					    "piece %d", i);
	}
}

/* All of these addresses are in one memory block, that is, in one node */
static const struct cut {
	const char *name;
	struct range range;
	struct soft_reserve_window window[MAX_WINDOWS];
	/* where it is cut, is that in a window, and in one that is not for HMEM */
	struct range piece[MAX_PIECES];
	bool windowed[MAX_PIECES];
	bool restricted[MAX_PIECES];
} cuts[] = {
	{
		.name = "no window",
		.range = { 10, 19 },
		.piece = { { 10, 19 } },
	}, {
		.name = "a window that is the same",
		.range = { 10, 19 }, .window = { { { 10, 19 } } },
		.piece = { { 10, 19 } }, .windowed = { true },
	}, {
		.name = "in a window",
		.range = { 10, 19 }, .window = { { { 5, 25 } } },
		.piece = { { 10, 19 } }, .windowed = { true },
	}, {
		.name = "windows below and above",
		.range = { 10, 19 }, .window = { { { 0, 9 } }, { { 20, 29 } } },
		.piece = { { 10, 19 } },
	}, {
		.name = "a window starts",
		.range = { 10, 19 }, .window = { { { 15, 29 } } },
		.piece = { { 10, 14 }, { 15, 19 } }, .windowed = { false, true },
	}, {
		.name = "a window ends",
		.range = { 10, 19 }, .window = { { { 5, 14 } } },
		.piece = { { 10, 14 }, { 15, 19 } }, .windowed = { true, false },
	}, {
		.name = "a window inside",
		.range = { 10, 39 }, .window = { { { 20, 29 } } },
		.piece = { { 10, 19 }, { 20, 29 }, { 30, 39 } },
		.windowed = { false, true, false },
	}, {
		.name = "the first and the last byte in windows",
		.range = { 10, 19 }, .window = { { { 0, 10 } }, { { 19, 29 } } },
		.piece = { { 10, 10 }, { 11, 18 }, { 19, 19 } },
		.windowed = { true, false, true },
	}, {
		.name = "neighbouring windows",
		.range = { 10, 29 }, .window = { { { 10, 19 } }, { { 20, 29 } } },
		.piece = { { 10, 19 }, { 20, 29 } }, .windowed = { true, true },
	}, {
		.name = "neighbouring windows, the higher first",
		.range = { 15, 24 }, .window = { { { 20, 29 } }, { { 10, 19 } } },
		.piece = { { 15, 19 }, { 20, 24 } }, .windowed = { true, true },
	}, {
		.name = "windows apart",
		.range = { 0, 49 }, .window = { { { 30, 39 } }, { { 10, 19 } } },
		.piece = { { 0, 9 }, { 10, 19 }, { 20, 29 }, { 30, 39 }, { 40, 49 } },
		.windowed = { false, true, false, true, false },
	}, {
		.name = "the last address there is",
		.range = { U64_MAX - 9, U64_MAX },
		.window = { { { U64_MAX - 4, U64_MAX } } },
		.piece = { { U64_MAX - 9, U64_MAX - 5 }, { U64_MAX - 4, U64_MAX } },
		.windowed = { false, true },
	}, {
		.name = "the second of two windows is restricted",
		.range = { 10, 39 },
		.window = { { { 10, 19 } }, { { 20, 29 }, true } },
		.piece = { { 10, 19 }, { 20, 29 }, { 30, 39 } },
		.windowed = { true, true, false },
		.restricted = { false, true, false },
	}, {
		.name = "one of two windows that overlap is restricted",
		.range = { 10, 29 },
		.window = { { { 10, 24 }, true }, { { 15, 29 } } },
		.piece = { { 10, 14 }, { 15, 24 }, { 25, 29 } },
		.windowed = { true, true, true },
		.restricted = { true, true, false },
	},
};

static void cut_desc(const struct cut *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(cut, cuts, cut_desc);

static void cut(struct kunit *test)
{
	const struct cut *c = test->param_value;
	struct soft_reserve_windows windows = { .window = c->window };
	struct soft_reserve *piece;
	int nr = 0;

	if (!IS_ENABLED(CONFIG_SOFT_RESERVE_BOOT))
		kunit_skip(test, "SOFT_RESERVE_BOOT is not enabled");

	piece = kunit_kcalloc(test, MAX_PIECES, sizeof(*piece), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, piece);

	while (windows.nr < MAX_WINDOWS && c->window[windows.nr].range.end)
		windows.nr++;
	while (nr < MAX_PIECES && c->piece[nr].end)
		nr++;

	KUNIT_ASSERT_EQ(test, nr, soft_reserve_cut(&windows, c->range.start,
						   c->range.end, NULL));
	soft_reserve_cut(&windows, c->range.start, c->range.end, piece);

	for (int i = 0; i < nr; i++) {
		KUNIT_EXPECT_EQ_MSG(test, piece[i].range.start, c->piece[i].start,
				    "piece %d", i);
		KUNIT_EXPECT_EQ_MSG(test, piece[i].range.end, c->piece[i].end,
				    "piece %d", i);
		KUNIT_EXPECT_EQ_MSG(test, piece[i].windowed,
				    IS_ENABLED(CONFIG_CXL_REGION) && c->windowed[i],
				    "piece %d", i);
		KUNIT_EXPECT_EQ_MSG(test, piece[i].restricted, c->restricted[i],
				    "piece %d", i);
	}
}

/* What memory blocks must not be larger than */
static void align(struct kunit *test)
{
	static const struct {
		struct soft_reserve_window window[MAX_WINDOWS];
		u64 align;
	} cases[] = {
		{ .align = 0 },
		{ { { { SZ_4G, SZ_4G + SZ_2G - 1 } } }, SZ_2G },
		/* the start, the end, and what one of two has */
		{ { { { SZ_4G + SZ_256M, 2 * SZ_4G - 1 } } }, SZ_256M },
		{ { { { SZ_4G, SZ_4G + SZ_512M - 1 } } }, SZ_512M },
		{ { { { SZ_4G, 2 * SZ_4G - 1 } },
		    { { 2 * SZ_4G, 3 * SZ_4G - SZ_1G - 1 } } }, SZ_1G },
		{ { { { SZ_4G, SZ_4G + SZ_64M - 1 } },
		    { { 2 * SZ_4G, 3 * SZ_4G - 1 } } }, SZ_64M },
		/* the last address there is */
		{ { { { U64_MAX - SZ_2G + 1, U64_MAX } } }, SZ_2G },
	};

	if (!IS_ENABLED(CONFIG_SOFT_RESERVE_BOOT))
		kunit_skip(test, "SOFT_RESERVE_BOOT is not enabled");

	for (int i = 0; i < ARRAY_SIZE(cases); i++) {
		struct soft_reserve_windows windows = { .window = cases[i].window };

		while (windows.nr < MAX_WINDOWS && cases[i].window[windows.nr].range.end)
			windows.nr++;
		KUNIT_EXPECT_EQ_MSG(test, soft_reserve_align(&windows),
				    cases[i].align, "case %d", i);
	}
}

/* What EINJ asks before it injects an error */
static void span(struct kunit *test)
{
	static struct soft_reserve first = { .range = { 10, 19 } };
	static struct soft_reserve second = { .range = { 20, 29 } };
	static struct soft_reserve third = { .range = { 40, 49 } };
	static struct soft_reserve * const piece[] = { &first, &second, &third };
	const unsigned int nr = ARRAY_SIZE(piece);

	KUNIT_EXPECT_TRUE(test, soft_reserve_span(piece, nr, 10, 19));
	KUNIT_EXPECT_TRUE(test, soft_reserve_span(piece, nr, 12, 12));
	KUNIT_EXPECT_TRUE(test, soft_reserve_span(piece, nr, 15, 25));
	KUNIT_EXPECT_TRUE(test, soft_reserve_span(piece, nr, 49, 49));
	KUNIT_EXPECT_FALSE(test, soft_reserve_span(piece, nr, 9, 10));
	KUNIT_EXPECT_FALSE(test, soft_reserve_span(piece, nr, 25, 30));
	KUNIT_EXPECT_FALSE(test, soft_reserve_span(piece, nr, 25, 45));
	KUNIT_EXPECT_FALSE(test, soft_reserve_span(piece, nr, 30, 39));
	KUNIT_EXPECT_FALSE(test, soft_reserve_span(piece, nr, 45, 50));
	KUNIT_EXPECT_FALSE(test, soft_reserve_span(piece, nr, 50, 60));
	KUNIT_EXPECT_FALSE(test, soft_reserve_span(NULL, 0, 10, 19));
}

/* where no machine has memory */
#define BASE	BIT_ULL(45)

static u64 allocated(u64 start, unsigned long desc)
{
	struct resource base = DEFINE_RES_MEM(start, SZ_1G), *res;

	base.desc = desc;
	res = alloc_free_mem_region(&base, SZ_256M, SZ_256M, "allocated");
	if (IS_ERR(res))
		return 0;
	start = res->start;
	remove_resource(res);
	kfree(res);
	return start;
}

/* What is undecided is for nobody, what nobody owns for CXL alone */
static void allocators(struct kunit *test)
{
	struct device *host = kunit_device_register(test, "host");
	const u64 start = BASE, behind = start + SZ_256M;
	const struct range range = { start, behind - 1 };

	if (!IS_ENABLED(CONFIG_GET_FREE_REGION) ||
	    !IS_ENABLED(CONFIG_PHYS_ADDR_T_64BIT))
		kunit_skip(test, "no regions are allocated there");

	KUNIT_ASSERT_FALSE(test, IS_ERR(host));
	if (soft_reserve_mock(&range))
		kunit_skip(test, "this machine has Soft Reserved memory of its own");

	KUNIT_EXPECT_EQ(test, allocated(start, IORES_DESC_NONE), behind);
	KUNIT_EXPECT_EQ(test, allocated(start, IORES_DESC_CXL), behind);
	KUNIT_EXPECT_EQ(test, soft_reserve_decide(true, host, NULL), 0);
	KUNIT_EXPECT_EQ(test, allocated(start, IORES_DESC_NONE), behind);
	KUNIT_EXPECT_EQ(test, allocated(start, IORES_DESC_CXL), start);
	soft_reserve_unmock();
}

static const struct disjoint {
	const char *name;
	struct range region[MAX_REGIONS], left[MAX_REGIONS];
} disjoints[] = {
	{ "none", },
	{ "apart", { { 10, 19 }, { 20, 29 } }, { { 10, 19 }, { 20, 29 } } },
	{ "two that overlap", { { 10, 19 }, { 19, 29 } }, { } },
	{ "one inside another", { { 10, 29 }, { 15, 19 } }, { } },
	{ "two inside another", { { 10, 39 }, { 12, 13 }, { 20, 29 } }, { } },
	{ "a chain", { { 10, 19 }, { 15, 24 }, { 20, 29 } }, { } },
	{ "two, and others beside", { { 0, 9 }, { 10, 19 }, { 15, 24 }, { 25, 29 } },
	  { { 0, 9 }, { 25, 29 } } },
	{ "the last address there is", { { 10, U64_MAX }, { 20, 29 } }, { } },
};

static void disjoint_desc(const struct disjoint *d, char *desc)
{
	strscpy(desc, d->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(disjoint, disjoints, disjoint_desc);

static void disjoint(struct kunit *test)
{
	const struct disjoint *d = test->param_value;
	struct soft_reserve_region *region;
	unsigned int nr = 0, left = 0;

	region = kunit_kcalloc(test, MAX_REGIONS, sizeof(*region), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, region);
	for (; nr < MAX_REGIONS && d->region[nr].end; nr++)
		region[nr].range = d->region[nr];
	while (left < MAX_REGIONS && d->left[left].end)
		left++;

	KUNIT_ASSERT_EQ(test, soft_reserve_disjoint(region, nr), left);
	for (unsigned int i = 0; i < left; i++) {
		KUNIT_EXPECT_EQ(test, region[i].range.start, d->left[i].start);
		KUNIT_EXPECT_EQ(test, region[i].range.end, d->left[i].end);
	}
}

static const struct trim {
	const char *name;
	struct range range;
	u64 align;
	/* what is left of it; nothing if it ends at 0 */
	struct range left;
	bool aligned;
} trims[] = {
	{
		.name = "aligned",
		.range = { SZ_2M, SZ_8M - 1 }, .align = SZ_2M,
		.left = { SZ_2M, SZ_8M - 1 }, .aligned = true,
	}, {
		.name = "at its start",
		.range = { SZ_1M, SZ_8M - 1 }, .align = SZ_2M,
		.left = { SZ_2M, SZ_8M - 1 },
	}, {
		.name = "at its end",
		.range = { SZ_2M, SZ_8M }, .align = SZ_2M,
		.left = { SZ_2M, SZ_8M - 1 },
	}, {
		.name = "too small",
		.range = { SZ_2M + 1, SZ_4M - 1 }, .align = SZ_2M,
	}, {
		.name = "below the first there is",
		.range = { SZ_1M, SZ_1M + SZ_512K - 1 }, .align = SZ_2M,
	}, {
		.name = "the first there is",
		.range = { 0, SZ_2M - 1 }, .align = SZ_2M,
		.left = { 0, SZ_2M - 1 }, .aligned = true,
	}, {
		.name = "not all of the first",
		.range = { 0, SZ_1M - 1 }, .align = SZ_2M,
	}, {
		.name = "the last there is",
		.range = { U64_MAX - SZ_4M + 1, U64_MAX }, .align = SZ_2M,
		.left = { U64_MAX - SZ_4M + 1, U64_MAX }, .aligned = true,
	}, {
		.name = "not all of the last",
		.range = { U64_MAX - SZ_1M + 1, U64_MAX }, .align = SZ_2M,
	}, {
		.name = "pages of 64K: a region of 256M",
		.range = { SZ_1G, SZ_1G + SZ_256M - 1 }, .align = SZ_512M,
	}, {
		.name = "pages of 64K: a region of 768M",
		.range = { SZ_1G, SZ_1G + SZ_512M + SZ_256M - 1 }, .align = SZ_512M,
		.left = { SZ_1G, SZ_1G + SZ_512M - 1 },
	}, {
		.name = "pages of 64K: a region at an odd 256M",
		.range = { SZ_1G + SZ_256M, SZ_2G - SZ_256M - 1 }, .align = SZ_512M,
	}, {
		.name = "pages of 64K: a region that is aligned",
		.range = { SZ_1G + SZ_512M, SZ_2G - 1 }, .align = SZ_512M,
		.left = { SZ_1G + SZ_512M, SZ_2G - 1 }, .aligned = true,
	},
};

static void trim_desc(const struct trim *t, char *desc)
{
	strscpy(desc, t->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(trim, trims, trim_desc);

/* What dax can serve of a piece, and whether it takes a region at all */
static void trim(struct kunit *test)
{
	const struct trim *t = test->param_value;
	struct range range = t->range;

	KUNIT_EXPECT_EQ(test, soft_reserve_aligned(&t->range, t->align), t->aligned);
	KUNIT_EXPECT_EQ(test, soft_reserve_trim(&range, t->align), t->left.end != 0);
	KUNIT_EXPECT_EQ(test, range.start, t->left.end ? t->left.start : t->range.start);
	KUNIT_EXPECT_EQ(test, range.end, t->left.end ?: t->range.end);
}

#define MAX_HOLDS	3

/* One unit is a byte; the gap that is free is { 10, 99 } */
static const struct clip {
	const char *name;
	struct range hold[MAX_HOLDS];
	/* none if it ends at 0 */
	struct range left;
} clips[] = {
	{ "nothing in it", { { 0, 9 }, { 100, 109 } }, { 10, 99 } },
	{ "at its start", { { 0, 19 } }, { 20, 99 } },
	{ "at its end", { { 90, 109 } }, { 10, 89 } },
	{ "in it, more room above", { { 30, 39 } }, { 40, 99 } },
	{ "in it, more room below", { { 70, 79 } }, { 10, 69 } },
	{ "in it, as much room on both sides", { { 50, 59 } }, { 10, 49 } },
	{ "all of it", { { 0, 109 } }, { } },
	{ "all of it, by two", { { 0, 49 }, { 50, 99 } }, { } },
	{ "two, most room between", { { 20, 29 }, { 80, 89 } }, { 30, 79 } },
	{ "two that touch", { { 30, 34 }, { 35, 39 } }, { 40, 99 } },
	{ "two, most room below", { { 60, 64 }, { 80, 84 } }, { 10, 59 } },
	{ "three", { { 15, 19 }, { 40, 44 }, { 90, 94 } }, { 45, 89 } },
	{ "all but the last", { { 0, 98 } }, { 99, 99 } },
	{ "all but the first", { { 11, 200 } }, { 10, 10 } },
};

static void clip_desc(const struct clip *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(clip, clips, clip_desc);

static void clip(struct kunit *test)
{
	const struct clip *c = test->param_value;
	/* beside whatever this machine has: far above it */
	struct resource avail = DEFINE_RES_MEM(BASE + 10, 90);
	struct resource *holds;
	int nr = 0;

	holds = kunit_kcalloc(test, MAX_HOLDS, sizeof(*holds), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, holds);
	for (; nr < MAX_HOLDS && c->hold[nr].end; nr++) {
		holds[nr] = DEFINE_RES_MEM(BASE + c->hold[nr].start,
					   range_len(&c->hold[nr]));
		KUNIT_EXPECT_EQ(test, request_resource(&soft_reserve_resource,
						       &holds[nr]), 0);
	}

	soft_reserve_clip(&avail);

	if (c->left.end) {
		KUNIT_EXPECT_EQ(test, avail.start, BASE + c->left.start);
		KUNIT_EXPECT_EQ(test, avail.end, BASE + c->left.end);
	} else {
		KUNIT_EXPECT_LT(test, avail.end, avail.start);
	}
	while (nr--)
		release_resource(&holds[nr]);
}

/*
 * A resource that lies in a hold is moved: the hold must not let the search go
 * back to what others have below it.
 */
static void moved(struct kunit *test)
{
	struct resource root = DEFINE_RES_MEM(BASE, 0x800);
	struct resource below = DEFINE_RES_MEM(BASE, 0x100);
	struct resource other = DEFINE_RES_MEM(BASE + 0x200, 0x100);
	struct resource old = DEFINE_RES_MEM(BASE + 0x400, 0x50);
	struct resource above = DEFINE_RES_MEM(BASE + 0x700, 0x100);
	struct resource hold = DEFINE_RES_MEM(BASE + 0x300, 0x150);

	KUNIT_ASSERT_EQ(test, request_resource(&root, &below), 0);
	KUNIT_ASSERT_EQ(test, request_resource(&root, &other), 0);
	KUNIT_ASSERT_EQ(test, request_resource(&root, &old), 0);
	KUNIT_ASSERT_EQ(test, request_resource(&root, &above), 0);
	KUNIT_ASSERT_EQ(test, request_resource(&soft_reserve_resource, &hold), 0);

	KUNIT_EXPECT_EQ(test, allocate_resource(&root, &old, 0x120, 0, -1, 0x10,
						NULL, NULL), 0);
	KUNIT_EXPECT_EQ(test, old.start, BASE + 0x450);
	KUNIT_EXPECT_EQ(test, old.end, BASE + 0x56f);

	release_resource(&hold);
}

static struct kunit_case soft_reserve_cases[] = {
	KUNIT_CASE(moved),
	KUNIT_CASE_PARAM(clip, clip_gen_params),
	KUNIT_CASE_PARAM(disjoint, disjoint_gen_params),
	KUNIT_CASE_PARAM(trim, trim_gen_params),
	KUNIT_CASE(allocators),
	KUNIT_CASE(align),
	KUNIT_CASE(span),
	KUNIT_CASE_PARAM(cut, cut_gen_params),
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
