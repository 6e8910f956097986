/* SPDX-License-Identifier: GPL-2.0 */
/* What the drivers in drivers/dax call */
#ifndef _DAX_ARBITER_H
#define _DAX_ARBITER_H

#include <linux/list.h>
#include <linux/range.h>
#include <linux/soft_reserve.h>

struct dax_claim;
struct device;

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
void dax_claim_hold(struct dax_claim *claim);
void dax_claim_orphan(struct dax_claim *claim);
void dax_claim_opened(struct dax_claim *claim, struct dax_claim_user *user);
void dax_claim_closed(struct dax_claim_user *user);

/* Makes a device for a range that HMEM owns; @nid may be NUMA_NO_NODE */
typedef void (*dax_hmem_fn)(struct device *host, const struct range *range,
			    int nid);

bool dax_range_trim(struct range *range, u64 align);
int dax_hmem_start(struct device *host, dax_hmem_fn fn);
void dax_hmem_stop(struct device *host);
void dax_hmem_failed(const struct range *range);

/* For the device that the HMEM driver binds to */
unsigned int dax_arbiter_nr_pieces(void);
void dax_arbiter_set_host(struct device *host);
void dax_arbiter_no_hmem(void);

#endif /* _DAX_ARBITER_H */
