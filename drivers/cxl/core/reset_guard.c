// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: decoders stay committed while somebody uses what they decode
 *
 * When the decoders of a region are reset, its addresses have no memory any
 * more. So a reset is refused, before anything is touched, while the range is
 * in use (see dax_range_check_idle()). It cannot be refused when a driver is
 * unbound or a device is removed: the decoders stay committed then, and the
 * region is *parked*. A parked region waits for its targets like one that
 * firmware set up, and is assembled again when their drivers are bound again.
 *
 * A region's decoders may also be pinned: one of them is locked, or a
 * higher-numbered decoder of the same device is committed. The decoders of a
 * device divide its capacity among them in order (CXL 3.1 section 8.2.4.20.12).
 * A reset would move the data that the higher-numbered decoders decode to other
 * addresses, even while a program uses it.
 *
 * Locking: cxl_region_rwsem is held for write everywhere in this file.
 */
#include <linux/device.h>
#include <linux/soft_reserve.h>
#include <trace/events/soft_reserve.h>
#include <cxlmem.h>
#include <cxl.h>
#include "core.h"

static enum dax_claim_kind own_claim(const struct cxl_region *cxlr)
{
	return cxlr->mode == CXL_DECODER_PMEM ? DAX_CLAIM_PMEM : DAX_CLAIM_CXL;
}

static bool region_range_in_use(struct cxl_region *cxlr, const char *outcome)
{
	const struct range range = cxl_region_range(cxlr);

	return dax_range_check_idle(&cxlr->dev, &range, own_claim(cxlr), outcome);
}

struct upper {
	struct cxl_region *cxlr;
	const struct cxl_decoder *lower;
	const char *outcome;
};

static int upper_pins(struct device *dev, void *data)
{
	struct upper *upper = data;
	struct cxl_decoder *cxld;

	if (!is_endpoint_decoder(dev))
		return 0;

	cxld = to_cxl_decoder(dev);
	if (cxld->id <= upper->lower->id || !(cxld->flags & CXL_DECODER_F_ENABLE))
		return 0;

	if (cxld->region)
		dev_warn(&upper->cxlr->dev, "%pR %s: %s of %s has to be reset before %s, destroy %s first\n",
			 upper->cxlr->params.res, upper->outcome, dev_name(dev),
			 dev_name(&cxld->region->dev), dev_name(&upper->lower->dev),
			 dev_name(&cxld->region->dev));
	else
		dev_warn(&upper->cxlr->dev, "%pR %s: %s has to be reset before %s, and decodes %#llx-%#llx, whose region is not assembled\n",
			 upper->cxlr->params.res, upper->outcome, dev_name(dev),
			 dev_name(&upper->lower->dev), cxld->hpa_range.start,
			 cxld->hpa_range.end);
	return 1;
}

/* In @port. A parked region lists its targets, but no port lists the region */
static struct cxl_decoder *decoder_of(struct cxl_port *port, struct cxl_region *cxlr,
				      struct cxl_endpoint_decoder *cxled)
{
	struct cxl_region_ref *cxl_rr;

	if (port == cxled_to_port(cxled))
		return &cxled->cxld;
	cxl_rr = xa_load(&port->regions, (unsigned long)cxlr);
	return cxl_rr ? cxl_rr->decoder : NULL;
}

/**
 * cxl_target_pinned() - are the decoders in front of a target pinned
 * @cxlr: the region
 * @cxled: the target
 * @outcome: what happens to the region's range if so, for the log
 *
 * Context: cxl_region_rwsem is held for write.
 * Return: true if one of them must not be reset: it is locked, or a
 * higher-numbered decoder of the same device is committed. The log says which.
 */
bool cxl_target_pinned(struct cxl_region *cxlr, struct cxl_endpoint_decoder *cxled,
		       const char *outcome)
{
	struct upper upper = {
		.cxlr = cxlr, .lower = &cxled->cxld, .outcome = outcome,
	};
	struct cxl_port *iter, *port = cxled_to_port(cxled);

	lockdep_assert_held_write(&cxl_region_rwsem);

	for (iter = port; !is_cxl_root(iter); iter = to_cxl_port(iter->dev.parent)) {
		struct cxl_decoder *cxld = decoder_of(iter, cxlr, cxled);

		if (!cxld || !(cxld->flags & CXL_DECODER_F_LOCK))
			continue;
		dev_warn(&cxlr->dev, "%pR %s: %s is locked\n", cxlr->params.res,
			 outcome, dev_name(&cxld->dev));
		return true;
	}

	if (device_for_each_child(&port->dev, &upper, upper_pins))
		return true;
	/* parked: it stays committed, though its device was removed */
	if (port->commit_end > cxled->cxld.id) {
		dev_warn(&cxlr->dev, "%pR %s: a higher-numbered decoder than %s is committed\n",
			 cxlr->params.res, outcome, dev_name(&cxled->cxld.dev));
		return true;
	}
	return false;
}

