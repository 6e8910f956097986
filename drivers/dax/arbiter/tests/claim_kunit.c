// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the "DAX Regions" arbiter and of alloc_dax_region()
 *
 * They claim where no machine has memory, so that they can run on any.
 */
#include <kunit/device.h>
#include <kunit/test.h>
#include <linux/device.h>
#include <linux/fault-inject.h>
#include <linux/ioport.h>
#include <linux/sizes.h>
#include "../../bus.h"
#include "../internal.h"

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);

#define BASE	BIT_ULL(46)
#define SPAN(first, size)	{ BASE + (first), BASE + (first) + (size) - 1 }

static const struct range whole = SPAN(0, SZ_1G);

/* The first claim from @addr on in the test's address range */
static struct resource *next_claim(u64 addr)
{
	struct resource *res;

	for (res = dax_claims.child; res; res = res->sibling)
		if (res->end >= addr && res->start <= whole.end)
			return res;
	return NULL;
}

static int nr_claims(void)
{
	struct resource *res = next_claim(whole.start);
	int nr = 0;

	for (; res; res = next_claim(res->end + 1))
		nr++;
	return nr;
}

static struct device *owner(struct kunit *test, const char *name)
{
	struct device *dev = kunit_device_register(test, name);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	return dev;
}

/* Every way in which a range can lie to one that is claimed */
static const struct geometry {
	const char *name;
	struct range range;
	int rc;
} geometries[] = {
	{ "the same", SPAN(SZ_256M, SZ_128M), -EBUSY },
	{ "inside", SPAN(SZ_256M + SZ_2M, SZ_2M), -EBUSY },
	{ "inside, at the start", SPAN(SZ_256M, SZ_2M), -EBUSY },
	{ "inside, at the end", SPAN(SZ_256M + SZ_128M - SZ_2M, SZ_2M), -EBUSY },
	{ "around", SPAN(SZ_128M, SZ_512M), -EBUSY },
	{ "around, from the start", SPAN(SZ_256M, SZ_256M), -EBUSY },
	{ "around, to the end", SPAN(SZ_128M, SZ_256M), -EBUSY },
	{ "over the start", SPAN(SZ_128M, SZ_128M + SZ_2M), -EBUSY },
	{ "over the end", SPAN(SZ_256M + SZ_64M, SZ_128M), -EBUSY },
	{ "one byte at the start", SPAN(SZ_256M - SZ_2M, SZ_2M + 1), -EBUSY },
	{ "one byte at the end", SPAN(SZ_256M + SZ_128M - 1, 1), -EBUSY },
	{ "adjacent below", SPAN(SZ_128M, SZ_128M), 0 },
	{ "adjacent above", SPAN(SZ_256M + SZ_128M, SZ_128M), 0 },
	{ "apart", SPAN(SZ_512M, SZ_128M), 0 },
};

static void geometry_desc(const struct geometry *g, char *desc)
{
	strscpy(desc, g->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(geometry, geometries, geometry_desc);

static void claim_geometry(struct kunit *test)
{
	const struct range claimed = SPAN(SZ_256M, SZ_128M);
	const struct geometry *g = test->param_value;
	struct device *a = owner(test, "a"), *b = owner(test, "b");
	struct dax_claim *first, *second;

	first = dax_claim_request(a, &claimed, DAX_CLAIM_PMEM);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, first);

	second = dax_claim_request(b, &g->range, DAX_CLAIM_PMEM);
	if (g->rc) {
		KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(second), g->rc);
		KUNIT_EXPECT_EQ(test, nr_claims(), 1);
		dax_claim_put(first);

		/* the loser can have it then */
		second = dax_claim_request(b, &g->range, DAX_CLAIM_PMEM);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, second);
	} else {
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, second);
		KUNIT_EXPECT_EQ(test, nr_claims(), 2);
		dax_claim_put(first);
	}
	dax_claim_put(second);
	KUNIT_EXPECT_EQ(test, nr_claims(), 0);
}

static void claim_bad_range(struct kunit *test)
{
	const struct range range = { BASE + 1, BASE - 1 };
	struct dax_claim *claim;

	claim = dax_claim_request(owner(test, "a"), &range, DAX_CLAIM_PMEM);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(claim), -EINVAL);
	KUNIT_EXPECT_EQ(test, nr_claims(), 0);
}

