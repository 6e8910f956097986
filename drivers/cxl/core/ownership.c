// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: who owns Soft Reserved memory, the part of CXL
 *
 * CXL's regions and HMEM may both want a range that firmware has marked Soft
 * Reserved. kernel/soft_reserve.c decides. Here it learns which ranges regions
 * serve, and here regions yield to HMEM: what they overlap of its memory leaves
 * iomem_resource, so that it is HMEM's alone there. The region stays, its
 * decoders are not touched, and what lies outside of HMEM's memory stays
 * reserved, for these decoders still decode it. Once HMEM lets go, the region is
 * back.
 *
 * A region that yields keeps its params.res, which others read for its bounds;
 * only the link into iomem_resource goes. In its place are the resources of
 * cxlr->rest.
 *
 * Locking: cxl_region_rwsem for write for the list of regions, and for what they
 * look like in iomem_resource; inside of it soft_reserve_lock() for what is
 * HMEM's.
 */
#include <linux/device.h>
#include <linux/list.h>
#include <linux/pgtable.h>
#include <linux/slab.h>
#include <linux/soft_reserve.h>
#include <linux/xarray.h>
#include <trace/events/soft_reserve.h>
#include <cxlmem.h>
#include <cxl.h>
#include "core.h"

/* What is left of a region in iomem_resource while it yields */
struct cxl_region_rest {
	struct cxl_region_rest *next;
	struct resource res;
};

/*
 * Regions that have a params.res. Not those on the bus: a region that is being
 * removed has its place in iomem_resource for a while longer.
 */
LIST_HEAD(cxl_regions);

static void unlink_resource(struct resource *res)
{
	if (!res->parent)
		return;
	remove_resource(res);
	/* what was below is above now, and must not come back with it */
	res->child = NULL;
}

/**
 * cxl_region_range() - host physical addresses of a region
 * @cxlr: the region, its params.res is set
 *
 * Context: cxl_region_rwsem is held, or the region is committed.
 * Return: the range.
 */
struct range cxl_region_range(const struct cxl_region *cxlr)
{
	const struct resource *res = cxlr->params.res;

	return (struct range) { res->start, res->end };
}

static void region_unlink(struct cxl_region *cxlr)
{
	struct cxl_region_rest *rest;

	unlink_resource(cxlr->params.res);
	for (rest = cxlr->rest; rest; rest = rest->next)
		unlink_resource(&rest->res);
}

static void region_free_rest(struct cxl_region *cxlr)
{
	struct cxl_region_rest *rest = cxlr->rest, *next;

	for (; rest; rest = next) {
		next = rest->next;
		unlink_resource(&rest->res);
		kfree(rest);
	}
	cxlr->rest = NULL;
}

/*
 * There is a rest between any two of HMEM's ranges, and at either end. Allocate
 * that many before anything changes, since on the way back nothing may fail.
 */
static int region_alloc_rest(struct cxl_region *cxlr)
{
	struct range range = cxl_region_range(cxlr);
	struct cxl_region_rest *rest = cxlr->rest;
	const struct range *hmem;
	unsigned int need = 1;

	while ((hmem = soft_reserve_next_hmem(&range))) {
		need++;
		if (hmem->end >= range.end)
			break;
		range.start = hmem->end + 1;
	}

	for (; rest && need; rest = rest->next)
		need--;
	for (; need; need--) {
		rest = kzalloc(sizeof(*rest), GFP_KERNEL);
		if (!rest)
			return -ENOMEM;
		rest->next = cxlr->rest;
		cxlr->rest = rest;
	}
	return 0;
}

static struct cxl_region_rest *
region_insert_rest(struct cxl_region *cxlr, struct resource *window,
		   struct cxl_region_rest *rest, u64 start, u64 end)
{
	/* more of it has become HMEM's: as it claims that, there will be more */
	if (!rest)
		return NULL;

	rest->res = DEFINE_RES_MEM_NAMED(start, end - start + 1,
					 dev_name(&cxlr->dev));
	if (insert_resource(window, &rest->res))
		dev_warn(&cxlr->dev, "%pR cannot be reserved\n", &rest->res);
	return rest->next;
}

