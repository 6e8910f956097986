// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: who owns Soft Reserved memory, the part of CXL
 *
 * A CXL region and HMEM may both want a range that firmware marked Soft
 * Reserved. The arbiter in drivers/dax/arbiter/ decides who owns it. This file
 * tells the arbiter which ranges regions serve, and makes regions yield to
 * HMEM: a region leaves iomem_resource where HMEM owns the memory, so that only
 * HMEM has an entry there. The region itself stays, and its decoders are not
 * touched. They still decode the rest of the region too, so the rest stays
 * reserved. When HMEM releases the memory, the region is restored in
 * iomem_resource.
 *
 * A region that yields keeps its params.res, because others read the region's
 * bounds there. Only the link into iomem_resource is removed. The resources in
 * cxlr->remnants take its place.
 *
 * Locking: cxl_region_rwsem, held for write, protects the list of regions and
 * their entries in iomem_resource. Inside of it, dax_arbiter_lock() protects
 * which memory HMEM owns.
 */
#include <linux/device.h>
#include <linux/list.h>
#include <linux/pgtable.h>
#include <linux/slab.h>
#include <linux/soft_reserve.h>
#include <trace/events/soft_reserve.h>
#include <cxlmem.h>
#include <cxl.h>
#include "core.h"

static void unlink_resource(struct resource *res)
{
	if (!res->parent)
		return;
	remove_resource(res);
	/* remove_resource() moved its children up to the parent: forget them */
	res->child = NULL;
}

static void region_unlink_remnants(struct cxl_region *cxlr)
{
	for (unsigned int i = 0; i < cxlr->nr_remnants; i++)
		unlink_resource(&cxlr->remnants[i]);
}

/*
 * There is one remnant between any two ranges that HMEM owns, and one at either
 * end. All are allocated in advance, because yield and restore must not fail.
 */
static int region_alloc_remnants(struct cxl_region *cxlr)
{
	const struct range range = cxl_region_range(cxlr);
	const unsigned int nr = dax_arbiter_count(&range);

	if (!nr)
		return 0;
	cxlr->remnants = kcalloc(nr + 1, sizeof(*cxlr->remnants), GFP_KERNEL);
	if (!cxlr->remnants)
		return -ENOMEM;
	cxlr->nr_remnants = nr + 1;
	return 0;
}

static void region_insert_remnant(struct cxl_region *cxlr, struct resource *window,
				  unsigned int i, u64 start, u64 end)
{
	struct resource res = DEFINE_RES_MEM_NAMED(start, end - start + 1,
						   dev_name(&cxlr->dev));

	/* more pieces than were counted: regions set up by firmware overlap */
	if (i >= cxlr->nr_remnants) {
		dev_warn(&cxlr->dev, "%pR cannot be reserved\n", &res);
		return;
	}
	cxlr->remnants[i] = res;
	if (insert_resource(window, &cxlr->remnants[i]))
		dev_warn(&cxlr->dev, "%pR cannot be reserved\n", &res);
}

/* First range in @range that HMEM owns, or is about to own (@hmem, or NULL) */
static const struct range *next_hmem(const struct range *range,
				     const struct range *hmem)
{
	const struct range *owned = dax_arbiter_next_hmem(range);

	if (hmem && ranges_overlap(hmem, range) &&
	    (!owned || hmem->start < owned->start))
		return hmem;
	return owned;
}

/*
 * Have iomem_resource show the region without what HMEM owns, or is about to
 * own (@hmem, or NULL).
 */
static int region_sync_iomem(struct cxl_region *cxlr, const struct range *hmem)
{
	struct cxl_root_decoder *cxlrd = to_cxl_root_decoder(cxlr->dev.parent);
	struct range range = cxl_region_range(cxlr);
	const bool yielded = cxlr->yields;
	const struct range *owned;
	unsigned int nr = 0;

	lockdep_assert_held_write(&cxl_region_rwsem);

	if (!cxlrd->res)
		return -ENXIO;

	unlink_resource(cxlr->params.res);
	region_unlink_remnants(cxlr);
	owned = next_hmem(&range, hmem);
	cxlr->yields = owned;
	if (!owned && yielded)
		trace_soft_reserve_restore(&range, dev_name(&cxlr->dev));
	else if (owned && !yielded)
		trace_soft_reserve_yield(&range, dev_name(&cxlr->dev));
	if (!owned)
		return insert_resource(cxlrd->res, cxlr->params.res);

	for (; owned; owned = next_hmem(&range, hmem)) {
		if (owned->start > range.start)
			region_insert_remnant(cxlr, cxlrd->res, nr++, range.start,
					      owned->start - 1);
		if (owned->end >= range.end)
			return 0;
		range.start = owned->end + 1;
	}
	region_insert_remnant(cxlr, cxlrd->res, nr, range.start, range.end);
	return 0;
}

