// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: DAX Regions, one owner for the range of each dax region
 *
 * dax_hmem, dax_cxl and dax_pmem may be given overlapping ranges. Each of their
 * dax regions claims its range here, in one resource tree, before anything else
 * comes of it. Claims never nest and never overlap: the first one wins, the next
 * is refused.
 *
 * A claim has a life of its own. It is reference counted, it knows its owner by
 * name, and the tree is built in. So it can outlive the device that made it, and
 * the modules too: an open /dev/daxX.Y, or memory that could not be removed,
 * keeps the range claimed. While it does, no CXL device may be put to sleep at
 * run time, whether a driver is bound to it or not: see drivers/dax/awake.c.
 *
 * Locking: the tree, the state of a claim and the refusals are protected by
 * soft_reserve_lock(), since who may claim depends on who owns the Soft Reserved
 * memory in that range. For claims of HMEM's and CXL's soft_reserve_begin() is
 * taken: with them memory is published, or withdrawn, and CXL's regions come and
 * go.
 */
#include <kunit/visibility.h>
#include <linux/dax_claim.h>
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/init.h>
#include <linux/ioport.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/once.h>
#include <linux/sched/clock.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/soft_reserve.h>
#include <trace/events/soft_reserve.h>
#include "awake.h"

/**
 * struct dax_claim - a range that belongs to somebody
 * @res: the range, in the "DAX Regions" tree; its name is @owner
 * @kref: the dax region, its dax devices, memory that could not be removed
 * @kind: which driver claimed it
 * @held: memory could not be removed, the claim stays until reboot
 * @orphan: the driver of @owner is unbound, its dax devices are left
 * @open: dax devices that somebody has open
 * @awake: the CXL devices that this keeps awake
 * @since: when it was claimed, as the log counts time, in ns
 * @owner: name of the device that claimed it, which may be gone
 */
struct dax_claim {
	struct resource res;
	struct kref kref;
	enum dax_claim_kind kind;
	bool held;
	bool orphan;
	struct list_head open;
	struct dax_awake *awake;
	u64 since;
	char owner[];
};

/**
 * struct dax_refusal - somebody did not get, or may not reset, a range
 * @range: the range
 * @error: code that it was refused with
 * @count: how often
 * @last: when, the last time, in ns
 * @who: name of the device that was refused
 * @owner: who stood in the way
 */
struct dax_refusal {
	struct range range;
	int error;
	unsigned int count;
	u64 last;
	char who[32];
	char owner[32];
};

/* The latest refusals that differ, by turns */
static struct dax_refusal refusals[32];
static unsigned int nr_refusals;

static struct dax_claim *to_claim(struct resource *res)
{
	return res ? container_of(res, struct dax_claim, res) : NULL;
}

#define for_each_claim(claim)						\
	for (claim = to_claim(dax_regions.child); claim;		\
	     claim = to_claim(claim->res.sibling))

static const enum soft_reserve_claimant claimants[] = {
	[DAX_CLAIM_HMEM] = SOFT_RESERVE_BY_HMEM,
	[DAX_CLAIM_CXL]	 = SOFT_RESERVE_BY_CXL,
	[DAX_CLAIM_PMEM] = SOFT_RESERVE_BY_OTHER,
};

/*
 * What is persistent moves no region in or out of iomem_resource. Undone by
 * soft_reserve_end().
 */
static const struct soft_reserve_peer *claim_lock(enum dax_claim_kind kind)
{
	if (kind != DAX_CLAIM_PMEM)
		return soft_reserve_begin();
	soft_reserve_lock();
	return NULL;
}

static void show_regions(void);

/* Keep in mind who was refused, for whoever wonders where memory went */
static void note_refused(struct device *dev, const struct resource *res,
			 const char *owner, int error)
{
	const struct range range = { res->start, res->end };
	const char *who = dev_name(dev);
	struct dax_refusal *refusal;

	soft_reserve_assert_locked();
	trace_soft_reserve_refuse(&range, who, owner, error);
	if (!IS_ENABLED(CONFIG_DEBUG_FS))
		return;

	for (refusal = refusals;
	     refusal < refusals + min(nr_refusals, ARRAY_SIZE(refusals)); refusal++) {
		if (refusal->error == error &&
		    !memcmp(&refusal->range, &range, sizeof(range)) &&
		    !strncmp(refusal->who, who, sizeof(refusal->who) - 1) &&
		    !strncmp(refusal->owner, owner, sizeof(refusal->owner) - 1))
			goto found;
	}

	refusal = &refusals[nr_refusals++ % ARRAY_SIZE(refusals)];
	*refusal = (struct dax_refusal) { .range = range, .error = error };
	strscpy(refusal->who, who);
	strscpy(refusal->owner, owner);
found:
	refusal->count++;
	refusal->last = local_clock();
}