/* Make iomem_resource show what is the region's and not HMEM's */
static int region_reflect(struct cxl_region *cxlr)
{
	struct cxl_root_decoder *cxlrd = to_cxl_root_decoder(cxlr->dev.parent);
	struct resource *res = cxlr->params.res;
	struct range range = cxl_region_range(cxlr);
	struct cxl_region_rest *rest = cxlr->rest;
	const struct range *hmem;

	lockdep_assert_held_write(&cxl_region_rwsem);

	if (!cxlrd->res)
		return -ENXIO;

	region_unlink(cxlr);
	hmem = soft_reserve_next_hmem(&range);
	if (!hmem) {
		if (cxlr->yields)
			trace_soft_reserve_restore(&range, dev_name(&cxlr->dev));
		cxlr->yields = false;
		region_free_rest(cxlr);
		return insert_resource(cxlrd->res, res);
	}

	if (!cxlr->yields)
		trace_soft_reserve_yield(&range, dev_name(&cxlr->dev));
	cxlr->yields = true;
	for (; hmem; hmem = soft_reserve_next_hmem(&range)) {
		if (hmem->start > range.start)
			rest = region_insert_rest(cxlr, cxlrd->res, rest,
						  range.start, hmem->start - 1);
		if (hmem->end >= range.end)
			return 0;
		range.start = hmem->end + 1;
	}
	region_insert_rest(cxlr, cxlrd->res, rest, range.start, range.end);
	return 0;
}

/**
 * cxl_region_track() - a region has host physical addresses
 * @cxlr: the region, its params.res has just been set
 *
 * Context: cxl_region_rwsem is held for write.
 */
void cxl_region_track(struct cxl_region *cxlr)
{
	lockdep_assert_held_write(&cxl_region_rwsem);
	list_add_tail(&cxlr->hpa, &cxl_regions);
}

/**
 * cxl_region_untrack() - undo cxl_region_track()
 * @cxlr: the region, its params.res is about to go
 *
 * Context: cxl_region_rwsem is held for write.
 */
void cxl_region_untrack(struct cxl_region *cxlr)
{
	lockdep_assert_held_write(&cxl_region_rwsem);
	list_del(&cxlr->hpa);
	region_free_rest(cxlr);
	cxlr->yields = false;
}

/**
 * cxl_region_insert() - show a region that was found in iomem_resource
 * @cxlr: the region, its params.res has just been set
 *
 * Whatever of it is HMEM's already is left out: the region comes too late.
 *
 * Context: cxl_region_rwsem is held for write.
 * Return: 0, -EBUSY if there is something in its place, -ENXIO if its window has
 * no resource, -ENOMEM.
 */
int cxl_region_insert(struct cxl_region *cxlr)
{
	const struct range range = cxl_region_range(cxlr);
	int rc = 0;

	cxl_region_track(cxlr);
	soft_reserve_lock();
	if (soft_reserve_next_hmem(&range)) {
		dev_info(&cxlr->dev, "%pR overlaps memory of HMEM, which keeps it: unbind its hmem device to free it\n",
			 cxlr->params.res);
		rc = region_alloc_rest(cxlr);
	}
	if (rc)
		region_free_rest(cxlr);
	else
		rc = region_reflect(cxlr);
	soft_reserve_unlock();

	return rc;
}

/**
 * cxl_range_yields() - has a region to do without some of its range
 * @range: that of the region
 *
 * Context: Process context, may sleep.
 * Return: true if HMEM owns a part of it.
 */
bool cxl_range_yields(const struct range *range)
{
	bool yields;

	soft_reserve_lock();
	yields = soft_reserve_next_hmem(range);
	soft_reserve_unlock();

	return yields;
}

/*
 * A decoder, the first that was seen, decodes something of @res, up to @end: what no
 * region is seen to have in iomem_resource, which @res does not overlap.
 */
struct decoded {
	const struct resource *res;
	struct device *decoder;
	u64 end;
};

