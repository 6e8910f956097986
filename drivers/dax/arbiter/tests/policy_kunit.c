// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the policy: which pieces regions cover
 */
#include <kunit/test.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include "../internal.h"

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);

#define MAX_PIECES	5
#define MAX_REGIONS	5

/* One unit is a byte; 0 to 9 is written { 0, 9 } */
static const struct decide_case {
	const char *name;
	struct range piece[MAX_PIECES];
	struct range region[MAX_REGIONS];
	/* for each piece: does CXL own it, and if not, what is the gap */
	bool cxl[MAX_PIECES];
	u64 gap[MAX_PIECES];
	/* index + 1 of a piece that HMEM owns */
	int hmem;
} decide_cases[] = {
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
		.name = "a piece that HMEM owns costs its region the other",
		.piece = { { 10, 19 }, { 20, 29 } }, .region = { { 10, 29 } },
		.gap = { 10, 10 }, .hmem = 1,
	}, {
		.name = "the last address there is",
		.piece = { { U64_MAX - 9, U64_MAX } },
		.region = { { U64_MAX - 9, U64_MAX } },
		.cxl = { true },
	}, {
		.name = "regions that are not sorted",
		.piece = { { 10, 19 }, { 20, 29 } },
		.region = { { 20, 29 }, { 15, 19 }, { 10, 14 } },
		.cxl = { true, true },
	}, {
		.name = "regions that overlap cover nothing",
		.piece = { { 10, 19 }, { 20, 29 } }, .region = { { 10, 19 }, { 19, 29 } },
		.gap = { 10, 20 },
	}, {
		.name = "nor does a region inside another one",
		.piece = { { 10, 29 } }, .region = { { 10, 29 }, { 15, 19 } },
		.gap = { 10 },
	}, {
		.name = "nor do two inside another one",
		.piece = { { 10, 39 } },
		.region = { { 10, 39 }, { 12, 13 }, { 20, 29 } },
		.gap = { 10 },
	}, {
		.name = "nor does a chain of them, but those beside it",
		.piece = { { 0, 9 }, { 10, 29 }, { 30, 39 } },
		.region = { { 0, 9 }, { 10, 19 }, { 15, 24 }, { 20, 29 }, { 30, 39 } },
		.cxl = { true, false, true }, .gap = { 0, 10, 0 },
	}, {
		.name = "nor do they at the last address there is",
		.piece = { { 10, U64_MAX } }, .region = { { 10, U64_MAX }, { 20, 29 } },
		.gap = { 10 },
	},
};