/* Each of the users has to let go */
static void claim_last_user(struct kunit *test)
{
	struct device *a = owner(test, "a"), *b = owner(test, "b");
	struct dax_claim *claim, *other;

	claim = dax_claim_request(a, &whole, DAX_CLAIM_PMEM);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, claim);
	dax_claim_get(claim);
	dax_claim_put(claim);

	other = dax_claim_request(b, &whole, DAX_CLAIM_PMEM);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(other), -EBUSY);

	dax_claim_put(claim);
	other = dax_claim_request(b, &whole, DAX_CLAIM_PMEM);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, other);
	dax_claim_put(other);
}

/* A claim knows its owner by name when the device is gone */
static void claim_outlives_owner(struct kunit *test)
{
	struct device *a = owner(test, "gone"), *b = owner(test, "b");
	struct dax_claim *claim, *other;

	claim = dax_claim_request(a, &whole, DAX_CLAIM_PMEM);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, claim);
	kunit_device_unregister(test, a);

	other = dax_claim_request(b, &whole, DAX_CLAIM_PMEM);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(other), -EBUSY);
	KUNIT_ASSERT_EQ(test, nr_claims(), 1);
	/* KUnit puts the name of the test before that of the device */
	KUNIT_EXPECT_NOT_NULL(test, strstr(next_claim(whole.start)->name, ".gone"));
	dax_claim_put(claim);
	KUNIT_EXPECT_EQ(test, nr_claims(), 0);
}

static struct dax_region *region(struct device *parent, u64 first, u64 size)
{
	struct range range = SPAN(first, size);

	return alloc_dax_region(parent, 0, &range, NUMA_NO_NODE, SZ_2M,
				DAX_CLAIM_PMEM, IORESOURCE_DAX_STATIC);
}

static void region_claims(struct kunit *test)
{
	struct device *a = owner(test, "a"), *b = owner(test, "b");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, region(a, 0, SZ_128M));
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(region(b, SZ_64M, SZ_128M)), -EBUSY);
	KUNIT_EXPECT_PTR_EQ(test, dev_get_drvdata(b), NULL);
	KUNIT_EXPECT_EQ(test, nr_claims(), 1);

	/* released with the device that it is for */
	kunit_device_unregister(test, a);
	KUNIT_EXPECT_EQ(test, nr_claims(), 0);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, region(b, SZ_64M, SZ_128M));
	kunit_device_unregister(test, b);
	KUNIT_EXPECT_EQ(test, nr_claims(), 0);
}

static void region_misaligned(struct kunit *test)
{
	struct device *a = owner(test, "a");

	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(region(a, SZ_1M, SZ_2M)), -EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(region(a, 0, SZ_1M)), -EINVAL);
	KUNIT_EXPECT_EQ(test, nr_claims(), 0);
}

#ifdef CONFIG_FAILSLAB
/* Fail the first allocation, then the second, until none is left to fail */
static void region_no_memory(struct kunit *test)
{
	struct dax_region *dax_region = ERR_PTR(-ENOMEM);
	int nth, failed = 0;

	for (nth = 1; IS_ERR(dax_region) && nth < 100; nth++) {
		struct device *a = owner(test, "a");

		current->fail_nth = nth;
		dax_region = region(a, 0, SZ_128M);
		current->fail_nth = 0;

		if (IS_ERR(dax_region)) {
			failed++;
			KUNIT_EXPECT_EQ(test, PTR_ERR(dax_region), -ENOMEM);
			KUNIT_EXPECT_EQ(test, nr_claims(), 0);
			KUNIT_EXPECT_PTR_EQ(test, dev_get_drvdata(a), NULL);
		}
		kunit_device_unregister(test, a);
		KUNIT_EXPECT_EQ(test, nr_claims(), 0);
	}
	KUNIT_EXPECT_FALSE(test, IS_ERR(dax_region));

	/* the allocator is told whether to fail by debugfs' failslab */
	if (!failed)
		kunit_skip(test, "failslab/ignore-gfp-wait is set");
}
#else
static void region_no_memory(struct kunit *test)
{
	kunit_skip(test, "FAILSLAB is not enabled");
}
#endif

static bool in_use(struct device *dev, u64 start, u64 size, enum dax_claim_kind own)
{
	const struct range range = SPAN(start, size);

	return dax_range_check_idle(dev, &range, own, "is not reset") == -EBUSY;
}