static int match_decoded(struct device *dev, void *data)
{
	struct decoded *decoded = data;
	struct cxl_decoder *cxld;

	/* a root decoder is the window */
	if (is_root_decoder(dev) ||
	    !(is_switch_decoder(dev) || is_endpoint_decoder(dev)))
		return 0;

	cxld = to_cxl_decoder(dev);
	if (!(cxld->flags & CXL_DECODER_F_ENABLE) ||
	    cxld->hpa_range.start > decoded->res->end ||
	    cxld->hpa_range.end < decoded->res->start)
		return 0;
	decoded->end = cxld->hpa_range.end;
	if (!decoded->decoder)
		decoded->decoder = get_device(dev);
	return 1;
}

/*
 * The lowest addresses in @window that its bridges can decode, above all that they
 * decode by now (@all), and above what is not for a region that can be destroyed
 * (@fixed, by @decoder). Each region of a window is decoded by all of its bridges.
 */
struct above {
	const struct resource *window;
	const struct cxl_root_decoder *cxlrd;
	struct device *decoder;
	u64 all;
	u64 fixed;
};

static int match_root_decoder(struct device *dev, void *data)
{
	struct above *above = data;

	if (!is_root_decoder(dev) || to_cxl_root_decoder(dev)->res != above->window)
		return 0;
	above->cxlrd = to_cxl_root_decoder(dev);
	return 1;
}

static bool is_bridge_of(const struct cxl_root_decoder *cxlrd,
			 const struct cxl_port *port)
{
	for (int i = 0; i < cxlrd->cxlsd.nr_targets; i++)
		if (cxlrd->cxlsd.target[i] == port->parent_dport)
			return true;
	return false;
}

static int match_above(struct device *dev, void *data)
{
	struct above *above = data;
	struct cxl_decoder *cxld;
	u64 end;

	if (!is_switch_decoder(dev) || is_root_decoder(dev))
		return 0;

	cxld = to_cxl_decoder(dev);
	if (!(cxld->flags & CXL_DECODER_F_ENABLE) ||
	    !is_bridge_of(above->cxlrd, to_cxl_port(dev->parent)))
		return 0;

	end = cxld->hpa_range.end + 1;
	above->all = max(above->all, end);
	if (end > above->fixed &&
	    (!cxld->region || cxl_range_yields(&cxld->hpa_range))) {
		above->fixed = end;
		put_device(above->decoder);
		above->decoder = get_device(dev);
	}
	return 0;
}

static void find_above(struct above *above)
{
	above->all = above->window->start;
	above->fixed = above->window->start;
	if (bus_for_each_dev(&cxl_bus_type, NULL, above, match_root_decoder))
		bus_for_each_dev(&cxl_bus_type, NULL, above, match_above);
}

/* In @window, at @start or above, what no decoder decodes */
static struct resource *find_hpa(struct resource *window, u64 start,
				 resource_size_t size, const char *name,
				 struct decoded *decoded)
{
	struct resource *res, *skip;
	struct xarray skipped;
	unsigned long i = 0;

	if (start > window->end)
		return ERR_PTR(-ERANGE);

	xa_init(&skipped);

	while (1) {
		res = alloc_free_mem_region(window, size, SZ_256M, name);
		decoded->res = res;
		if (IS_ERR(res))
			break;
		if (res->start < start)
			decoded->end = start - 1;
		else if (!bus_for_each_dev(&cxl_bus_type, NULL, decoded,
					   match_decoded))
			break;

		/* reserve it for a moment, so that the next is further on */
		if (xa_is_err(xa_store(&skipped, i++, res, GFP_KERNEL))) {
			remove_resource(res);
			kfree(res);
			res = ERR_PTR(-ENOMEM);
			break;
		}
		adjust_resource(res, res->start,
				min(decoded->end, window->end) - res->start + 1);
	}

	xa_for_each(&skipped, i, skip) {
		remove_resource(skip);
		kfree(skip);
	}
	xa_destroy(&skipped);
	return res;
}

/* Is there room, but where a decoder that stays does not allow for another one? */
static bool room_below(struct resource *window, u64 fixed, resource_size_t size,
		       const char *name, struct decoded *decoded)
{
	struct resource *res;

	if (fixed == window->start)
		return false;

	res = find_hpa(window, window->start, size, name, decoded);
	if (IS_ERR(res))
		return false;
	remove_resource(res);
	kfree(res);
	return true;
}