static bool region_in_use(struct cxl_region *cxlr, const char *outcome)
{
	struct cxl_region_params *p = &cxlr->params;

	if (region_range_in_use(cxlr, outcome))
		return true;
	for (int i = 0; i < p->interleave_ways; i++)
		if (p->targets[i] && cxl_target_pinned(cxlr, p->targets[i], outcome))
			return true;
	return false;
}

/**
 * cxl_region_check_commit() - may the decoders of a region be committed
 * @cxlr: the region
 *
 * Context: cxl_region_rwsem is held for write.
 * Return: 0, or -EBUSY if its range is in use, or it is about to be reset.
 */
int cxl_region_check_commit(struct cxl_region *cxlr)
{
	lockdep_assert_held_write(&cxl_region_rwsem);

	if (cxlr->params.state == CXL_CONFIG_RESET_PENDING) {
		dev_warn(&cxlr->dev, "%pR is not committed: it is being reset, try again\n",
			 cxlr->params.res);
		return -EBUSY;
	}
	return region_range_in_use(cxlr, "is not committed") ? -EBUSY : 0;
}

/**
 * cxl_region_check_reset() - may the decoders of a region be reset
 * @cxlr: the region
 *
 * Context: cxl_region_rwsem is held for write.
 * Return: 0, or -EBUSY if its range is in use or its decoders are pinned.
 */
int cxl_region_check_reset(struct cxl_region *cxlr)
{
	lockdep_assert_held_write(&cxl_region_rwsem);

	if (cxlr->params.state <= CXL_CONFIG_ACTIVE)
		return 0;
	return region_in_use(cxlr, "is not reset") ? -EBUSY : 0;
}

/**
 * cxl_region_park() - leave decoders committed if they must not be reset
 * @cxlr: the region, committed, no driver is bound
 *
 * For callers that cannot refuse the reset.
 *
 * Context: cxl_region_rwsem is held for write.
 * Return: true if the region is parked now and its decoders stay committed.
 */
bool cxl_region_park(struct cxl_region *cxlr)
{
	struct cxl_region_params *p = &cxlr->params;
	const struct range range = cxl_region_range(cxlr);

	lockdep_assert_held_write(&cxl_region_rwsem);

	if (!region_in_use(cxlr, "stays committed"))
		return false;
	trace_soft_reserve_reset_skipped(&range, dev_name(&cxlr->dev));
	cxl_region_detach_ports(cxlr);

	/* from now on, assemble it from its decoders, like a firmware region */
	set_bit(CXL_REGION_F_AUTO, &cxlr->flags);
	p->state = CXL_CONFIG_INTERLEAVE_ACTIVE;
	return true;
}

/**
 * cxl_region_check_detach() - may a target be detached from a region
 * @cxlr: the region
 * @cxled: the target
 *
 * Context: cxl_region_rwsem is held for write.
 * Return: 0, or -EBUSY if the region waits for other targets and this one
 * decodes its range already, or if its decoders must not be reset.
 */
int cxl_region_check_detach(struct cxl_region *cxlr,
			    struct cxl_endpoint_decoder *cxled)
{
	lockdep_assert_held_write(&cxl_region_rwsem);

	if (!cxled->cxld.region && cxled->cxld.flags & CXL_DECODER_F_ENABLE) {
		dev_warn(&cxlr->dev, "%s is not detached: it decodes %pR, unbind its memdev or delete the region instead\n",
			 dev_name(&cxled->cxld.dev), cxlr->params.res);
		return -EBUSY;
	}
	return cxl_region_check_reset(cxlr);
}

/**
 * cxl_region_was_reset() - no decoder decodes a region's addresses any more
 * @cxlr: the region
 *
 * Context: cxl_region_rwsem is held for write.
 */
void cxl_region_was_reset(struct cxl_region *cxlr)
{
	const struct range range = cxl_region_range(cxlr);

	lockdep_assert_held_write(&cxl_region_rwsem);

	/* it was parked: that does not make it a region set up by firmware */
	if (test_bit(CXL_REGION_F_ALLOC, &cxlr->flags))
		clear_bit(CXL_REGION_F_AUTO, &cxlr->flags);
	dax_arbiter_decoders_reset(&range);
}