static void decide_desc(const struct decide_case *s, char *desc)
{
	strscpy(desc, s->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(decide, decide_cases, decide_desc);

static void policy_test_decide(struct kunit *test)
{
	const struct decide_case *s = test->param_value;
	struct soft_reserve_cxl_region *regions;
	struct policy_piece *pieces;
	int nr, nr_regions;

	pieces = kunit_kcalloc(test, MAX_PIECES, sizeof(*pieces), GFP_KERNEL);
	regions = kunit_kcalloc(test, MAX_REGIONS, sizeof(*regions), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, pieces && regions);

	for (nr = 0; nr < MAX_PIECES && s->piece[nr].end; nr++)
		pieces[nr].range = s->piece[nr];
	for (nr_regions = 0; nr_regions < MAX_REGIONS && s->region[nr_regions].end;
	     nr_regions++)
		regions[nr_regions].range = s->region[nr_regions];
	if (s->hmem)
		pieces[s->hmem - 1].hmem = true;

	policy_decide(pieces, nr, regions, nr_regions);

	for (int i = 0; i < nr; i++) {
		KUNIT_EXPECT_EQ_MSG(test, pieces[i].cxl, s->cxl[i], "piece %d", i);
		if (!s->cxl[i])
			KUNIT_EXPECT_EQ_MSG(test, pieces[i].gap, s->gap[i],
					    "piece %d", i);
	}
}

#define RANDOM_SETS	100000
#define RANDOM_NR	5
#define RANDOM_SPACE	32

/*
 * Pieces and regions at random, in a small address space, so that each is looked at
 * byte by byte
 */
struct random_set {
	struct policy_piece pieces[RANDOM_NR];
	struct soft_reserve_cxl_region regions[RANDOM_NR];
	unsigned int nr, nr_regions;
	u64 base;
};

/* Up to RANDOM_NR ranges, sorted, that do not overlap, or rarely do */
static unsigned int random_ranges(struct rnd_state *rnd, u64 base, bool overlap,
				  struct range *ranges)
{
	unsigned int nr = 0, at = prandom_u32_state(rnd) % 4;

	while (nr < RANDOM_NR && at < RANDOM_SPACE) {
		const unsigned int len = 1 + prandom_u32_state(rnd) % 8;
		const unsigned int end = min(at + len, RANDOM_SPACE) - 1;

		ranges[nr++] = (struct range) { base + at, base + end };
		/* they often touch */
		at = end + 1;
		if (prandom_u32_state(rnd) % 2)
			at += prandom_u32_state(rnd) % 4;
		else if (overlap && prandom_u32_state(rnd) % 8 == 0)
			at -= 1 + prandom_u32_state(rnd) % len;
	}
	return nr;
}

static void random_set(struct rnd_state *rnd, struct random_set *set)
{
	struct range ranges[RANDOM_NR];

	memset(set, 0, sizeof(*set));
	/* also at both ends of what there is */
	switch (prandom_u32_state(rnd) % 3) {
	case 0:
		set->base = 0;
		break;
	case 1:
		set->base = SZ_1G;
		break;
	default:
		set->base = U64_MAX - RANDOM_SPACE + 1;
	}
	set->nr = random_ranges(rnd, set->base, false, ranges);
	for (unsigned int i = 0; i < set->nr; i++) {
		set->pieces[i].range = ranges[i];
		set->pieces[i].hmem = prandom_u32_state(rnd) % 6 == 0;
	}
	set->nr_regions = random_ranges(rnd, set->base, true, ranges);
	for (unsigned int i = 0; i < set->nr_regions; i++)
		set->regions[i].range = ranges[i];
}

/*
 * By the words of the rule: a region that loses one piece covers none, nor does one
 * that overlaps another
 */
static void naive(const struct random_set *set, bool *cxl)
{
	bool lost[RANDOM_NR] = { }, changed = true;

	for (unsigned int i = 0; i < set->nr_regions; i++)
		for (unsigned int j = 0; j < set->nr_regions; j++)
			lost[i] |= i != j && ranges_overlap(&set->regions[i].range,
							    &set->regions[j].range);

	while (changed) {
		changed = false;
		for (unsigned int i = 0; i < set->nr; i++) {
			const struct range *p = &set->pieces[i].range;

			cxl[i] = !set->pieces[i].hmem;
			for (u64 n = 0; n < range_len(p); n++) {
				bool covered = false;

				for (unsigned int j = 0; j < set->nr_regions; j++)
					covered |= !lost[j] &&
						p->start + n >= set->regions[j].range.start &&
						p->start + n <= set->regions[j].range.end;
				cxl[i] &= covered;
			}
			for (unsigned int j = 0; j < set->nr_regions; j++) {
				if (cxl[i] || lost[j] ||
				    !ranges_overlap(p, &set->regions[j].range))
					continue;
				lost[j] = true;
				changed = true;
			}
		}
	}
}

static int first_difference(struct random_set *set)
{
	struct soft_reserve_cxl_region regions[RANDOM_NR];
	bool cxl[RANDOM_NR];

	naive(set, cxl);
	/* in any order */
	for (unsigned int i = 0; i < set->nr_regions; i++)
		regions[set->nr_regions - 1 - i] = set->regions[i];
	policy_decide(set->pieces, set->nr, regions, set->nr_regions);
	for (unsigned int i = 0; i < set->nr; i++)
		if (set->pieces[i].cxl != cxl[i])
			return i;
	return -1;
}

static void drop(void *array, size_t size, unsigned int i, unsigned int *nr)
{
	(*nr)--;
	memmove(array + i * size, array + (i + 1) * size, (*nr - i) * size);
}

/* Leave out whatever the difference does not need */
static void make_small(struct random_set *set)
{
	for (unsigned int i = 0; i < set->nr; ) {
		struct random_set less = *set;

		drop(less.pieces, sizeof(*less.pieces), i, &less.nr);
		if (first_difference(&less) >= 0)
			*set = less;
		else
			i++;
	}
	for (unsigned int j = 0; j < set->nr_regions; ) {
		struct random_set less = *set;

		drop(less.regions, sizeof(*less.regions), j, &less.nr_regions);
		if (first_difference(&less) >= 0)
			*set = less;
		else
			j++;
	}
}

static void policy_test_random(struct kunit *test)
{
	const u32 seed = get_random_u32();
	struct random_set *set;
	struct rnd_state rnd;

	set = kunit_kzalloc(test, sizeof(*set), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, set);
	kunit_info(test, "seed %u", seed);
	prandom_seed_state(&rnd, seed);

	for (int i = 0; i < RANDOM_SETS; i++) {
		random_set(&rnd, set);
		if (first_difference(set) < 0)
			continue;

		make_small(set);
		for (unsigned int j = 0; j < set->nr; j++)
			kunit_err(test, "piece %llu to %llu%s: %s",
				  set->pieces[j].range.start - set->base,
				  set->pieces[j].range.end - set->base,
				  set->pieces[j].hmem ? ", owned by HMEM" : "",
				  set->pieces[j].cxl ? "CXL" : "not CXL");
		for (unsigned int j = 0; j < set->nr_regions; j++)
			kunit_err(test, "region %llu to %llu",
				  set->regions[j].range.start - set->base,
				  set->regions[j].range.end - set->base);
		KUNIT_FAIL(test, "set %d of seed %u is not as by the rule", i, seed);
		break;
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
static void policy_test_trim(struct kunit *test)
{
	const struct trim *t = test->param_value;
	struct range range = t->range;

	KUNIT_EXPECT_EQ(test, dax_arbiter_aligned(&t->range, t->align), t->aligned);
	KUNIT_EXPECT_EQ(test, dax_range_trim(&range, t->align), t->left.end != 0);
	KUNIT_EXPECT_EQ(test, range.start, t->left.end ? t->left.start : t->range.start);
	KUNIT_EXPECT_EQ(test, range.end, t->left.end ?: t->range.end);
}

static struct kunit_case dax_policy_cases[] = {
	KUNIT_CASE_PARAM(policy_test_decide, decide_gen_params),
	KUNIT_CASE(policy_test_random),
	KUNIT_CASE_PARAM(policy_test_trim, trim_gen_params),
	{ }
};

static struct kunit_suite dax_policy_suite = {
	.name = "dax_policy",
	.test_cases = dax_policy_cases,
};

kunit_test_suite(dax_policy_suite);

MODULE_DESCRIPTION("KUnit tests of the DAX Regions arbiter: policy");
MODULE_LICENSE("GPL");
