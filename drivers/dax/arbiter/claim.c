// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: DAX Regions, one owner for the range of each dax region
 *
 * dax_hmem, dax_cxl and dax_pmem may be given overlapping ranges. Each of their
 * dax regions first claims its range here, in one resource tree. Claims never
 * nest and never overlap: the first one wins, the next is refused.
 *
 * A claim can outlive the device that made it, and the modules too: it is
 * reference counted, it has a copy of its owner's name, and the tree is built
 * in. The range stays claimed while /dev/daxX.Y is open, or if its memory could
 * not be removed. As long as it is claimed, no CXL device may be suspended at
 * run time, with or without a driver: see awake.c.
 *
 * Locking: the tree and the state of a claim are protected by
 * dax_arbiter_mutex, since who may claim depends on who owns the Soft Reserved
 * memory in the range. Claims of HMEM and CXL need arbiter_lock_with_cxl(): memory
 * may be published or withdrawn with them, and CXL regions may yield or be
 * restored.
 */
#include <kunit/visibility.h>
#include <linux/device.h>
#include <linux/ioport.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/sched/clock.h>
#include <linux/slab.h>
#include "internal.h"

#define CREATE_TRACE_POINTS
#include <trace/events/soft_reserve.h>

EXPORT_TRACEPOINT_SYMBOL_GPL(soft_reserve_yield);
EXPORT_TRACEPOINT_SYMBOL_GPL(soft_reserve_restore);
EXPORT_TRACEPOINT_SYMBOL_GPL(soft_reserve_reset_skipped);

/* The arbiter's lock, see internal.h */
DEFINE_MUTEX(dax_arbiter_mutex);

/**
 * dax_arbiter_lock() - exclude changes of owners
 *
 * Context: Process context, may sleep. Inside of device locks, dax_region_rwsem and
 * cxl_region_rwsem.
 */
void dax_arbiter_lock(void)
{
	mutex_lock(&dax_arbiter_mutex);
}
EXPORT_SYMBOL_GPL(dax_arbiter_lock);

/**
 * dax_arbiter_unlock() - undo dax_arbiter_lock()
 */
void dax_arbiter_unlock(void)
{
	mutex_unlock(&dax_arbiter_mutex);
}
EXPORT_SYMBOL_GPL(dax_arbiter_unlock);

/* One child for each claim, live or held */
struct resource dax_claims = {
	.name	= "DAX Regions",
	.start	= 0,
	.end	= -1,
	.flags	= IORESOURCE_MEM,
};
EXPORT_SYMBOL_IF_KUNIT(dax_claims);

static struct dax_claim *first_claim(const struct range *range,
				     const struct resource *except)
{
	struct resource *claim;

	lockdep_assert_held(&dax_arbiter_mutex);
	for (claim = dax_claims.child; claim && claim->start <= range->end;
	     claim = claim->sibling)
		if (claim != except && claim->end >= range->start)
			return to_claim(claim);
	return NULL;
}

/**
 * range_claimed() - is a part of a range claimed
 * @range: physical addresses
 * @except: a claim that does not count, or NULL
 *
 * Context: Under the arbiter's lock.
 * Return: true if another claim than @except overlaps @range.
 */
bool range_claimed(const struct range *range, const struct resource *except)
{
	return first_claim(range, except);
}

/**
 * range_unclaimed_part() - find a part of a range that is not claimed
 * @range: physical addresses
 * @part: is set to the first such part
 * @except: a claim that does not count, or NULL
 *
 * Context: Under the arbiter's lock.
 * Return: true if there is one.
 */
bool range_unclaimed_part(const struct range *range, struct range *part,
			  const struct resource *except)
{
	const struct resource *claim;

	lockdep_assert_held(&dax_arbiter_mutex);
	*part = *range;
	for (claim = dax_claims.child; claim; claim = claim->sibling) {
		if (claim == except || claim->end < part->start)
			continue;
		if (claim->start > part->start) {
			part->end = min_t(u64, range->end, claim->start - 1);
			return true;
		}
		if (claim->end >= range->end)
			return false;
		part->start = claim->end + 1;
	}
	return true;
}

/* The name of a dax device of @claim that is open, NULL if there is none */
static const char *open_device(const struct dax_claim *claim)
{
	const struct dax_claim_user *user;

	lockdep_assert_held(&dax_arbiter_mutex);
	if (list_empty(&claim->open))
		return NULL;
	user = list_first_entry(&claim->open, struct dax_claim_user, node);
	return user->name;
}