/* The name of a dax device of @claim that is open, NULL if there is none */
static const char *open_device(const struct dax_claim *claim)
{
	const struct dax_claim_user *user;

	soft_reserve_assert_locked();
	if (list_empty(&claim->open))
		return NULL;
	user = list_first_entry(&claim->open, struct dax_claim_user, node);
	return user->name;
}

/* Say that @res is refused, or what becomes of it, because of @claim */
static void log_claimed(struct device *dev, const struct resource *res,
			const char *outcome, const struct dax_claim *claim)
{
	static const char * const remedies[] = {
		[DAX_CLAIM_HMEM] = "unbind it",
		[DAX_CLAIM_CXL]	 = "disable its region",
		[DAX_CLAIM_PMEM] = "disable its namespace",
	};
	const char *open = open_device(claim);

	if (claim->held)
		dev_warn(dev, "%pR %s: %s holds %pR, reboot to free it\n", res,
			 outcome, claim->owner, &claim->res);
	else if (claim->orphan && open)
		dev_warn(dev, "%pR %s: %s has claimed %pR, and %s is still open, close it to free it\n",
			 res, outcome, claim->owner, &claim->res, open);
	else
		dev_warn(dev, "%pR %s: %s has claimed %pR, %s to free it\n", res,
			 outcome, claim->owner, &claim->res, remedies[claim->kind]);
}

static void log_refused(struct device *dev, const struct dax_claim *claim, int rc)
{
	const char *owner;

	if (rc == -EPROBE_DEFER) {
		dev_dbg(dev, "%pR waits: Soft Reserved memory is undecided\n",
			&claim->res);
		return;
	}
	if (rc == -EINVAL)
		dev_warn(dev, "%pR refused: it is not one piece of Soft Reserved memory any more, bind hmem_platform.0 again to have it decided afresh\n",
			 &claim->res);
	if (rc == -ENXIO) {
		owner = "nobody";
		dev_warn(dev, "%pR refused: its CXL decoders have been reset; cxl create-region gives it to CXL, a reboot to HMEM\n",
			 &claim->res);
	} else if (rc != -EBUSY) {
		return;
	} else if (claim->kind == DAX_CLAIM_HMEM) {
		owner = "iomem";
		dev_warn(dev, "%pR refused: iomem shows a region of CXL there, or something else; free the range and bind again\n",
			 &claim->res);
	} else {
		owner = "HMEM";
		dev_warn(dev, "%pR refused: the range belongs to HMEM, unbind its hmem device to free it\n",
			 &claim->res);
	}
	note_refused(dev, &claim->res, owner, rc);
}

static int claim_insert(struct device *dev, struct dax_claim *claim,
			const struct soft_reserve_peer *peer,
			struct dax_awake **unneeded)
{
	const struct range range = { claim->res.start, claim->res.end };
	struct resource *other;
	int rc;

	/* whoever comes first has what is undecided decided soon */
	soft_reserve_ask(&range);

	other = request_resource_conflict(&dax_regions, &claim->res);
	if (other) {
		struct dax_claim *winner = to_claim(other);

		log_claimed(dev, &claim->res, "refused", winner);
		note_refused(dev, &claim->res, winner->owner, -EBUSY);
		return -EBUSY;
	}

	rc = soft_reserve_claim(&range, claimants[claim->kind], peer);
	if (rc) {
		release_resource(&claim->res);
		log_refused(dev, claim, rc);
		return rc;
	}
	/* an undriven device that sleeps would take its memory along */
	if (claim->kind != DAX_CLAIM_CXL && !soft_reserve_windowed(&range))
		swap(claim->awake, *unneeded);
	claim->since = local_clock();
	trace_soft_reserve_claim(&range, claim->owner);
	return 0;
}

/**
 * dax_claim_request() - claim a physical range
 * @owner: device whose dax region it is for; its name goes with the claim
 * @range: the range
 * @kind: which driver asks
 *
 * Context: Process context, may sleep. @owner's device lock may be held. Takes
 * cxl_region_rwsem, for HMEM and CXL, and soft_reserve_lock().
 * Return: a claim with one reference, or an error pointer: -EBUSY if another
 * owner has a part of the range, -EPROBE_DEFER if it is not decided yet whose it
 * is, -ENXIO if HMEM asks for what nothing decodes any more, -EINVAL if @range is
 * not one, or HMEM asks for more than one piece, -ENOMEM.
 */
