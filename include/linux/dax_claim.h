/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_DAX_CLAIM_H
#define _LINUX_DAX_CLAIM_H

#include <linux/list.h>
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

/**
 * struct dax_claim_user - a dax device that somebody may have open
 * @node: entry in its claim's list of open devices while @count is not 0
 * @count: how often it is open
 * @name: its name
 */
struct dax_claim_user {
	struct list_head node;
	unsigned int count;
	const char *name;
};

struct dax_claim *dax_claim_request(struct device *owner,
				    const struct range *range,
				    enum dax_claim_kind kind);
void dax_claim_get(struct dax_claim *claim);
void dax_claim_put(struct dax_claim *claim);
void dax_claim_keep(struct dax_claim *claim);
void dax_claim_orphan(struct dax_claim *claim);
void dax_claim_opened(struct dax_claim *claim, struct dax_claim_user *user);
void dax_claim_closed(struct dax_claim_user *user);

#ifdef CONFIG_DAX_CLAIM
bool dax_range_in_use(struct device *dev, const struct range *range,
		      enum dax_claim_kind own, const char *outcome);
bool dax_claims_held(void);
#else
/* nobody can claim */
static inline bool dax_range_in_use(struct device *dev, const struct range *range,
				    enum dax_claim_kind own, const char *outcome)
{
	return false;
}

static inline bool dax_claims_held(void)
{
	return false;
}
#endif

#endif /* _LINUX_DAX_CLAIM_H */
