// SPDX-License-Identifier: GPL-2.0-only
/*
 * What it costs to claim, measured by KUnit
 *
 * On a machine that does other things, too, times are only times. Where time is
 * instructions, as in QEMU with -icount, they say how the work grows.
 */
#include <kunit/device.h>
#include <kunit/test.h>
#include <linux/ioport.h>
#include <linux/ktime.h>
#include <linux/sizes.h>
#include "arbiter.h"

/* where no machine has memory */
#define BASE	BIT_ULL(46)

/* As many live claims, and one more that comes and goes behind all of them */
static const unsigned int lives[] = { 1, 16, 256, 4096 };

static void live_desc(const unsigned int *live, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u live", *live);
}

KUNIT_ARRAY_PARAM(live, lives, live_desc);

#define ROUNDS	64

/* What a tree costs without a claim: with @alloc, the resource is allocated, too */
static u64 time_bare(struct kunit *test, unsigned int live, bool alloc)
{
	struct resource root = { .end = -1, .flags = IORESOURCE_MEM };
	struct resource *res;
	u64 best = U64_MAX;

	res = kunit_kcalloc(test, live + 1, sizeof(*res), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, res);
	for (unsigned int i = 0; i <= live; i++)
		res[i] = DEFINE_RES_MEM(BASE + (u64)i * SZ_2M, SZ_2M);
	for (unsigned int i = live; i--; )
		KUNIT_ASSERT_EQ(test, request_resource(&root, &res[i]), 0);

	for (int round = 0; round < ROUNDS; round++) {
		u64 start = ktime_get_ns();

		if (alloc) {
			__request_region(&root, res[live].start, SZ_2M, "owner", 0);
			__release_region(&root, res[live].start, SZ_2M);
		} else {
			request_resource(&root, &res[live]);
			release_resource(&res[live]);
		}
		best = min(best, ktime_get_ns() - start);
	}
	return best;
}

static u64 time_claim(struct kunit *test, unsigned int live)
{
	struct device *dev = kunit_device_register(test, "owner");
	struct dax_claim **claim, *last;
	struct range range;
	u64 best = U64_MAX;

	claim = kunit_kcalloc(test, live, sizeof(*claim), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, claim && !IS_ERR(dev));
	for (unsigned int i = live; i--; ) {
		range.start = BASE + (u64)i * SZ_2M;
		range.end = range.start + SZ_2M - 1;
		claim[i] = dax_claim_request(dev, &range, DAX_CLAIM_PMEM);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, claim[i]);
	}

	range.start = BASE + (u64)live * SZ_2M;
	range.end = range.start + SZ_2M - 1;
	for (int round = 0; round < ROUNDS; round++) {
		u64 start = ktime_get_ns();

		last = dax_claim_request(dev, &range, DAX_CLAIM_PMEM);
		if (!IS_ERR(last))
			dax_claim_put(last);
		best = min(best, ktime_get_ns() - start);
		KUNIT_ASSERT_FALSE(test, IS_ERR(last));
	}

	for (unsigned int i = 0; i < live; i++)
		dax_claim_put(claim[i]);
	return best;
}

/* Nothing that grows comes on top of what a resource tree costs */
static void claim_cost(struct kunit *test)
{
	const unsigned int live = *(const unsigned int *)test->param_value;
	const u64 bare = time_bare(test, live, false);
	const u64 region = time_bare(test, live, true);
	const u64 ns = time_claim(test, live);

	kunit_info(test, "bench bare/%u %llu\n", live, bare);
	kunit_info(test, "bench region/%u %llu\n", live, region);
	kunit_info(test, "bench claim/%u %llu\n", live, ns);
	if (live >= 4096)
		KUNIT_EXPECT_LT(test, ns, 2 * bare);
}

static struct kunit_case dax_claim_cost_cases[] = {
	KUNIT_CASE_PARAM(claim_cost, live_gen_params),
	{ }
};

static struct kunit_suite dax_claim_cost_suite = {
	.name = "dax_claim_cost",
	.test_cases = dax_claim_cost_cases,
};

kunit_test_suite(dax_claim_cost_suite);

MODULE_DESCRIPTION("KUnit measurement of the DAX Regions arbiter: claims");
MODULE_LICENSE("GPL");
