// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: decoders ascend
 *
 * The decoders of a port are committed in order, each at higher addresses than
 * the one before (CXL 3.1 section 8.2.4.20.12). A region needs a new decoder in
 * each port between its window and its devices, which comes after all that are
 * committed there. Those count, too, that no region has: of a device without a
 * driver, or of a set that is not complete.
 *
 * Locking: cxl_region_rwsem for write.
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

/* One that was reset while a higher-numbered one of its port stayed committed */
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

/* A decoder of @port that has to be reset before that can have one for @range */
static struct device *find_obstacle(struct cxl_port *port, struct range *range)
{
	struct device *dev = device_find_child(&port->dev, range, match_not_below);

	if (dev)
		return dev;
	dev = device_find_child(&port->dev, port, match_gap);
	if (!dev)
		return NULL;
	put_device(dev);
	return device_find_child(&port->dev, port, match_last);
}

/**
 * cxl_port_check_order() - can a port have a decoder for a region that is new
 * @port: the port
 * @cxlr: the region, which has its addresses
 *
 * Context: cxl_region_rwsem is held for write.
 * Return: 0, or -EBUSY if a decoder is in the way, which the log names.
 */
int cxl_port_check_order(struct cxl_port *port, struct cxl_region *cxlr)
{
	struct range range = cxl_region_range(cxlr);
	const struct range *has;
	struct device *dev;

	lockdep_assert_held_write(&cxl_region_rwsem);

	dev = find_obstacle(port, &range);
	if (!dev)
		return 0;

	has = &to_cxl_decoder(dev)->hpa_range;
	dev_warn(&cxlr->dev, "%pR is not attached to %s: %s decodes [mem %#010llx-%#010llx], and decoders ascend: free that first, or take a window above it\n",
		 cxlr->params.res, dev_name(&port->dev), dev_name(dev), has->start,
		 has->end);
	put_device(dev);
	return -EBUSY;
}