/* Log the @outcome for @res, which is because of @claim */
static void log_claimed(struct device *dev, const struct resource *res,
			const char *outcome, const struct dax_claim *claim)
{
	const char *owner = claim->owner, *open = open_device(claim);
	const struct resource *has = &claim->res;

	if (claim->held)
		dev_warn(dev, "%pR %s: %s holds %pR, reboot to free it\n", res,
			 outcome, owner, has);
	else if (claim->orphan && open)
		dev_warn(dev, "%pR %s: %s has claimed %pR, and %s is still open, close it to free it\n",
			 res, outcome, owner, has, open);
	else if (claim->kind == DAX_CLAIM_HMEM)
		dev_warn(dev, "%pR %s: %s has claimed %pR, unbind it to free it\n",
			 res, outcome, owner, has);
	else if (claim->kind == DAX_CLAIM_CXL)
		dev_warn(dev, "%pR %s: %s has claimed %pR, disable its region to free it\n",
			 res, outcome, owner, has);
	else
		dev_warn(dev, "%pR %s: %s has claimed %pR, disable its namespace to free it\n",
			 res, outcome, owner, has);
}

/* HMEM leaves out what is not aligned at the edges of a piece: has somebody that? */
static const struct dax_claim *piece_claimant(const struct dax_claim *claim)
{
	const unsigned int i = piece_at(claim->res.start);

	return i < dax_arbiter.nr ?
		first_claim(&dax_arbiter.pieces[i]->range, &claim->res) : NULL;
}

static void log_refused(struct device *dev, const struct dax_claim *claim, int rc)
{
	const struct dax_claim *other;
	const char *owner;

	switch (rc) {
	case -EPROBE_DEFER:
		dev_dbg(dev, "%pR is deferred: the owner of Soft Reserved memory there is undecided\n",
			&claim->res);
		return;
	case -EINVAL:
		owner = "pieces";
		dev_warn(dev, "%pR refused: it is not one piece of Soft Reserved memory any more, bind hmem_platform.0 again to have it decided afresh\n",
			 &claim->res);
		break;
	case -ENXIO:
		owner = "nobody";
		dev_warn(dev, "%pR refused: its CXL decoders have been reset; cxl create-region gives it to CXL, a reboot to HMEM\n",
			 &claim->res);
		break;
	case -EBUSY:
		other = piece_claimant(claim);
		if (claim->kind == DAX_CLAIM_HMEM && other) {
			owner = other->owner;
			log_claimed(dev, &claim->res, "refused", other);
		} else if (claim->kind == DAX_CLAIM_HMEM) {
			owner = "iomem";
			dev_warn(dev, "%pR refused: iomem shows a region of CXL there, or something else; free the range and bind again\n",
				 &claim->res);
		} else {
			owner = "HMEM";
			dev_warn(dev, "%pR refused: HMEM owns it, unbind its hmem device to free it\n",
				 &claim->res);
		}
		break;
	default:
		return;
	}
	refusal_note(dev, &claim->res, owner, rc);
}

/* For persistent memory, no region yields or is restored in iomem_resource */
static void lock_for(enum dax_claim_kind kind)
{
	if (kind == DAX_CLAIM_PMEM)
		dax_arbiter_lock();
	else
		arbiter_lock_with_cxl();
}

static void unlock_for(enum dax_claim_kind kind)
{
	if (kind == DAX_CLAIM_PMEM)
		dax_arbiter_unlock();
	else
		arbiter_unlock_with_cxl();
}

static int claim_insert(struct device *dev, struct dax_claim *claim,
			struct dax_awake *awake)
{
	const struct range range = { claim->res.start, claim->res.end };
	struct resource *other;
	int rc;

	/* the first claim of an undecided range starts the decision */
	if (range_undecided(&range))
		arbiter_request_decision();

	other = request_resource_conflict(&dax_claims, &claim->res);
	if (other) {
		struct dax_claim *winner = to_claim(other);

		log_claimed(dev, &claim->res, "refused", winner);
		refusal_note(dev, &claim->res, winner->owner, -EBUSY);
		return -EBUSY;
	}

	rc = pieces_claim(&range, claim->kind, &claim->res);
	if (rc) {
		release_resource(&claim->res);
		log_refused(dev, claim, rc);
		return rc;
	}
	/* else no CXL device decodes it: there is nothing to keep from suspend */
	if (claim->kind == DAX_CLAIM_CXL || range_windowed(&range))
		claim->awake = awake;
	claim->since = local_clock();
	trace_soft_reserve_claim(&range, claim->owner);
	return 0;
}

