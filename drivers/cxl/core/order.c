// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: decoders ascend
 *
 * The decoders of a port are committed in order, each at higher addresses than
 * the one before (CXL 3.1 section 8.2.4.20.12). A new region needs a new
 * decoder in each port between its window and its devices, so its addresses
 * have to be above all that is decoded there. That includes decoders without a
 * region: their device has no driver, or their interleave set is incomplete.
 *
 * Locking: cxl_region_rwsem is held for write.
 */
#include <linux/device.h>
#include <cxlmem.h>
#include <cxl.h>
#include "core.h"

static int match_not_below(struct device *dev, void *data)
{
	const struct cxl_decoder *cxld;
	const struct range *range = data;

	if (!is_switch_decoder(dev) && !is_endpoint_decoder(dev))
		return 0;

	cxld = to_cxl_decoder(dev);
	return cxld->flags & CXL_DECODER_F_ENABLE &&
	       cxld->hpa_range.end >= range->start;
}

/* A decoder that was reset while a higher-numbered one stayed committed */
static int match_gap(struct device *dev, void *data)
{
	const struct cxl_port *port = data;
	const struct cxl_decoder *cxld;

	if (!is_switch_decoder(dev))
		return 0;

	cxld = to_cxl_decoder(dev);
	return cxld->id < port->commit_end &&
	       !(cxld->flags & CXL_DECODER_F_ENABLE);
}

static int match_last(struct device *dev, void *data)
{
	const struct cxl_port *port = data;

	return is_switch_decoder(dev) &&
	       to_cxl_decoder(dev)->id == port->commit_end;
}

/*
 * The decoder that has to be reset before @port can have a new one for @range, in
 * @gap the one that is missing below it, or NULL. Both have a reference.
 */
static struct device *find_obstacle(struct cxl_port *port, struct range *range,
				    struct device **gap)
{
	struct device *dev = device_find_child(&port->dev, range, match_not_below);

	*gap = NULL;
	if (dev)
		return dev;
	*gap = device_find_child(&port->dev, port, match_gap);
	return *gap ? device_find_child(&port->dev, port, match_last) : NULL;
}

/**
 * cxl_port_check_order() - can a port have a decoder for a new region
 * @port: the port
 * @cxlr: the region, its addresses are allocated
 *
 * Context: cxl_region_rwsem is held for write.
 * Return: 0, or -EBUSY if a decoder is in the way. The log names it.
 */
int cxl_port_check_order(struct cxl_port *port, struct cxl_region *cxlr)
{
	struct range range = cxl_region_range(cxlr);
	struct device *dev, *gap;
	const struct range *has;

	lockdep_assert_held_write(&cxl_region_rwsem);

	dev = find_obstacle(port, &range, &gap);
	if (!dev) {
		put_device(gap);
		return 0;
	}

	has = &to_cxl_decoder(dev)->hpa_range;
	if (gap)
		dev_warn(&cxlr->dev, "%pR is not attached to %s: %s was reset while %s decodes [mem %#010llx-%#010llx], free that first\n",
			 cxlr->params.res, dev_name(&port->dev), dev_name(gap),
			 dev_name(dev), has->start, has->end);
	else
		dev_warn(&cxlr->dev, "%pR is not attached to %s: %s decodes [mem %#010llx-%#010llx], and decoders ascend: free that first, or take a window above it\n",
			 cxlr->params.res, dev_name(&port->dev), dev_name(dev),
			 has->start, has->end);
	put_device(gap);
	put_device(dev);
	return -EBUSY;
}
