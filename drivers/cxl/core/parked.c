// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: a region that waits for its targets is deleted
 *
 * No decoder has a pointer to a region that is parked or was never complete, so
 * unregister_region() resets none. If one of its devices never comes back, the
 * region is not assembled again: its addresses, and the capacity of the other
 * devices in it, would be lost until reboot.
 *
 * So a write to delete_region first resets the decoders that are still
 * committed for it. The write is refused if the memory is in use, or if a
 * decoder must not be reset. The removal of a window with its regions cannot be
 * refused: the decoders stay committed, and the region is assembled again when
 * the drivers are bound again.
 *
 * Locking: cxl_region_rwsem is held for write.
 */
#include <linux/device.h>
#include <cxlmem.h>
#include <cxl.h>
#include "core.h"

/* A bridge with a locked decoder would still send accesses to the devices */
static int match_locked(struct device *dev, void *data)
{
	const struct cxl_decoder *cxld;
	struct cxl_region *cxlr = data;

	if (!is_switch_decoder(dev) || is_root_decoder(dev))
		return 0;

	cxld = to_cxl_decoder(dev);
	if (!(cxld->flags & CXL_DECODER_F_LOCK) ||
	    cxld->hpa_range.start != cxlr->params.res->start ||
	    cxld->hpa_range.end != cxlr->params.res->end)
		return 0;
	dev_warn(&cxlr->dev, "%pR is not reset: %s is locked\n", cxlr->params.res,
		 dev_name(dev));
	return 1;
}

static int check_parked(struct cxl_region *cxlr)
{
	const struct range range = cxl_region_range(cxlr);
	struct cxl_region_params *p = &cxlr->params;

	if (cxl_range_in_use(&cxlr->dev, &range, "is not reset") ||
	    bus_for_each_dev(&cxl_bus_type, NULL, cxlr, match_locked))
		return -EBUSY;
	for (int i = 0; i < p->interleave_ways; i++)
		if (p->targets[i] &&
		    cxl_target_pinned(cxlr, p->targets[i], "is not reset"))
			return -EBUSY;
	return 0;
}

static void unlock_targets(struct device **ports, int nr)
{
	while (nr--)
		device_unlock(ports[nr]);
}

/*
 * Lock the ports of all targets, so that neither they nor their decoders are
 * removed. Returns how many, or -EBUSY.
 */
static int trylock_targets(struct cxl_region *cxlr, struct device **ports)
{
	struct cxl_region_params *p = &cxlr->params;
	int nr = 0;

	for (int i = 0; i < p->interleave_ways; i++) {
		struct device *port;

		if (!p->targets[i])
			continue;
		/* only tried: device locks are outer to cxl_region_rwsem */
		port = p->targets[i]->cxld.dev.parent;
		if (device_trylock(port)) {
			ports[nr++] = port;
			if (port->driver)
				continue;
		}
		unlock_targets(ports, nr);
		dev_warn(&cxlr->dev, "%pR is not reset: %s comes or goes just now, try again\n",
			 cxlr->params.res, dev_name(port));
		return -EBUSY;
	}
	return nr;
}

/**
 * cxl_region_reset_parked() - reset a region that waits for targets
 * @cxlr: the region, which is about to be deleted
 *
 * Each target that the region has is removed from it, its decoder is reset and
 * its capacity freed. Decoders of the ports in front of them are reset too,
 * unless another device may use them. Does nothing if the region does not wait
 * for targets.
 *
 * Context: cxl_region_rwsem is held for write.
 * Return: 0, or -EBUSY if its range is in use, its decoders are pinned, or the
 * driver of a target is being bound or unbound: nothing is touched then.
 */
int cxl_region_reset_parked(struct cxl_region *cxlr)
{
	struct device *ports[CXL_DECODER_MAX_INTERLEAVE];
	struct cxl_region_params *p = &cxlr->params;
	bool was_reset = false;
	int nr, rc;

	lockdep_assert_held_write(&cxl_region_rwsem);

	if (!test_bit(CXL_REGION_F_AUTO, &cxlr->flags) ||
	    p->state != CXL_CONFIG_INTERLEAVE_ACTIVE)
		return 0;

	rc = check_parked(cxlr);
	if (rc)
		return rc;
	nr = trylock_targets(cxlr, ports);
	if (nr < 0)
		return nr;

	if (p->nr_targets)
		cxl_region_invalidate_memregion(cxlr);
	/* from the last one on: cxl_region_remove_target() moves those behind it up */
	for (int i = p->interleave_ways; i--; ) {
		struct cxl_endpoint_decoder *cxled = p->targets[i];

		if (!cxled || cxled->cxld.region)
			continue;
		cxl_region_remove_target(cxled);
		cxled->cxld.reset(&cxled->cxld);
		cxled->cxld.hpa_range = (struct range) {
			.start = 0,
			.end = -1,
		};
		/* refused if a higher-numbered one has any: up to the user */
		cxl_dpa_free(cxled);
		was_reset = true;
	}
	unlock_targets(ports, nr);
	cxl_reset_unused_decoders(cxlr);
	if (was_reset)
		cxl_region_was_reset(cxlr);
	return 0;
}