/* Whose claims keep decoders from being reset: all but a region's own, if idle */
static void range_in_use(struct kunit *test)
{
	const struct range first = SPAN(0, SZ_256M), second = SPAN(SZ_256M, SZ_256M);
	const struct range namespace = SPAN(SZ_512M + SZ_2M, SZ_2M);
	struct dax_claim_user user = { .name = "dax0.0" };
	struct dax_claim *a, *b, *c;
	struct device *dev = owner(test, "a");

	a = dax_claim_request(dev, &first, DAX_CLAIM_CXL);
	b = dax_claim_request(dev, &second, DAX_CLAIM_CXL);
	c = dax_claim_request(dev, &namespace, DAX_CLAIM_PMEM);
	KUNIT_ASSERT_FALSE(test, IS_ERR(a) || IS_ERR(b) || IS_ERR(c));

	KUNIT_EXPECT_FALSE(test, in_use(dev, 0, SZ_256M, DAX_CLAIM_CXL));
	KUNIT_EXPECT_FALSE(test, in_use(dev, SZ_256M, SZ_256M, DAX_CLAIM_CXL));
	/* firmware has made regions that overlap: these claims are of another one */
	KUNIT_EXPECT_TRUE(test, in_use(dev, 0, SZ_512M, DAX_CLAIM_CXL));
	KUNIT_EXPECT_TRUE(test, in_use(dev, 0, SZ_128M, DAX_CLAIM_CXL));
	KUNIT_EXPECT_TRUE(test, in_use(dev, SZ_128M, SZ_256M, DAX_CLAIM_CXL));
	/* of another kind */
	KUNIT_EXPECT_TRUE(test, in_use(dev, 0, SZ_256M, DAX_CLAIM_PMEM));
	KUNIT_EXPECT_TRUE(test, in_use(dev, SZ_512M, SZ_256M, DAX_CLAIM_CXL));
	/* a persistent region may have several namespaces */
	KUNIT_EXPECT_FALSE(test, in_use(dev, SZ_512M, SZ_256M, DAX_CLAIM_PMEM));
	/* not claimed */
	KUNIT_EXPECT_FALSE(test, in_use(dev, SZ_512M + SZ_256M, SZ_128M, DAX_CLAIM_CXL));

	dax_claim_opened(a, &user);
	dax_claim_opened(a, &user);
	KUNIT_EXPECT_TRUE(test, in_use(dev, 0, SZ_256M, DAX_CLAIM_CXL));
	KUNIT_EXPECT_FALSE(test, in_use(dev, SZ_256M, SZ_256M, DAX_CLAIM_CXL));
	dax_claim_closed(&user);
	KUNIT_EXPECT_TRUE(test, in_use(dev, 0, SZ_256M, DAX_CLAIM_CXL));
	dax_claim_closed(&user);
	KUNIT_EXPECT_FALSE(test, in_use(dev, 0, SZ_256M, DAX_CLAIM_CXL));

	dax_claim_put(a);
	dax_claim_put(b);
	dax_claim_put(c);
	KUNIT_EXPECT_EQ(test, nr_claims(), 0);
}

/*
 * RAM that firmware has mapped behind a region. With memory hot-plug its pages tell,
 * and there are none here; without, it is in use as long as it is in iomem.
 */
static void range_is_ram(struct kunit *test)
{
	/* where no machine has memory, and still in iomem_resource */
	const u64 end = ALIGN_DOWN(iomem_resource.end, SZ_1G);
	struct range range = { end - SZ_256M, end - 1 };
	struct resource ram = DEFINE_RES_MEM_NAMED(range.start, SZ_256M, "System RAM");
	struct device *dev = owner(test, "a");

	ram.flags = IORESOURCE_SYSTEM_RAM | IORESOURCE_BUSY;
	KUNIT_ASSERT_EQ(test, insert_resource(&iomem_resource, &ram), 0);
	KUNIT_EXPECT_EQ(test,
			dax_range_check_idle(dev, &range, DAX_CLAIM_CXL, "is not reset"),
			IS_ENABLED(CONFIG_MEMORY_HOTPLUG) ? 0 : -EBUSY);
	remove_resource(&ram);
	KUNIT_EXPECT_EQ(test, dax_range_check_idle(dev, &range, DAX_CLAIM_CXL,
						   "is not reset"), 0);
}

static struct kunit_case dax_claim_cases[] = {
	KUNIT_CASE_PARAM(claim_geometry, geometry_gen_params),
	KUNIT_CASE(claim_bad_range),
	KUNIT_CASE(claim_last_user),
	KUNIT_CASE(claim_outlives_owner),
	KUNIT_CASE(range_in_use),
	KUNIT_CASE(range_is_ram),
	KUNIT_CASE(region_claims),
	KUNIT_CASE(region_misaligned),
	KUNIT_CASE(region_no_memory),
	{ }
};

static struct kunit_suite dax_claim_suite = {
	.name = "dax_claim",
	.test_cases = dax_claim_cases,
};

kunit_test_suite(dax_claim_suite);

MODULE_DESCRIPTION("KUnit tests of the DAX Regions arbiter");
MODULE_LICENSE("GPL");