static void warn_in_the_way(struct device *decoder, const char *why, const char *name)
{
	const struct range *range = &to_cxl_decoder(decoder)->hpa_range;
	const char *remedy = cxl_range_yields(range) ?
		"HMEM owns memory there, unbind its hmem device first" :
		"bind the memdevs that decode it and destroy their region, or unplug them";

	dev_warn(decoder, "[mem %#010llx-%#010llx] is in the way of %s%s: %s\n",
		 range->start, range->end, name, why, remedy);
}

/* Nothing of CXL is in the way in this window */
static void warn_hmem(const struct above *above, const char *name)
{
	const struct range window = { above->window->start, above->window->end };
	const struct range *hmem;

	soft_reserve_lock();
	hmem = soft_reserve_next_hmem(&window);
	if (hmem && above->cxlrd)
		dev_warn(&above->cxlrd->cxlsd.cxld.dev, "[mem %#010llx-%#010llx] is in the way of %s: HMEM owns it, unbind its hmem device to free it\n",
			 hmem->start, hmem->end, name);
	soft_reserve_unlock();
}

/**
 * cxl_alloc_hpa() - find host physical addresses for a region
 * @window: resource of the CXL window
 * @size: in bytes
 * @name: name of the region
 *
 * What a decoder decodes, though its device cannot be driven, or its region is
 * gone or found no place in iomem_resource, is only for the region that this
 * decoder makes. Addresses are taken above all that the bridges of the window
 * decode, since their decoders ascend. If there is no room, they may be below what
 * a region has: then the new one cannot be attached before that is destroyed.
 *
 * Context: cxl_region_rwsem is held for write.
 * Return: a resource in @window, allocated with kmalloc(), or an error pointer:
 * -ERANGE if there is no room, -ENOMEM.
 */
struct resource *cxl_alloc_hpa(struct resource *window, resource_size_t size,
			       const char *name)
{
	const struct range range = { window->start, window->end };
	struct above above = { .window = window };
	struct decoded decoded = { };
	struct resource *res;

	lockdep_assert_held_write(&cxl_region_rwsem);

	find_above(&above);
	res = find_hpa(window, above.all, size, name, &decoded);
	if (res == ERR_PTR(-ERANGE) && above.fixed < above.all)
		res = find_hpa(window, above.fixed, size, name, &decoded);

	if (res == ERR_PTR(-ERANGE)) {
		if (room_below(window, above.fixed, size, name, &decoded))
			warn_in_the_way(above.decoder, ", since decoders ascend", name);
		else if (decoded.decoder)
			warn_in_the_way(decoded.decoder, "", name);
		else
			warn_hmem(&above, name);
	}
	put_device(decoded.decoder);
	put_device(above.decoder);

	/* what is held for nobody yet may be free once that is decided */
	if (res == ERR_PTR(-ERANGE)) {
		soft_reserve_lock();
		soft_reserve_ask(&range);
		soft_reserve_unlock();
	}
	return res;
}

/**
 * cxl_wait_for_decision() - have what is undecided in a window decided
 * @cxlr: a region that found no room there
 *
 * Context: From a write to sysfs, sleeps, until CXL's initial probing is over, or
 * the region is removed, which waits for this write. No locks held.
 * Return: 1 if something was decided, so that there may be room now, 0 if not,
 * -ERESTARTSYS if the caller has a signal to look at.
 */
int cxl_wait_for_decision(struct cxl_region *cxlr)
{
	struct cxl_root_decoder *cxlrd = to_cxl_root_decoder(cxlr->dev.parent);

	return soft_reserve_wait(&cxlrd->cxlsd.cxld.hpa_range, &cxlr->going);
}

static void ownership_lock(void)
{
	down_write(&cxl_region_rwsem);
}

static void ownership_unlock(void)
{
	up_write(&cxl_region_rwsem);
}

/* Is there a driver, and does dax take the region? */
static bool region_served(const struct cxl_region *cxlr, const struct range *claimed)
{
	const struct range range = cxl_region_range(cxlr);

	/* a dax_region exists for bound regions of RAM only */
	if (cxlr->params.state != CXL_CONFIG_COMMIT ||
	    !soft_reserve_aligned(&range, PMD_SIZE))
		return false;
	if (claimed && range.start == claimed->start && range.end == claimed->end)
		return true;
	return cxlr->cxlr_dax && driver_find("cxl_dax_region", &cxl_bus_type);
}