struct dax_claim *dax_claim_request(struct device *owner,
				    const struct range *range,
				    enum dax_claim_kind kind)
{
	const char *name = dev_name(owner);
	const size_t size = strlen(name) + 1;
	const struct soft_reserve_peer *peer;
	struct dax_awake *unneeded = NULL;
	struct dax_claim *claim;
	int rc;

	if (range->start > range->end)
		return ERR_PTR(-EINVAL);

	show_regions();
	claim = kzalloc(struct_size(claim, owner, size), GFP_KERNEL);
	if (!claim)
		return ERR_PTR(-ENOMEM);

	if (kind != DAX_CLAIM_PMEM) {
		claim->awake = dax_awake_get();
		if (!claim->awake) {
			kfree(claim);
			return ERR_PTR(-ENOMEM);
		}
	}
	memcpy(claim->owner, name, size);
	kref_init(&claim->kref);
	INIT_LIST_HEAD(&claim->open);
	claim->kind = kind;
	claim->res = DEFINE_RES_MEM_NAMED(range->start, range_len(range),
					  claim->owner);

	peer = claim_lock(kind);
	rc = claim_insert(owner, claim, peer, &unneeded);
	soft_reserve_end(peer);
	dax_awake_put(unneeded);
	if (rc) {
		dax_awake_put(claim->awake);
		kfree(claim);
		return ERR_PTR(rc);
	}
	return claim;
}
EXPORT_SYMBOL_GPL(dax_claim_request);

/**
 * dax_claim_get() - one more user of the range
 * @claim: the claim, of which the caller has a reference
 */
void dax_claim_get(struct dax_claim *claim)
{
	kref_get(&claim->kref);
}
EXPORT_SYMBOL_GPL(dax_claim_get);

static void dax_claim_release(struct kref *kref)
{
	struct dax_claim *claim = container_of(kref, struct dax_claim, kref);
	const struct range range = { claim->res.start, claim->res.end };
	const struct soft_reserve_peer *peer = claim_lock(claim->kind);

	release_resource(&claim->res);
	trace_soft_reserve_release(&range, claim->owner);
	soft_reserve_unclaim(&range, claimants[claim->kind], peer);
	soft_reserve_end(peer);
	dax_awake_put(claim->awake);
	kfree(claim);
}

/**
 * dax_claim_put() - a user of the range lets go
 * @claim: the claim
 *
 * With the last user the range is free for others. What was HMEM's leaves
 * iomem_resource, and the CXL regions that yielded to it are back there.
 *
 * Context: Process context, may sleep. Device locks, dax_region_rwsem and
 * dax_dev_rwsem may be held. Takes cxl_region_rwsem, for HMEM and CXL, and
 * soft_reserve_lock().
 */
void dax_claim_put(struct dax_claim *claim)
{
	kref_put(&claim->kref, dax_claim_release);
}
EXPORT_SYMBOL_GPL(dax_claim_put);

/**
 * dax_claim_orphan() - the driver that claimed a range is unbound
 * @claim: the claim, of which the caller has a reference
 *
 * Open dax devices may keep it all the same, and the log names them from now on.
 *
 * Context: Process context, may sleep.
 */
void dax_claim_orphan(struct dax_claim *claim)
{
	soft_reserve_lock();
	claim->orphan = true;
	soft_reserve_unlock();
}
EXPORT_SYMBOL_GPL(dax_claim_orphan);

/**
 * dax_claim_opened() - somebody has opened a dax device in the range
 * @claim: the claim, of which the device has a reference
 * @user: the device's own; @user->name names it
 *
 * Its memory is in use until dax_claim_closed().
 *
 * Context: Process context, may sleep.
 */
void dax_claim_opened(struct dax_claim *claim, struct dax_claim_user *user)
{
	soft_reserve_lock();
	if (!user->count++)
		list_add_tail(&user->node, &claim->open);
	soft_reserve_unlock();
}
EXPORT_SYMBOL_GPL(dax_claim_opened);

/**
 * dax_claim_closed() - undo dax_claim_opened()
 * @user: the device's own
 *
 * Context: Process context, may sleep.
 */