/**
 * dax_claim_request() - claim a physical range
 * @owner: device that has the dax region; its name is copied
 * @range: the range
 * @kind: which driver claims
 *
 * Context: Process context, may sleep. @owner's device lock may be held. Takes
 * cxl_region_rwsem, for HMEM and CXL, and dax_arbiter_lock().
 * Return: a claim with one reference, or an error pointer: -EBUSY if another
 * owner has a part of the range, -EPROBE_DEFER if its owner is undecided,
 * -ENXIO if HMEM asks for a range whose decoders were reset, -EINVAL if @range
 * is empty, or if HMEM asks for more than one piece, -ENOMEM.
 */
struct dax_claim *dax_claim_request(struct device *owner,
				    const struct range *range,
				    enum dax_claim_kind kind)
{
	const char *name = dev_name(owner);
	const size_t size = strlen(name) + 1;
	struct dax_awake *awake = NULL;
	struct dax_claim *claim;
	int rc;

	if (range->start > range->end)
		return ERR_PTR(-EINVAL);

	arbiter_debugfs_init();
	claim = kzalloc(struct_size(claim, owner, size), GFP_KERNEL);
	if (!claim)
		return ERR_PTR(-ENOMEM);

	if (kind != DAX_CLAIM_PMEM) {
		awake = dax_awake_get();
		if (!awake) {
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

	lock_for(kind);
	rc = claim_insert(owner, claim, awake);
	unlock_for(kind);
	if (!claim->awake)
		dax_awake_put(awake);
	if (rc) {
		kfree(claim);
		return ERR_PTR(rc);
	}
	return claim;
}
EXPORT_SYMBOL_GPL(dax_claim_request);

/**
 * dax_claim_get() - add a user of the range
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

	lock_for(claim->kind);
	release_resource(&claim->res);
	trace_soft_reserve_release(&range, claim->owner);
	pieces_release(&range, claim->kind);
	unlock_for(claim->kind);
	dax_awake_put(claim->awake);
	kfree(claim);
}

/**
 * dax_claim_put() - remove a user of the range
 * @claim: the claim
 *
 * The last user releases the claim. If HMEM owned the range, it is withdrawn
 * from iomem_resource, and CXL regions that yielded are restored there.
 *
 * Context: Process context, may sleep. Device locks, dax_region_rwsem and
 * dax_dev_rwsem may be held. Takes cxl_region_rwsem, for HMEM and CXL, and
 * dax_arbiter_lock().
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
 * The range stays claimed while dax devices are open. If it stands in the way
 * of another claim, the log names them from now on.
 *
 * Context: Process context, may sleep.
 */
void dax_claim_orphan(struct dax_claim *claim)
{
	guard(dax_arbiter)();
	claim->orphan = true;
}
EXPORT_SYMBOL_GPL(dax_claim_orphan);

/**
 * dax_claim_opened() - somebody has opened a dax device in the range
 * @claim: the claim, of which the device has a reference
 * @user: entry of the device, with its name
 *
 * Its memory is in use until dax_claim_closed().
 *
 * Context: Process context, may sleep.
 */
void dax_claim_opened(struct dax_claim *claim, struct dax_claim_user *user)
{
	guard(dax_arbiter)();
	if (!user->count++)
		list_add_tail(&user->node, &claim->open);
}
EXPORT_SYMBOL_GPL(dax_claim_opened);

/**
 * dax_claim_closed() - undo dax_claim_opened()
 * @user: entry of the device
 *
 * Context: Process context, may sleep.
 */
void dax_claim_closed(struct dax_claim_user *user)
{
	guard(dax_arbiter)();
	if (!--user->count)
		list_del(&user->node);
}
EXPORT_SYMBOL_GPL(dax_claim_closed);

/**
 * dax_claim_hold() - memory in the range could not be removed
 * @claim: the claim, of which the caller has a reference
 *
 * The range stays claimed until reboot, even if its owner is removed.
 *
 * Context: Process context, may sleep.
 */
void dax_claim_hold(struct dax_claim *claim)
{
	guard(dax_arbiter)();
	if (claim->held)
		return;
	claim->held = true;
	kref_get(&claim->kref);
	pr_warn("%pR stays claimed by %s: its memory is in use and could not be removed, reboot to free it\n",
		&claim->res, claim->owner);
}
EXPORT_SYMBOL_GPL(dax_claim_hold);

#ifdef CONFIG_MEMORY_HOTPLUG
/* Look at sections, not at memory blocks: those may be removed meanwhile */
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
/* Without hotplug, only memory that was mapped at boot is online */
static bool range_online(const struct range *range)
{
	return region_intersects(range->start, range_len(range),
				 IORESOURCE_SYSTEM_RAM | IORESOURCE_BUSY,
				 IORES_DESC_NONE) != REGION_DISJOINT;
}
#endif

/*
 * Was @claim made for the region that has @range? A RAM region is claimed
 * whole. A persistent region may have several namespaces, and each of them has
 * a claim.
 */
static bool claim_is_own(const struct dax_claim *claim, const struct range *range,
			 enum dax_claim_kind own)
{
	const struct range claimed = { claim->res.start, claim->res.end };

	if (claim->kind != own)
		return false;
	if (own == DAX_CLAIM_PMEM)
		return range_contains(range, &claimed);
	return claimed.start == range->start && claimed.end == range->end;
}

/* First claim in @range that is held, of another region, or has open devices */
static const struct dax_claim *claim_in_use(const struct range *range,
					    enum dax_claim_kind own)
{
	struct dax_claim *claim;

	lockdep_assert_held(&dax_arbiter_mutex);
	for_each_claim(claim) {
		const struct range claimed = { claim->res.start, claim->res.end };

		if (ranges_overlap(&claimed, range) &&
		    (claim->held || !claim_is_own(claim, range, own) ||
		     !list_empty(&claim->open)))
			return claim;
	}
	return NULL;
}

/* Is a namespace of persistent memory in @range enabled? */
static bool range_has_namespace(const struct range *range)
{
	return region_intersects(range->start, range_len(range),
				 IORESOURCE_MEM | IORESOURCE_BUSY,
				 IORES_DESC_NONE) != REGION_DISJOINT;
}

/**
 * dax_range_check_idle() - check that a range is not in use
 * @dev: device that asks, for the log
 * @range: the range of a region
 * @own: kind of claim that the region itself has, which does not count as use
 * @outcome: what happens to @range if it is in use, for the log
 *
 * To be called before the decoders of a range are committed or reset. A range
 * is in use if somebody else has claimed a part of it, if a dax device in it is
 * open or mapped, if memory in it is online or could not be removed, if a
 * namespace in it is enabled, or if HMEM owns Soft Reserved memory in it.
 * Undecided memory counts as used, and a decision about it is requested. Logs
 * why, and what to do.
 *
 * Context: Process context, may sleep. If cxl_region_rwsem is held, HMEM cannot
 * claim a part of @range until it is released. Takes dax_arbiter_lock().
 * Return: 0, or -EBUSY if @range is in use.
 */
int dax_range_check_idle(struct device *dev, const struct range *range,
			 enum dax_claim_kind own, const char *outcome)
{
	const struct resource res =
		DEFINE_RES_MEM(range->start, range_len(range));
	const struct dax_claim *claim;
	const char *owner;

	guard(dax_arbiter)();
	claim = claim_in_use(range, own);
	if (claim && !claim->held && claim_is_own(claim, range, own)) {
		owner = open_device(claim);
		dev_warn(dev, "%pR %s: %s is open, close it first\n", &res,
			 outcome, owner);
	} else if (claim) {
		owner = claim->owner;
		log_claimed(dev, &res, outcome, claim);
	} else if (dax_arbiter_next_hmem(range)) {
		owner = "HMEM";
		dev_warn(dev, "%pR %s: HMEM owns it, unbind its hmem device to free it\n",
			 &res, outcome);
	} else if (range_undecided(range)) {
		owner = "undecided";
		arbiter_request_decision();
		dev_warn(dev, "%pR %s: the owner of Soft Reserved memory there is undecided, try again\n",
			 &res, outcome);
	} else if (range_online(range)) {
		owner = "memory";
		dev_warn(dev, "%pR %s: its memory is online, take it offline first\n",
			 &res, outcome);
	} else if (own == DAX_CLAIM_PMEM && range_has_namespace(range)) {
		owner = "namespace";
		dev_warn(dev, "%pR %s: a namespace in it is enabled, disable that first\n",
			 &res, outcome);
	} else {
		return 0;
	}
	refusal_note(dev, &res, owner, -EBUSY);
	return -EBUSY;
}
EXPORT_SYMBOL_GPL(dax_range_check_idle);

/**
 * dax_arbiter_blocks_suspend() - must the machine not be suspended
 *
 * Suspend resets the decoders of CXL devices. Only CXL's drivers could set them
 * up again, but not while the memory is in use.
 *
 * Context: Process context, may sleep.
 * Return: true if HMEM owns memory behind a CXL window, or a claim is held for
 * memory there that could not be removed.
 */
bool dax_arbiter_blocks_suspend(void)
{
	const struct dax_claim *claim;

	guard(dax_arbiter)();
	for_each_claim(claim)
		if (claim->held && claim->awake)
			return true;
	for (unsigned int i = 0; i < dax_arbiter.nr; i++)
		if (dax_arbiter.pieces[i]->windowed &&
		    dax_arbiter.pieces[i]->state == PIECE_HMEM)
			return true;
	return false;
}