/**
 * cxl_region_free_remnants() - undo cxl_region_insert()
 * @cxlr: the region, its params.res is about to be freed
 *
 * Context: cxl_region_rwsem is held for write.
 */
void cxl_region_free_remnants(struct cxl_region *cxlr)
{
	lockdep_assert_held_write(&cxl_region_rwsem);
	region_unlink_remnants(cxlr);
	kfree(cxlr->remnants);
	cxlr->remnants = NULL;
	cxlr->nr_remnants = 0;
	cxlr->yields = false;
}

/**
 * cxl_region_insert() - insert a region of committed decoders in iomem_resource
 * @cxlr: the region, in the list of those that have a params.res
 *
 * A region that is late yields at once: what HMEM owns of it is left out.
 *
 * Context: cxl_region_rwsem is held for write.
 * Return: 0, -EBUSY if another resource is in the way, -ENXIO if its window has
 * no resource, -ENOMEM.
 */
int cxl_region_insert(struct cxl_region *cxlr)
{
	const struct range range = cxl_region_range(cxlr);
	bool late;
	int rc;

	scoped_guard(dax_arbiter) {
		late = dax_arbiter_next_hmem(&range);
		rc = region_alloc_remnants(cxlr);
		/* if HMEM does not own any of it yet, yield tries once more */
		if (!rc || !late)
			rc = region_sync_iomem(cxlr, NULL);
	}
	if (late)
		dev_info(&cxlr->dev, "%pR overlaps memory that HMEM owns, and yields: unbind its hmem device to free it\n",
			 cxlr->params.res);

	return rc;
}

/* Can a driver serve the region, and does dax accept its alignment? */
static bool region_served(const struct cxl_region *cxlr, const struct range *claimed)
{
	const struct range range = cxl_region_range(cxlr);

	if (cxlr->params.state != CXL_CONFIG_COMMIT ||
	    !dax_arbiter_aligned(&range, PMD_SIZE))
		return false;
	if (claimed && range.start == claimed->start && range.end == claimed->end)
		return true;
	/* only regions of RAM mode have a cxlr_dax, and only while bound */
	return cxlr->cxlr_dax && driver_find("cxl_dax_region", &cxl_bus_type);
}

/* Its decoders are, or were, committed for persistent memory, driver or not */
static bool region_is_pmem(const struct cxl_region *cxlr)
{
	return cxlr->mode == CXL_DECODER_PMEM &&
	       (cxlr->params.state > CXL_CONFIG_ACTIVE ||
		test_bit(CXL_REGION_F_AUTO, &cxlr->flags));
}

static int ownership_coverage(struct soft_reserve_cxl_region **coverage,
			      const struct range *claimed)
{
	struct soft_reserve_cxl_region *covers;
	struct cxl_region *cxlr;
	unsigned int nr = 0;

	lockdep_assert_held_write(&cxl_region_rwsem);

	if (list_empty(&cxl_regions))
		return 0;

	covers = kvcalloc(list_count_nodes(&cxl_regions), sizeof(*covers), GFP_KERNEL);
	if (!covers)
		return -ENOMEM;

	list_for_each_entry(cxlr, &cxl_regions, hpa) {
		covers[nr].pmem = region_is_pmem(cxlr);
		if (!covers[nr].pmem && !region_served(cxlr, claimed))
			continue;
		covers[nr].range = cxl_region_range(cxlr);
		strscpy(covers[nr].name, dev_name(&cxlr->dev));
		nr++;
	}
	*coverage = covers;
	return nr;
}

static bool region_overlaps(struct cxl_region *cxlr, const struct range *range)
{
	const struct range has = cxl_region_range(cxlr);

	return ranges_overlap(&has, range);
}

struct window {
	const struct range *range;
	struct resource *res;
};

static int match_window(struct device *dev, void *data)
{
	struct cxl_root_decoder *cxlrd;
	struct window *window = data;

	if (!is_root_decoder(dev))
		return 0;

	cxlrd = to_cxl_root_decoder(dev);
	if (!range_contains(&cxlrd->cxlsd.cxld.hpa_range, window->range))
		return 0;
	/* NULL unless the window is set up */
	window->res = cxlrd->res;
	return 1;
}

