// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the fences that keep allocators off Soft Reserved memory
 *
 * They bring their own ones, where no machine has memory.
 */
#include <kunit/test.h>
#include <linux/ioport.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/soft_reserve.h>

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);

#define BASE		BIT_ULL(45)
#define MAX_FENCES	3

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

/* What is undecided, or HMEM owns, is for nobody, all else for CXL alone */
static void fence_test_allocators(struct kunit *test)
{
	const u64 start = BASE, behind = start + SZ_256M;
	struct resource fence = DEFINE_RES_MEM(start, SZ_256M);

	if (!IS_ENABLED(CONFIG_GET_FREE_REGION) ||
	    !IS_ENABLED(CONFIG_PHYS_ADDR_T_64BIT))
		kunit_skip(test, "no regions are allocated there");

	fence.desc = IORES_DESC_SOFT_RESERVED;
	KUNIT_ASSERT_EQ(test, request_resource(&soft_reserve_fences, &fence), 0);
	KUNIT_EXPECT_EQ(test, allocated(start, IORES_DESC_NONE), behind);
	KUNIT_EXPECT_EQ(test, allocated(start, IORES_DESC_CXL), behind);
	WRITE_ONCE(fence.desc, IORES_DESC_CXL);
	KUNIT_EXPECT_EQ(test, allocated(start, IORES_DESC_NONE), behind);
	KUNIT_EXPECT_EQ(test, allocated(start, IORES_DESC_CXL), start);
	release_resource(&fence);
}

/* One unit is a byte; the gap that is free is { 10, 99 } */
static const struct clip {
	const char *name;
	struct range fence[MAX_FENCES];
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

static struct resource *fence_off(struct kunit *test, const struct range *ranges,
				  unsigned int nr)
{
	struct resource *fences;

	fences = kunit_kcalloc(test, MAX_FENCES, sizeof(*fences), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fences);
	for (unsigned int i = 0; i < nr; i++) {
		/* beside whatever this machine has: far above it */
		fences[i] = DEFINE_RES_MEM(BASE + ranges[i].start,
					   range_len(&ranges[i]));
		KUNIT_EXPECT_EQ(test, request_resource(&soft_reserve_fences,
						       &fences[i]), 0);
	}
	return fences;
}

static void fence_test_clip(struct kunit *test)
{
	const struct clip *c = test->param_value;
	struct resource avail = DEFINE_RES_MEM(BASE + 10, 90);
	struct resource *fences;
	unsigned int nr = 0;

	while (nr < MAX_FENCES && c->fence[nr].end)
		nr++;
	fences = fence_off(test, c->fence, nr);

	soft_reserve_clip(&avail);

	if (c->left.end) {
		KUNIT_EXPECT_EQ(test, avail.start, BASE + c->left.start);
		KUNIT_EXPECT_EQ(test, avail.end, BASE + c->left.end);
	} else {
		KUNIT_EXPECT_LT(test, avail.end, avail.start);
	}
	while (nr--)
		release_resource(&fences[nr]);
}

#define RANDOM_SETS	5000
#define RANDOM_SPACE	32

/* Byte by byte: the longest run in the gap that no fence has, the first one */
static struct range longest_run(const struct range *gap, const struct range *fences,
				unsigned int nr)
{
	struct range run = { }, best = { 1, 0 };
	unsigned int len = 0, best_len = 0;

	for (u64 addr = gap->start; addr <= gap->end; addr++) {
		bool fenced = false;

		for (unsigned int i = 0; i < nr; i++)
			fenced |= addr >= fences[i].start && addr <= fences[i].end;
		if (fenced) {
			len = 0;
			continue;
		}
		if (!len++)
			run.start = addr;
		run.end = addr;
		if (len > best_len) {
			best_len = len;
			best = run;
		}
	}
	return best;
}

static void fence_test_clip_random(struct kunit *test)
{
	const u32 seed = get_random_u32();
	struct rnd_state rnd;

	kunit_info(test, "seed %u", seed);
	prandom_seed_state(&rnd, seed);

	for (int n = 0; n < RANDOM_SETS; n++) {
		struct range gap, best, ranges[MAX_FENCES];
		unsigned int nr = 0, at = 0;
		struct resource avail, *fences;
		bool right;

		while (nr < MAX_FENCES && at < RANDOM_SPACE) {
			at += prandom_u32_state(&rnd) % 8;
			ranges[nr].start = at;
			at += prandom_u32_state(&rnd) % 6;
			ranges[nr++].end = at++;
		}
		gap.start = prandom_u32_state(&rnd) % RANDOM_SPACE;
		gap.end = gap.start + prandom_u32_state(&rnd) % RANDOM_SPACE;
		best = longest_run(&gap, ranges, nr);

		fences = fence_off(test, ranges, nr);
		avail = DEFINE_RES_MEM(BASE + gap.start, range_len(&gap));
		soft_reserve_clip(&avail);
		for (unsigned int i = 0; i < nr; i++)
			release_resource(&fences[i]);
		kunit_kfree(test, fences);

		right = best.start > best.end ? avail.start > avail.end :
			avail.start == BASE + best.start && avail.end == BASE + best.end;
		if (right)
			continue;
		for (unsigned int i = 0; i < nr; i++)
			kunit_err(test, "fence %llu to %llu", ranges[i].start, ranges[i].end);
		KUNIT_FAIL(test, "set %d of seed %u: of %llu to %llu it is not %llu to %llu",
			   n, seed, gap.start, gap.end, best.start, best.end);
		break;
	}
}

/*
 * A resource that lies in a fence is moved: the fence must not let the search go
 * back to what others have below it.
 */
static void fence_test_moved(struct kunit *test)
{
	struct resource root = DEFINE_RES_MEM(BASE, 0x800);
	struct resource below = DEFINE_RES_MEM(BASE, 0x100);
	struct resource other = DEFINE_RES_MEM(BASE + 0x200, 0x100);
	struct resource old = DEFINE_RES_MEM(BASE + 0x400, 0x50);
	struct resource above = DEFINE_RES_MEM(BASE + 0x700, 0x100);
	struct resource fence = DEFINE_RES_MEM(BASE + 0x300, 0x150);

	KUNIT_ASSERT_EQ(test, request_resource(&root, &below), 0);
	KUNIT_ASSERT_EQ(test, request_resource(&root, &other), 0);
	KUNIT_ASSERT_EQ(test, request_resource(&root, &old), 0);
	KUNIT_ASSERT_EQ(test, request_resource(&root, &above), 0);
	KUNIT_ASSERT_EQ(test, request_resource(&soft_reserve_fences, &fence), 0);

	KUNIT_EXPECT_EQ(test, allocate_resource(&root, &old, 0x120, 0, -1, 0x10,
						NULL, NULL), 0);
	KUNIT_EXPECT_EQ(test, old.start, BASE + 0x450);
	KUNIT_EXPECT_EQ(test, old.end, BASE + 0x56f);

	release_resource(&fence);
}

static struct kunit_case soft_reserve_cases[] = {
	KUNIT_CASE(fence_test_moved),
	KUNIT_CASE_PARAM(fence_test_clip, clip_gen_params),
	KUNIT_CASE(fence_test_clip_random),
	KUNIT_CASE(fence_test_allocators),
	{ }
};

static struct kunit_suite soft_reserve_suite = {
	.name = "soft_reserve",
	.test_cases = soft_reserve_cases,
};

kunit_test_suite(soft_reserve_suite);

MODULE_DESCRIPTION("KUnit tests of the fences around Soft Reserved memory");
MODULE_LICENSE("GPL");
