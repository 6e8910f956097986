// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of how ranges are cut into pieces
 */
#include <kunit/test.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include "../internal.h"

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);

#define MAX_PIECES	5
#define MAX_WINDOWS	2

/* All of these addresses are in one memory block, that is, in one node */
static const struct cut {
	const char *name;
	struct range range;
	struct cxl_window window[MAX_WINDOWS];
	/* where it is cut, is that in a window, and in one that HMEM must not serve */
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

static void pieces_test_cut(struct kunit *test)
{
	const struct cut *c = test->param_value;
	struct cxl_windows windows = { .window = c->window };
	struct soft_reserve_piece *piece;
	int nr = 0;

	piece = kunit_kcalloc(test, MAX_PIECES, sizeof(*piece), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, piece);

	while (windows.nr < MAX_WINDOWS && c->window[windows.nr].range.end)
		windows.nr++;
	while (nr < MAX_PIECES && c->piece[nr].end)
		nr++;

	KUNIT_ASSERT_EQ(test, nr, pieces_cut_range(&windows, c->range.start,
						   c->range.end, NULL));
	pieces_cut_range(&windows, c->range.start, c->range.end, piece);

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

#define RANDOM_SETS	20000
#define RANDOM_SPACE	24
#define RANDOM_WINDOWS	3

static bool in_window(const struct cxl_window *w, u64 addr)
{
	return addr >= w->range.start && addr <= w->range.end;
}

/* Are both in the same windows? */
static bool same_windows(const struct cxl_windows *windows, u64 a, u64 b)
{
	for (unsigned int i = 0; i < windows->nr; i++)
		if (in_window(&windows->window[i], a) != in_window(&windows->window[i], b))
			return false;
	return true;
}

/*
 * Each byte of the range is in one piece, and two neighbours are in the same one if
 * and only if they are in the same windows
 */
static void pieces_test_cut_random(struct kunit *test)
{
	const u32 seed = get_random_u32();
	struct soft_reserve_piece *pieces;
	struct rnd_state rnd;

	pieces = kunit_kcalloc(test, RANDOM_SPACE, sizeof(*pieces), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, pieces);
	kunit_info(test, "seed %u", seed);
	prandom_seed_state(&rnd, seed);

	for (int n = 0; n < RANDOM_SETS; n++) {
		/* at either end of what there is, too; all in one memory block */
		const u64 base = n % 3 == 0 ? 0 : n % 3 == 1 ? SZ_1G :
				 U64_MAX - RANDOM_SPACE + 1;
		struct cxl_window window[RANDOM_WINDOWS] = { };
		const struct cxl_windows windows = { window, RANDOM_WINDOWS };
		const u64 start = base + prandom_u32_state(&rnd) % RANDOM_SPACE;
		const u64 end = start + prandom_u32_state(&rnd) %
				(u32)(base + RANDOM_SPACE - start);
		unsigned int nr, i = 0;
		u64 addr = start;
		bool right;

		for (int w = 0; w < RANDOM_WINDOWS; w++) {
			const u64 at = base + prandom_u32_state(&rnd) % RANDOM_SPACE;

			window[w].range.start = at;
			window[w].range.end = at + prandom_u32_state(&rnd) %
					      (u32)(base + RANDOM_SPACE - at);
			window[w].restricted = prandom_u32_state(&rnd) % 2;
		}

		memset(pieces, 0, RANDOM_SPACE * sizeof(*pieces));
		nr = pieces_cut_range(&windows, start, end, NULL);
		right = nr <= RANDOM_SPACE &&
			pieces_cut_range(&windows, start, end, pieces) == nr &&
			pieces[0].range.start == start &&
			pieces[nr - 1].range.end == end;
		for (; right && addr != end; addr++) {
			const bool cut = pieces[i].range.end == addr;

			right = cut != same_windows(&windows, addr, addr + 1) &&
				(!cut || pieces[i + 1].range.start == addr + 1);
			i += cut;
		}
		for (i = 0; right && i < nr; i++) {
			bool restricted = false;

			for (int w = 0; w < RANDOM_WINDOWS; w++)
				restricted |= window[w].restricted &&
					in_window(&window[w], pieces[i].range.start);
			right = pieces[i].restricted == restricted;
		}
		if (right)
			continue;

		for (int w = 0; w < RANDOM_WINDOWS; w++)
			kunit_err(test, "window %llu to %llu", window[w].range.start - base,
				  window[w].range.end - base);
		for (i = 0; i < nr && i < RANDOM_SPACE; i++)
			kunit_err(test, "piece %llu to %llu", pieces[i].range.start - base,
				  pieces[i].range.end - base);
		KUNIT_FAIL(test, "set %d of seed %u: %llu to %llu is cut wrongly", n, seed,
			   start - base, end - base);
		break;
	}
}

/* What memory blocks must not be larger than */
static void pieces_test_align(struct kunit *test)
{
	static const struct {
		struct cxl_window window[MAX_WINDOWS];
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

	for (int i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cxl_windows windows = { .window = cases[i].window };

		while (windows.nr < MAX_WINDOWS && cases[i].window[windows.nr].range.end)
			windows.nr++;
		KUNIT_EXPECT_EQ_MSG(test, pieces_align(&windows),
				    cases[i].align, "case %d", i);
	}
}

static struct kunit_case dax_pieces_cases[] = {
	KUNIT_CASE_PARAM(pieces_test_cut, cut_gen_params),
	KUNIT_CASE(pieces_test_cut_random),
	KUNIT_CASE(pieces_test_align),
	{ }
};

static struct kunit_suite dax_pieces_suite = {
	.name = "dax_pieces",
	.test_cases = dax_pieces_cases,
};

kunit_test_suite(dax_pieces_suite);

MODULE_DESCRIPTION("KUnit tests of the DAX Regions arbiter: pieces");
MODULE_LICENSE("GPL");
