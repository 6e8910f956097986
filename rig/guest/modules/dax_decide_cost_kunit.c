// SPDX-License-Identifier: GPL-2.0-only
/*
 * What it costs to decide, measured by KUnit
 *
 * On a machine that does other things, too, times are only times. Where time is
 * instructions, as in QEMU with -icount, they say how the work grows.
 */
#include <kunit/device.h>
#include <kunit/test.h>
#include <linux/ioport.h>
#include <linux/ktime.h>
#include <linux/printk.h>
#include <linux/rwsem.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include "test_hooks.h"

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);

#define SIZE	SZ_256M

/*
 * CXL is a list of regions, not sorted. It looks at each of them when it is told that
 * it owns a range.
 */
static struct {
	struct soft_reserve_cxl_region *region;
	unsigned int nr, restored;
} cxl;

static DECLARE_RWSEM(cxl_lock);

static int cxl_coverage(struct soft_reserve_cxl_region **regions,
			const struct range *claimed)
{
	*regions = kvmemdup(cxl.region, array_size(cxl.nr, sizeof(*cxl.region)),
			    GFP_KERNEL);
	return *regions ? cxl.nr : -ENOMEM;
}

static void count_restored(const struct range *range)
{
	for (unsigned int i = 0; i < cxl.nr; i++)
		if (cxl.region[i].range.start <= range->end &&
		    cxl.region[i].range.end >= range->start)
			cxl.restored++;
}

static const struct soft_reserve_cxl_ops cxl_ops = {
	.owner = THIS_MODULE,
	.lock = &cxl_lock,
	.coverage = cxl_coverage,
	.restore = count_restored,
};

static struct range span(u64 start, u64 size)
{
	start += BIT_ULL(46);
	return (struct range) { start, start + size - 1 };
}

/* The region with number i of n, for as many pieces that touch one another */
static struct range own_region(unsigned int i, unsigned int n)
{
	return span((u64)i * SIZE, SIZE);
}

static struct range every_other(unsigned int i, unsigned int n)
{
	return span((u64)i * SIZE, i % 2 ? SIZE / 2 : SIZE);
}

static struct range one_chain(unsigned int i, unsigned int n)
{
	u64 start = (u64)i * SIZE, end = start + SIZE;

	return span(i ? start + SIZE / 2 : 0,
		    end - start + (i ? 0 : SIZE / 2) - (i == n - 1 ? SIZE / 2 : 0));
}

static struct range elsewhere(unsigned int i, unsigned int n)
{
	return span((u64)(n + i) * SIZE, SIZE);
}

static const struct shape {
	const char *name;
	struct range (*region)(unsigned int i, unsigned int n);
	/* one of how many pieces CXL owns, 0: none */
	unsigned int cxl;
} shapes[] = {
	{ "one-each", own_region, 1 },
	{ "every-other", every_other, 2 },
	{ "one-chain", one_chain, 1 },
	{ "none", elsewhere, 0 },
};

static void shape_desc(const struct shape *s, char *desc)
{
	strscpy(desc, s->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(shape, shapes, shape_desc);

static unsigned int nr_served;

static void serve(struct device *host, const struct range *range, int nid)
{
	nr_served++;
}

static u64 time_decision(struct kunit *test, struct device *host,
			 struct soft_reserve_piece *piece, unsigned int nr)
{
	const int level = console_loglevel;
	u64 start, ns;

	for (unsigned int i = nr; i--; ) {
		piece[i] = (struct soft_reserve_piece) {
			.range = span((u64)i * SIZE, SIZE),
			.windowed = true,
		};
	}
	nr_served = 0;

	/* a line for each piece: do not wait for the console */
	console_loglevel = CONSOLE_LOGLEVEL_SILENT;
	KUNIT_ASSERT_EQ(test, dax_arbiter_test_begin(piece, nr, &cxl_ops), 0);
	start = ktime_get_ns();
	KUNIT_EXPECT_EQ(test, dax_arbiter_test_ops()->decide(host, serve), 0);
	ns = ktime_get_ns() - start;
	dax_arbiter_test_end();
	console_loglevel = level;

	return ns;
}

/* S pieces and as many regions: n log n, and nobody looks at each of S * R */
static void decide_grows(struct kunit *test)
{
	static const unsigned int sizes[] = { 10, 100, 1000, 4000 };
	const unsigned int max = sizes[ARRAY_SIZE(sizes) - 1];
	const struct shape *shape = test->param_value;
	struct device *host = kunit_device_register(test, "host");
	struct soft_reserve_piece *piece;
	u64 ns[ARRAY_SIZE(sizes)];

	piece = kvcalloc(max, sizeof(*piece), GFP_KERNEL);
	cxl.region = kvcalloc(max, sizeof(*cxl.region), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, piece && cxl.region && !IS_ERR(host));

	for (int i = 0; i < ARRAY_SIZE(sizes); i++) {
		const unsigned int n = sizes[i];

		cxl.nr = n;
		for (unsigned int j = 0; j < n; j++)
			cxl.region[j].range = shape->region(n - 1 - j, n);
		ns[i] = U64_MAX;
		for (int round = 0; round < 3; round++) {
			u64 took = time_decision(test, host, piece, n);

			ns[i] = min(ns[i], took);
		}
		KUNIT_EXPECT_EQ(test, n - nr_served, shape->cxl ? n / shape->cxl : 0);
		kunit_info(test, "bench decide/%s/%u %llu\n", shape->name, n, ns[i]);
	}
	/* n log n makes it 5 times as much, n * n 16 times */
	KUNIT_EXPECT_LT(test, ns[3], 9 * ns[2]);

	kvfree(cxl.region);
	kvfree(piece);
}

static struct kunit_case dax_decide_cost_cases[] = {
	KUNIT_CASE_PARAM(decide_grows, shape_gen_params),
	{ }
};

static struct kunit_suite dax_decide_cost_suite = {
	.name = "dax_decide_cost",
	.test_cases = dax_decide_cost_cases,
};

kunit_test_suite(dax_decide_cost_suite);

MODULE_DESCRIPTION("KUnit measurement of the DAX Regions arbiter: decisions");
MODULE_LICENSE("GPL");