/* Decoders that are committed, or were, for persistent memory; whoever drives it */
static bool region_is_pmem(const struct cxl_region *cxlr)
{
	return cxlr->mode == CXL_DECODER_PMEM &&
	       (cxlr->params.state > CXL_CONFIG_ACTIVE ||
		test_bit(CXL_REGION_F_AUTO, &cxlr->flags));
}

static int ownership_coverage(struct soft_reserve_region **coverage,
			      const struct range *claimed)
{
	struct soft_reserve_region *covers;
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

	return has.start <= range->end && has.end >= range->start;
}

/* Make iomem_resource show for all regions in @range what is HMEM's by now */
static void reflect(const struct range *range)
{
	struct cxl_region *cxlr;

	list_for_each_entry(cxlr, &cxl_regions, hpa) {
		/* what never had to yield is where it was, if it found room there */
		if (region_overlaps(cxlr, range) &&
		    (cxlr->rest || !cxlr->params.res->parent) &&
		    region_reflect(cxlr))
			dev_warn(&cxlr->dev, "%pR cannot be inserted\n",
				 cxlr->params.res);
	}
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
	if (!range_contains(&cxlrd->cxlsd.cxld.hpa_range,
			    (struct range *)window->range))
		return 0;
	/* NULL if the window is about to come */
	window->res = cxlrd->res;
	return 1;
}

static int ownership_yield(const struct range *range, struct resource *entry)
{
	struct window window = { .range = range };
	struct cxl_region *cxlr;
	int rc;

	lockdep_assert_held_write(&cxl_region_rwsem);

	list_for_each_entry(cxlr, &cxl_regions, hpa) {
		if (!region_overlaps(cxlr, range))
			continue;
		/*
		 * Firmware's regions yield. One that was made by hand since
		 * HMEM let go of the range has it until it is destroyed,
		 * claimed or not, and one that is persistent, whoever made it.
		 */
		if (test_bit(CXL_REGION_F_ALLOC, &cxlr->flags) ||
		    region_is_pmem(cxlr))
			return -EBUSY;
		rc = region_alloc_rest(cxlr);
		if (rc)
			return rc;
	}

	reflect(range);
	if (entry->parent)
		return 0;

	/* below the window, also if it has the very same range */
	bus_for_each_dev(&cxl_bus_type, NULL, &window, match_window);
	return window.res ? request_resource(window.res, entry) : 0;
}

static void ownership_restore(const struct range *range)
{
	lockdep_assert_held_write(&cxl_region_rwsem);
	reflect(range);
}

static int attach_dax_region(struct device *dev, void *data)
{
	const struct range *decided = data;
	const struct range *range;
	bool waits;

	if (dev->type != &cxl_dax_region_type)
		return 0;

	range = &to_cxl_dax_region(dev)->hpa_range;
	if (range->start > decided->end || range->end < decided->start)
		return 0;
	scoped_guard(device, dev)
		waits = to_cxl_dax_region(dev)->waits;
	/*
	 * What yields would be refused; a probe that was deferred is tried
	 * again, and refused, with the bind of the hmem device.
	 */
	if (waits && !cxl_range_yields(range) && device_attach(dev) < 0)
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

/* One probe adds devices, and queues work, that lead to others */
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

static const struct soft_reserve_peer cxl_ownership = {
	.owner = THIS_MODULE,
	.lock = ownership_lock,
	.unlock = ownership_unlock,
	.coverage = ownership_coverage,
	.yield = ownership_yield,
	.restore = ownership_restore,
	.settle = ownership_settle,
	.attach = ownership_attach,
};

/**
 * cxl_ownership_init() - have a say in who owns Soft Reserved memory
 *
 * Context: Before regions are made.
 */
void cxl_ownership_init(void)
{
	soft_reserve_register_peer(&cxl_ownership);
}

/**
 * cxl_ownership_exit() - undo cxl_ownership_init()
 *
 * Context: When no region is left.
 */
void cxl_ownership_exit(void)
{
	soft_reserve_unregister_peer(&cxl_ownership);
}
