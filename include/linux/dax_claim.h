/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_DAX_CLAIM_H
#define _LINUX_DAX_CLAIM_H

#include <linux/range.h>
#include <linux/types.h>

struct dax_claim;
struct device;

/**
 * enum dax_claim_kind - which driver claims
 * @DAX_CLAIM_HMEM: dax_hmem, for Soft Reserved memory
 * @DAX_CLAIM_CXL: dax_cxl, for a CXL RAM region
 * @DAX_CLAIM_PMEM: dax_pmem, for persistent memory
 */
enum dax_claim_kind {
	DAX_CLAIM_HMEM,
	DAX_CLAIM_CXL,
	DAX_CLAIM_PMEM,
};

struct dax_claim *dax_claim_request(struct device *owner,
				    const struct range *range,
				    enum dax_claim_kind kind);
void dax_claim_get(struct dax_claim *claim);
void dax_claim_put(struct dax_claim *claim);
void dax_claim_keep(struct dax_claim *claim);

#ifdef CONFIG_DAX_CLAIM
bool dax_range_in_use(struct device *dev, const struct range *range,
		      enum dax_claim_kind own, const char *outcome);
#else
/* nobody can claim */
static inline bool dax_range_in_use(struct device *dev, const struct range *range,
				    enum dax_claim_kind own, const char *outcome)
{
	return false;
}
#endif

#if IS_ENABLED(CONFIG_KUNIT)
extern struct resource dax_regions;
#endif

#endif /* _LINUX_DAX_CLAIM_H */
