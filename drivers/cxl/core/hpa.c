// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: addresses for a new region
 *
 * What a decoder decodes is only for the region that this decoder makes, also if
 * its device has no driver, if its region was deleted, or yields to HMEM. And the
 * decoders of a bridge ascend (see order.c), so that a new region has to be above
 * all others of its window. Where there is no room, the log names what is in the
 * way.
 *
 * Locking: cxl_region_rwsem for write.
 */
#include <linux/device.h>
#include <linux/slab.h>
#include <linux/soft_reserve.h>
#include <cxlmem.h>
#include <cxl.h>
#include "core.h"

/*
 * Does any decoder decode a part of @res? No region in iomem_resource accounts
 * for @res. @end is where the latest such decoder ends; @decoder is the first
 * one that was found, for the log.
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

	/* a root decoder is the window itself */
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
 * The lowest addresses in @window at which its bridges can decode a new region.
 * All bridges of a window decode each of its regions, and decoders ascend: a
 * new region has to be above all that is decoded now, at @all. Regions can be
 * destroyed to make room, down to @fixed: @decoder, which ends there, has no
 * region, or HMEM owns memory in it.
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
	    (!cxld->region || dax_arbiter_owned_by_hmem(&cxld->hpa_range))) {
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

struct skipped {
	struct resource *res;
	struct skipped *next;
};

/* Allocate addresses in @window, not below @start, that no decoder decodes */
static struct resource *find_hpa(struct resource *window, u64 start,
				 resource_size_t size, const char *name,
				 struct decoded *decoded)
{
	struct skipped *skipped = NULL, *skip;
	struct resource *res;

	if (start > window->end)
		return ERR_PTR(-ERANGE);

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

		/* reserved while the search goes on: not to be found again */
		skip = kmalloc(sizeof(*skip), GFP_KERNEL);
		if (!skip) {
			remove_resource(res);
			kfree(res);
			res = ERR_PTR(-ENOMEM);
			break;
		}
		*skip = (struct skipped) { .res = res, .next = skipped };
		skipped = skip;
		adjust_resource(res, res->start,
				min(decoded->end, window->end) - res->start + 1);
	}

	while ((skip = skipped)) {
		skipped = skip->next;
		remove_resource(skip->res);
		kfree(skip->res);
		kfree(skip);
	}
	return res;
}

/* There is no room at @fixed or above: is there any below, of no use? */
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
	const char *remedy = dax_arbiter_owned_by_hmem(range) ?
		"HMEM owns memory there, unbind its hmem device first" :
		"bind the memdevs that decode it and destroy their region, or unplug them";

	dev_warn(decoder, "[mem %#010llx-%#010llx] is in the way of %s%s: %s\n",
		 range->start, range->end, name, why, remedy);
}

/* No decoder is in the way in this window: name memory that HMEM owns */
static void warn_hmem(const struct above *above, const char *name)
{
	const struct range window = { above->window->start, above->window->end };
	const struct range *hmem;

	guard(dax_arbiter)();
	hmem = dax_arbiter_next_hmem(&window);
	if (hmem && above->cxlrd)
		dev_warn(&above->cxlrd->cxlsd.cxld.dev, "[mem %#010llx-%#010llx] is in the way of %s: HMEM owns it, unbind its hmem device to free it\n",
			 hmem->start, hmem->end, name);
}

/**
 * cxl_alloc_hpa() - find host physical addresses for a region
 * @window: resource of the CXL window
 * @size: in bytes
 * @name: name of the region
 *
 * Addresses that a committed decoder decodes are never taken. They are only for
 * the region that is assembled from that decoder, even if its device has no
 * driver, or if its region was deleted or could not be inserted in
 * iomem_resource. Decoders ascend, so addresses are taken above all that the
 * bridges of the window decode. If there is no room, they may be below a
 * region: the new region can be attached only after that one is destroyed.
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

	/* undecided memory may be free after the decision */
	if (res == ERR_PTR(-ERANGE))
		dax_arbiter_request_decision(&range);
	return res;
}