static int ownership_yield(const struct range *range, struct resource *entry)
{
	struct window window = { .range = range };
	struct cxl_region *cxlr;

	lockdep_assert_held_write(&cxl_region_rwsem);

	list_for_each_entry(cxlr, &cxl_regions, hpa) {
		if (!region_overlaps(cxlr, range))
			continue;
		/*
		 * Regions set up by firmware yield. A region that was created
		 * after HMEM released the range has it until it is destroyed,
		 * with or without a claim. So does any persistent region.
		 */
		if (test_bit(CXL_REGION_F_ALLOC, &cxlr->flags) ||
		    region_is_pmem(cxlr))
			return -EBUSY;
		if (!cxlr->remnants && region_alloc_remnants(cxlr))
			return -ENOMEM;
	}

	list_for_each_entry(cxlr, &cxl_regions, hpa)
		if (region_overlaps(cxlr, range) && region_sync_iomem(cxlr, range))
			dev_warn(&cxlr->dev, "%pR does not yield: its window has no resource\n",
				 cxlr->params.res);
	if (entry->parent)
		return 0;

	/* below the window, even if the window has exactly this range */
	bus_for_each_dev(&cxl_bus_type, NULL, &window, match_window);
	return window.res ? request_resource(window.res, entry) : 0;
}

static void ownership_restore(const struct range *range)
{
	struct cxl_region *cxlr;

	lockdep_assert_held_write(&cxl_region_rwsem);

	list_for_each_entry(cxlr, &cxl_regions, hpa) {
		/* a region that did not yield is there, if there was room */
		if (region_overlaps(cxlr, range) &&
		    (cxlr->yields || !cxlr->params.res->parent) &&
		    region_sync_iomem(cxlr, NULL))
			dev_warn(&cxlr->dev, "%pR cannot be inserted\n",
				 cxlr->params.res);
	}
}

static int attach_dax_region(struct device *dev, void *data)
{
	const struct range *decided = data;
	const struct range *range;
	bool waits;

	if (dev->type != &cxl_dax_region_type)
		return 0;

	range = &to_cxl_dax_region(dev)->hpa_range;
	if (!ranges_overlap(range, decided))
		return 0;
	scoped_guard(device, dev)
		waits = to_cxl_dax_region(dev)->waits;
	/*
	 * A region that yields would be refused. If its probe was deferred, the
	 * driver core tries it again when the hmem device is bound anyway.
	 */
	if (waits && !dax_arbiter_owned_by_hmem(range) && device_attach(dev) < 0)
		dev_dbg(dev, "not attached\n");
	return 0;
}

static void ownership_attach(const struct range *range)
{
	bus_for_each_dev(&cxl_bus_type, NULL, (void *)range, attach_dax_region);
}

struct settle {
	void (*wait)(struct device *dev);
	unsigned int nr;
};

static int settle_device(struct device *dev, void *data)
{
	struct settle *settle = data;

	settle->wait(dev);
	settle->nr++;
	return 0;
}

/* A probe may add devices and queue work: repeat until no device is added */
static void ownership_settle(void (*wait)(struct device *dev))
{
	struct settle settle = { .wait = wait };
	unsigned int before;

	do {
		before = settle.nr;
		settle.nr = 0;
		cxl_bus_flush();
		bus_for_each_dev(&cxl_bus_type, NULL, &settle, settle_device);
	} while (settle.nr != before);
}

/**
 * cxl_wait_for_decision() - wait until undecided memory in a window is decided
 * @cxlr: a region that found no room in the window
 *
 * Context: From a write to sysfs, without locks. Sleeps until CXL's initial
 * probing is over. Returns early if the region is being removed, because the
 * removal waits for this write.
 * Return: 1 if something was decided, so that there may be room now, 0 if not,
 * -ERESTARTSYS if a signal is pending.
 */
int cxl_wait_for_decision(struct cxl_region *cxlr)
{
	struct cxl_root_decoder *cxlrd = to_cxl_root_decoder(cxlr->dev.parent);

	return dax_arbiter_wait(&cxlrd->cxlsd.cxld.hpa_range, &cxlr->going);
}

static const struct soft_reserve_cxl_ops cxl_ownership = {
	.owner = THIS_MODULE,
	.lock = &cxl_region_rwsem,
	.coverage = ownership_coverage,
	.yield = ownership_yield,
	.restore = ownership_restore,
	.settle = ownership_settle,
	.attach = ownership_attach,
};

/**
 * cxl_ownership_init() - register CXL with the arbiter of Soft Reserved memory
 *
 * Context: Before any region is made.
 */
void cxl_ownership_init(void)
{
	dax_arbiter_register_cxl(&cxl_ownership);
}

/**
 * cxl_ownership_exit() - undo cxl_ownership_init()
 *
 * Context: When no region is left.
 */
void cxl_ownership_exit(void)
{
	dax_arbiter_unregister_cxl(&cxl_ownership);
}
