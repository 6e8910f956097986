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

	/* higher-numbered ones were removed before, unless they are parked */
	if (cxled->mode == CXL_DECODER_DEAD && port->commit_end > cxled->cxld.id) {
		dev_warn(&cxlr->dev, "%pR %s: a higher-numbered decoder than %s is committed\n",
			 cxlr->params.res, outcome, dev_name(&cxled->cxld.dev));
		return true;
	}
	return device_for_each_child(&port->dev, &upper, upper_pins);
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
 * cxl_region_release_driver() - unbind the driver of a region before a reset
 * @cxlr: the region, committed; the caller has a reference
 *
 * The lock is dropped meanwhile: others may reset, park, commit or bind the
 * region. If its state is CXL_CONFIG_RESET_PENDING afterwards, no driver is
 * bound, and none can bind until the state changes. Any other state was set by
 * somebody else meanwhile.
 *
 * Context: cxl_region_rwsem is held for write.
 * Return: true if there was a driver.
 */
bool cxl_region_release_driver(struct cxl_region *cxlr)
{
	struct cxl_region_params *p = &cxlr->params;
	bool bound = false;

	lockdep_assert_held_write(&cxl_region_rwsem);

	do {
		bound |= !!READ_ONCE(cxlr->dev.driver);
		p->state = CXL_CONFIG_RESET_PENDING;
		up_write(&cxl_region_rwsem);
		device_release_driver(&cxlr->dev);
		down_write(&cxl_region_rwsem);
	} while (p->state == CXL_CONFIG_RESET_PENDING &&
		 READ_ONCE(cxlr->dev.driver));

	return bound;
}

/**
 * cxl_region_detach_ports() - detach a region from the ports of all its targets
 * @cxlr: the region, none of its targets is missing
 *
 * The decoders and the list of targets are not changed.
 *
 * Context: cxl_region_rwsem is held for write.
 */
void cxl_region_detach_ports(struct cxl_region *cxlr)
{
	struct cxl_region_params *p = &cxlr->params;

	lockdep_assert_held_write(&cxl_region_rwsem);

	for (int i = 0; i < p->interleave_ways; i++) {
		struct cxl_endpoint_decoder *cxled = p->targets[i];
		struct cxl_port *iter;

		for (iter = cxled_to_port(cxled); !is_cxl_root(iter);
		     iter = to_cxl_port(iter->dev.parent))
			cxl_port_detach_region(iter, cxlr, cxled);
	}
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
 * cxl_region_remove_target() - remove a target from the region that lists it
 * @cxled: the target
 *
 * Only for regions that wait for more targets: no decoder points to them.
 *
 * Context: cxl_region_rwsem is held for write.
 */
void cxl_region_remove_target(struct cxl_endpoint_decoder *cxled)
{
	struct cxl_region *cxlr;

	lockdep_assert_held_write(&cxl_region_rwsem);

	list_for_each_entry(cxlr, &cxl_regions, hpa) {
		struct cxl_region_params *p = &cxlr->params;
		int i = 0;

		if (!test_bit(CXL_REGION_F_AUTO, &cxlr->flags) ||
		    p->state != CXL_CONFIG_INTERLEAVE_ACTIVE)
			continue;
		while (i < p->nr_targets && p->targets[i] != cxled)
			i++;
		if (i == p->nr_targets)
			continue;

		/* a new target is appended at index nr_targets: leave no gap */
		for (p->nr_targets--; i < p->nr_targets; i++) {
			p->targets[i] = p->targets[i + 1];
			p->targets[i]->pos = i;
		}
		p->targets[i] = NULL;
		return;
	}
}

/**
 * cxl_region_check_free() - may the addresses of a region be given up
 * @cxlr: the region, which is not active
 *
 * Context: cxl_region_rwsem is held for write.
 * Return: 0, or -EBUSY if a target still decodes them.
 */
int cxl_region_check_free(struct cxl_region *cxlr)
{
	struct cxl_region_params *p = &cxlr->params;

	lockdep_assert_held_write(&cxl_region_rwsem);

	for (int i = 0; i < ARRAY_SIZE(p->targets); i++) {
		struct cxl_endpoint_decoder *cxled = p->targets[i];

		if (!cxled || !(cxled->cxld.flags & CXL_DECODER_F_ENABLE))
			continue;
		dev_warn(&cxlr->dev, "%pR is not freed: %s decodes it, delete the region instead\n",
			 p->res, dev_name(&cxled->cxld.dev));
		return -EBUSY;
	}
	return 0;
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
