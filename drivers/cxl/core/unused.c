// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: decoders that nobody uses any more
 *
 * A decoder of a host bridge or a switch may be committed without a region: the
 * device below it has no driver, or the region was deleted while one of its
 * devices could not be reset. If that device is then unplugged or replaced,
 * nobody else resets the decoder, and its addresses would stay reserved until
 * reboot.
 *
 * So unused decoders are reset before addresses are allocated for a region. In
 * case of doubt a decoder is used: if a region has its addresses, if an
 * endpoint decoder is committed there, if the decoders of a device below it
 * cannot be read, or if memory there is owned or in use.
 *
 * Decoders of a port are reset from the highest-numbered one down to the first
 * one that is used. A reset below that one would leave a gap, and a port with a
 * gap cannot commit any decoder. It would gain nothing either: decoders ascend,
 * so the port cannot decode those addresses again before the used decoder is
 * reset.
 *
 * Locking: cxl_region_rwsem is held for write. Under it, an endpoint decoder
 * that is not CXL_DECODER_DEAD is not removed, and neither is its device. The
 * decoders of other ports are not removed while the port's device is locked.
 * That lock is only tried, because device locks are outer to cxl_region_rwsem.
 */
#include <linux/device.h>
#include <linux/pci.h>
#include <linux/soft_reserve.h>
#include <cxlmem.h>
#include <cxlpci.h>
#include <cxl.h>
#include "core.h"

/* Endpoint decoders of @host: how many are registered, and how many it has */
struct known {
	const struct device *host;
	unsigned int nr;
	unsigned int all;
};

static int count_decoder(struct device *dev, void *data)
{
	struct cxl_endpoint_decoder *cxled;
	struct known *known = data;
	struct cxl_hdm *cxlhdm;

	if (!is_endpoint_decoder(dev))
		return 0;

	cxled = to_cxl_endpoint_decoder(dev);
	if (cxled->mode == CXL_DECODER_DEAD ||
	    cxled_to_memdev(cxled)->dev.parent != known->host)
		return 0;

	cxlhdm = dev_get_drvdata(&cxled_to_port(cxled)->dev);
	known->nr++;
	known->all = cxlhdm->decoder_count;
	return 0;
}

/* False if no driver is bound that has read them all */
static bool decoders_known(const struct device *host)
{
	struct known known = { .host = host };

	bus_for_each_dev(&cxl_bus_type, NULL, &known, count_decoder);
	return known.nr && known.nr >= known.all;
}

static bool is_behind(struct pci_dev *pdev, const struct device *port)
{
	while ((pdev = pci_upstream_bridge(pdev)))
		if (&pdev->dev == port)
			return true;
	return false;
}

static bool is_target(struct pci_dev *pdev, const struct cxl_switch_decoder *cxlsd)
{
	for (int i = 0; i < cxlsd->cxld.interleave_ways; i++) {
		const struct cxl_dport *dport = cxlsd->target[i];

		if (!dport || is_behind(pdev, dport->dport_dev))
			return true;
	}
	return false;
}

/*
 * An accelerator may have memory too, and can have any class code. In D3cold it
 * cannot be asked.
 */
static bool has_cxl_memory(struct pci_dev *pdev)
{
	return pdev->class >> 8 == PCI_CLASS_MEMORY_CXL ||
	       !pci_device_is_present(pdev) ||
	       pci_find_dvsec_capability(pdev, PCI_VENDOR_ID_CXL,
					 CXL_DVSEC_PCIE_DEVICE);
}

static bool pci_may_decode(const struct cxl_switch_decoder *cxlsd)
{
	struct pci_dev *pdev = NULL;

	for_each_pci_dev(pdev) {
		if (is_target(pdev, cxlsd) && has_cxl_memory(pdev) &&
		    !decoders_known(&pdev->dev)) {
			pci_dev_put(pdev);
			return true;
		}
	}
	return false;
}

static int match_pointer(struct device *dev, const void *data)
{
	return dev == data;
}

/* A memdev that is not on PCI, or not any more, may be below any decoder */
static int match_unknown_memdev(struct device *dev, void *data)
{
	struct device *pci;

	if (!is_cxl_memdev(dev))
		return 0;

	pci = bus_find_device(&pci_bus_type, NULL, dev->parent, match_pointer);
	put_device(pci);
	return !pci && !decoders_known(dev->parent);
}