void dax_claim_closed(struct dax_claim_user *user)
{
	soft_reserve_lock();
	if (!--user->count)
		list_del(&user->node);
	soft_reserve_unlock();
}
EXPORT_SYMBOL_GPL(dax_claim_closed);

/**
 * dax_claim_keep() - memory in the range could not be removed
 * @claim: the claim, of which the caller has a reference
 *
 * The range stays claimed until the machine reboots, whatever becomes of its
 * owner.
 *
 * Context: Process context, may sleep.
 */
void dax_claim_keep(struct dax_claim *claim)
{
	soft_reserve_lock();
	if (!claim->held) {
		claim->held = true;
		kref_get(&claim->kref);
		pr_warn("%pR stays claimed by %s: its memory is in use and could not be removed, reboot to free it\n",
			&claim->res, claim->owner);
	}
	soft_reserve_unlock();
}
EXPORT_SYMBOL_GPL(dax_claim_keep);

#ifdef CONFIG_MEMORY_HOTPLUG
/* By sections: memory blocks may go at any time, but for who removes them */
static bool range_online(const struct range *range)
{
	const unsigned long end = PHYS_PFN(range->end);
	unsigned long pfn;

	for (pfn = PHYS_PFN(range->start); pfn <= end;
	     pfn = SECTION_ALIGN_UP(pfn + 1))
		if (pfn_to_online_page(pfn))
			return true;
	return false;
}
#else
/* What firmware had mapped at boot stays */
static bool range_online(const struct range *range)
{
	return region_intersects(range->start, range_len(range),
				 IORESOURCE_SYSTEM_RAM | IORESOURCE_BUSY,
				 IORES_DESC_NONE) != REGION_DISJOINT;
}
#endif

/*
 * Is it the claim of the region that has @range? A region of CXL is claimed whole;
 * a persistent one may have several namespaces that are.
 */
static bool claim_is_own(const struct dax_claim *claim, const struct range *range,
			 enum dax_claim_kind own)
{
	const struct range claimed = { claim->res.start, claim->res.end };

	if (claim->kind != own)
		return false;
	if (own == DAX_CLAIM_PMEM)
		return range_contains((struct range *)range, (struct range *)&claimed);
	return claimed.start == range->start && claimed.end == range->end;
}

/* The first claim on a part of @range whose memory is in use, but for @range's own */
static const struct dax_claim *claim_in_use(const struct range *range,
					    enum dax_claim_kind own)
{
	struct dax_claim *claim;

	soft_reserve_assert_locked();
	for_each_claim(claim)
		if (claim->res.start <= range->end && claim->res.end >= range->start &&
		    (claim->held || !claim_is_own(claim, range, own) ||
		     !list_empty(&claim->open)))
			return claim;
	return NULL;
}

/* Has persistent memory in @range a namespace with a driver? */
static bool range_has_namespace(const struct range *range)
{
	return region_intersects(range->start, range_len(range),
				 IORESOURCE_MEM | IORESOURCE_BUSY,
				 IORES_DESC_NONE) != REGION_DISJOINT;
}

/**
 * dax_range_in_use() - may a range be taken away from whoever has it
 * @dev: device that asks, for the log
 * @range: the range of a region
 * @own: the kind of claim that is the region's own, and goes with it
 * @outcome: what becomes of @range if it is in use, for the log
 *
 * For those who decode, or do not decode any more, physical addresses. A range
 * is in use if somebody else has claimed a part of it, if a dax device in it is
 * open or mapped, if memory in it is online or could not be removed, if a
 * namespace in it is enabled, and if it is Soft Reserved for HMEM or nobody knows
 * yet for whom. Logs why, and what to do.
 *
 * Context: Process context, may sleep. cxl_region_rwsem may be held: then HMEM
 * claims nothing of @range as long as it is. Takes soft_reserve_lock().
 * Return: true if @range is in use.
 */
bool dax_range_in_use(struct device *dev, const struct range *range,
		      enum dax_claim_kind own, const char *outcome)
{
	const struct resource res =
		DEFINE_RES_MEM(range->start, range_len(range));
	const struct dax_claim *claim;
	const char *owner = NULL;