static int match_decoding(struct device *dev, void *data)
{
	struct cxl_decoder *cxld;

	if (!is_endpoint_decoder(dev))
		return 0;

	cxld = to_cxl_decoder(dev);
	return cxld->flags & CXL_DECODER_F_ENABLE &&
	       ranges_overlap(&cxld->hpa_range, data);
}

static bool has_region(const struct range *range, const struct cxl_region *gone)
{
	struct cxl_region *cxlr;

	list_for_each_entry(cxlr, &cxl_regions, hpa) {
		const struct range has = cxl_region_range(cxlr);

		if (cxlr != gone && ranges_overlap(&has, range))
			return true;
	}
	return false;
}

/**
 * cxl_range_in_use() - does anybody own or use memory that decoders decode
 * @dev: device that asks, for the log
 * @range: what they decode
 * @outcome: what happens to @range if it is in use, for the log
 *
 * Unlike dax_range_check_idle(), this does not make an exception for claims of
 * one kind.
 *
 * Context: cxl_region_rwsem is held for write.
 * Return: true if @range is in use, and the log says by whom.
 */
bool cxl_range_in_use(struct device *dev, const struct range *range,
		      const char *outcome)
{
	lockdep_assert_held_write(&cxl_region_rwsem);

	return dax_range_check_idle(dev, range, DAX_CLAIM_CXL, outcome) ||
	       dax_range_check_idle(dev, range, DAX_CLAIM_PMEM, outcome);
}

/*
 * The only check that logs is the last one, so that an ordinary cause, such as
 * memory that HMEM owns, is not logged.
 */
static bool is_used(struct cxl_switch_decoder *cxlsd, const struct cxl_region *gone)
{
	struct cxl_decoder *cxld = &cxlsd->cxld;

	return cxld->region || cxld->flags & CXL_DECODER_F_LOCK ||
	       has_region(&cxld->hpa_range, gone) ||
	       dax_arbiter_owned_by_hmem(&cxld->hpa_range) ||
	       bus_for_each_dev(&cxl_bus_type, NULL, &cxld->hpa_range,
				match_decoding) ||
	       pci_may_decode(cxlsd) ||
	       bus_for_each_dev(&cxl_bus_type, NULL, NULL, match_unknown_memdev) ||
	       cxl_range_in_use(&cxld->dev, &cxld->hpa_range, "stays committed");
}

static int reset_unused(struct device *dev, void *data)
{
	struct cxl_port *port = to_cxl_port(dev->parent);
	struct cxl_decoder *cxld;
	struct range was;

	if (!is_switch_decoder(dev))
		return 0;

	cxld = to_cxl_decoder(dev);
	if (cxld->id != port->commit_end || !(cxld->flags & CXL_DECODER_F_ENABLE) ||
	    is_used(to_cxl_switch_decoder(dev), data))
		return 0;

	was = cxld->hpa_range;
	dev_info(dev, "[mem %#010llx-%#010llx] is not decoded any more: no device below uses it\n",
		 was.start, was.end);
	cxld->reset(cxld);
	cxld->hpa_range = (struct range) {
		.start = 0,
		.end = -1,
	};
	dax_arbiter_decoders_reset(&was);
	return 0;
}

static int reset_unused_of_port(struct device *dev, void *data)
{
	/* a port that is being added or removed is checked the next time */
	if (!is_cxl_port(dev) || !device_trylock(dev))
		return 0;

	/* only the last committed decoder can be reset: start with it */
	if (dev->driver && !is_cxl_endpoint(to_cxl_port(dev)))
		device_for_each_child_reverse(dev, data, reset_unused);
	device_unlock(dev);
	return 0;
}

/**
 * cxl_reset_unused_decoders() - reset decoders of ports that nobody uses
 * @gone: a region that is being deleted and does not count as a user, or NULL
 *
 * Context: cxl_region_rwsem is held for write.
 */
void cxl_reset_unused_decoders(const struct cxl_region *gone)
{
	lockdep_assert_held_write(&cxl_region_rwsem);
	bus_for_each_dev(&cxl_bus_type, NULL, (void *)gone, reset_unused_of_port);
}