	soft_reserve_lock();
	claim = claim_in_use(range, own);
	if (claim && !claim->held && claim_is_own(claim, range, own)) {
		owner = open_device(claim);
		dev_warn(dev, "%pR %s: %s is open, close it first\n", &res,
			 outcome, owner);
	} else if (claim) {
		owner = claim->owner;
		log_claimed(dev, &res, outcome, claim);
	} else if (soft_reserve_next_hmem(range)) {
		owner = "HMEM";
		dev_warn(dev, "%pR %s: it belongs to HMEM, unbind its hmem device to free it\n",
			 &res, outcome);
	} else if (soft_reserve_ask(range)) {
		owner = "undecided";
		dev_warn(dev, "%pR %s: it is not decided yet who owns Soft Reserved memory there, try again\n",
			 &res, outcome);
	} else if (range_online(range)) {
		owner = "memory";
		dev_warn(dev, "%pR %s: its memory is online, take it offline first\n",
			 &res, outcome);
	} else if (own == DAX_CLAIM_PMEM && range_has_namespace(range)) {
		owner = "namespace";
		dev_warn(dev, "%pR %s: a namespace in it is enabled, disable that first\n",
			 &res, outcome);
	}
	if (owner)
		note_refused(dev, &res, owner, -EBUSY);
	soft_reserve_unlock();

	return owner;
}
EXPORT_SYMBOL_GPL(dax_range_in_use);

/**
 * dax_claims_held() - is there memory behind a CXL window that nobody can set up
 * again
 *
 * Context: Process context, may sleep.
 * Return: true if a claim is held for memory that could not be removed.
 */
bool dax_claims_held(void)
{
	struct dax_claim *claim;
	bool held = false;

	soft_reserve_lock();
	for_each_claim(claim)
		held |= claim->held && claim->awake;
	soft_reserve_unlock();

	return held;
}

static const char * const kinds[] = {
	[DAX_CLAIM_HMEM] = "hmem",
	[DAX_CLAIM_CXL]	 = "cxl",
	[DAX_CLAIM_PMEM] = "pmem",
};

/* A time as the kernel's log has it */
static void show_time(struct seq_file *m, const char *what, u64 ns)
{
	const u32 rest = do_div(ns, NSEC_PER_SEC);

	seq_printf(m, " %s=%llu.%06lu", what, ns, rest / NSEC_PER_USEC);
}

static bool stood_in_the_way(const struct dax_claim *claim,
			     const struct dax_refusal *refusal)
{
	return claim->res.start <= refusal->range.end &&
	       claim->res.end >= refusal->range.start &&
	       !strncmp(refusal->owner, claim->owner, sizeof(refusal->owner) - 1);
}

static bool still_claimed(const struct dax_refusal *refusal)
{
	struct dax_claim *claim;

	for_each_claim(claim)
		if (stood_in_the_way(claim, refusal))
			return true;
	return false;
}

/* Those that are because of @claim, or of none that lives */
static void show_refusals(struct seq_file *m, const struct dax_claim *claim)
{
	for (unsigned int i = 0; i < min(nr_refusals, ARRAY_SIZE(refusals)); i++) {
		const struct dax_refusal *refusal = &refusals[i];

		if (claim ? !stood_in_the_way(claim, refusal) : still_claimed(refusal))
			continue;
		seq_printf(m, "%srefused range=%llx-%llx error=%d count=%u",
			   claim ? "  " : "", refusal->range.start,
			   refusal->range.end, refusal->error, refusal->count);
		show_time(m, "last", refusal->last);
		seq_printf(m, " owner=%s who=%s\n", refusal->owner, refusal->who);
	}
}

static int regions_show(struct seq_file *m, void *unused)
{
	struct dax_claim *claim;

	soft_reserve_lock();
	for_each_claim(claim) {
		seq_printf(m, "claim range=%llx-%llx kind=%s state=%s",
			   (u64)claim->res.start, (u64)claim->res.end,
			   kinds[claim->kind], claim->held ? "held" : "live");
		show_time(m, "since", claim->since);
		seq_printf(m, " owner=%s\n", claim->owner);
		show_refusals(m, claim);
	}
	soft_reserve_show(m);
	show_refusals(m, NULL);
	soft_reserve_unlock();
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(regions);

static void create_regions_file(void)
{
	debugfs_create_file("regions", 0400, debugfs_create_dir("dax", NULL),
			    NULL, &regions_fops);
}

/* As soon as there is something to see: many machines never have anything */
static void show_regions(void)
{
	DO_ONCE_SLEEPABLE(create_regions_file);
}

static int __init dax_claim_init(void)
{
	if (soft_reserve_nr())
		show_regions();
	return 0;
}
device_initcall(dax_claim_init);
