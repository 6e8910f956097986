// SPDX-License-Identifier: GPL-2.0-only
/*
 * Soft Reserved memory: one owner for each piece
 *
 * Platform firmware marks memory for a specific purpose (EFI_MEMORY_SP, UEFI
 * 2.8 section 7.2). Two drivers may want it: dax_hmem, and the CXL subsystem if
 * the memory is behind a CXL window. This layer is built in and knows neither.
 * It keeps the ranges out of iomem_resource until they have an owner, decides
 * who that is, and keeps every allocator of physical addresses away from what
 * is undecided or HMEM's.
 *
 * The unit is a *piece*: firmware's ranges, merged where they touch, then cut
 * where a CXL window (CEDT CFMWS, CXL 3.1 section 9.18.1.3) starts or ends and
 * where the NUMA node changes. A piece goes through these states:
 *
 *            covered by CXL's regions
 *   PENDING ---------------------------> CXL
 *      |  ^                               |
 *      |  | hmem_platform bound again     | hmem_platform bound again,
 *      |  +-------------------------------+ and no claim is live
 *      |  |
 *      v  | hmem_platform bound again
 *    HMEM ---> FREE     the claim of hmem.N is released, or never came
 *      ^--------'       hmem.N bound again
 *
 * Locking. soft_reserve_mutex protects the state of every piece, the tree of
 * holds, the "DAX Regions" tree of the arbiter (drivers/dax/claim.c) and the
 * pointers to the peer and to who decides. It is taken inside of device locks,
 * of dax_region_rwsem and of the peer's lock (cxl_region_rwsem), and outside of
 * resource_lock. No device is added, attached or removed under it. The range and
 * the node of a piece never change after boot and are read without it.
 */
#define pr_fmt(fmt) "soft_reserve: " fmt

#include <kunit/visibility.h>
#include <linux/bitmap.h>
#include <linux/device.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/soft_reserve.h>
#include <linux/sort.h>

/*
 * What allocators have to keep away from: one child for each range that is
 * undecided or HMEM's. A tree of its own, and not in iomem_resource, since
 * there it would be seen, and windows would have to grow around it. Allocators
 * in kernel/resource.c look at it under resource_lock, which they hold anyway.
 */
struct resource soft_reserve_resource = {
	.name	= "Soft Reserved",
	.start	= 0,
	.end	= -1,
	.flags	= IORESOURCE_MEM,
};

static DEFINE_MUTEX(soft_reserve_mutex);
static const struct soft_reserve_peer *soft_reserve_peer;
static void (*soft_reserve_asked)(void);

static struct soft_reserve *pieces;
static unsigned int nr_pieces;

/* The first piece that reaches @addr or lies behind it, nr_pieces if none */
static unsigned int piece_at(u64 addr)
{
	unsigned int lo = 0, hi = nr_pieces;

	while (lo < hi) {
		unsigned int mid = lo + (hi - lo) / 2;

		if (pieces[mid].range.end < addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

#define for_each_piece(piece, r)					\
	for (piece = pieces + piece_at((r)->start);			\
	     piece < pieces + nr_pieces && piece->range.start <= (r)->end; \
	     piece++)

static void piece_hold(struct soft_reserve *piece)
{
	lockdep_assert_held(&soft_reserve_mutex);
	if (!piece->hold.parent)
		request_resource(&soft_reserve_resource, &piece->hold);
}

static void piece_unhold(struct soft_reserve *piece)
{
	lockdep_assert_held(&soft_reserve_mutex);
	if (piece->hold.parent)
		release_resource(&piece->hold);
}

/*
 * Without a peer: CXL's core is not there, and windows only if they come from a
 * kernel without regions. Stay below one that has the very same range.
 */
static bool piece_publish(struct soft_reserve *piece)
{
	struct resource *window;

	lockdep_assert_held(&soft_reserve_mutex);
	if (piece->entry.parent)
		return true;

	window = lookup_resource(&iomem_resource, piece->range.start);
	if (!window || window->desc != IORES_DESC_CXL ||
	    window->end != piece->range.end)
		window = &iomem_resource;
	return insert_resource(window, &piece->entry) == 0;
}

static void piece_withdraw(struct soft_reserve *piece)
{
	lockdep_assert_held(&soft_reserve_mutex);
	if (piece->entry.parent)
		remove_resource(&piece->entry);
}

/*
 * Nobody's: out of iomem_resource, where regions that yielded are back. What is
 * outside of windows is memory that only HMEM can serve: allocators that look
 * for unused addresses must not find it.
 */
static void piece_free(struct soft_reserve *piece,
		       const struct soft_reserve_peer *peer)
{
	piece_withdraw(piece);
	if (piece->windowed)
		piece_unhold(piece);
	piece->state = SOFT_RESERVE_FREE;
	if (peer)
		peer->restore(&piece->range);
}

static void piece_reopen(struct soft_reserve *piece)
{
	piece->state = SOFT_RESERVE_PENDING;
	piece->reopen = false;
	piece_hold(piece);
}

/**
 * soft_reserve_start() - the pieces are cut, and wait for an owner
 * @cut: the pieces, sorted; they stay for good
 * @nr: how many
 * @publish: put them into iomem_resource right away
 *
 * Context: Initcall.
 */
void __init soft_reserve_start(struct soft_reserve *cut, unsigned int nr,
			       bool publish)
{
	guard(mutex)(&soft_reserve_mutex);
	pieces = cut;
	nr_pieces = nr;
	for (unsigned int i = 0; i < nr; i++) {
		insert_resource(&soft_reserve_resource, &pieces[i].hold);
		if (publish && !piece_publish(&pieces[i]))
			pr_warn("%pR cannot be published\n", &pieces[i].hold);
	}
}

/**
 * soft_reserve_nr() - how many pieces of Soft Reserved memory are there
 *
 * Return: their number, constant from fs_initcall on.
 */
unsigned int soft_reserve_nr(void)
{
	return nr_pieces;
}

/**
 * soft_reserve_lock() - keep owners from changing
 *
 * Context: Process context, may sleep. Inner to device locks,
 * dax_region_rwsem and cxl_region_rwsem.
 */
void soft_reserve_lock(void)
{
	mutex_lock(&soft_reserve_mutex);
}
EXPORT_SYMBOL_GPL(soft_reserve_lock);

/**
 * soft_reserve_unlock() - undo soft_reserve_lock()
 */
void soft_reserve_unlock(void)
{
	mutex_unlock(&soft_reserve_mutex);
}
EXPORT_SYMBOL_GPL(soft_reserve_unlock);

/**
 * soft_reserve_next_hmem() - find memory of HMEM
 * @range: physical addresses to look at
 *
 * Context: The caller holds soft_reserve_lock().
 * Return: the range of the first piece that overlaps @range and is HMEM's, NULL
 * if there is none.
 */
const struct range *soft_reserve_next_hmem(const struct range *range)
{
	struct soft_reserve *piece;

	lockdep_assert_held(&soft_reserve_mutex);
	for_each_piece(piece, range)
		if (piece->state == SOFT_RESERVE_HMEM)
			return &piece->range;
	return NULL;
}
EXPORT_SYMBOL_GPL(soft_reserve_next_hmem);

static void ask(void)
{
	if (soft_reserve_asked)
		soft_reserve_asked();
}

/**
 * soft_reserve_ask() - have what is undecided of a range decided soon
 * @range: physical addresses that somebody wants to have or to know about
 *
 * Does not wait for it.
 *
 * Context: The caller holds soft_reserve_lock().
 * Return: true if @range overlaps a piece without an owner yet.
 */
bool soft_reserve_ask(const struct range *range)
{
	struct soft_reserve *piece;

	lockdep_assert_held(&soft_reserve_mutex);
	for_each_piece(piece, range) {
		if (piece->state != SOFT_RESERVE_PENDING)
			continue;
		ask();
		return true;
	}
	return false;
}
EXPORT_SYMBOL_GPL(soft_reserve_ask);

/**
 * soft_reserve_on_ask() - say who gets the decision under way
 * @asked: called when somebody comes upon memory that is undecided, under
 *	   soft_reserve_lock(); has soft_reserve_decide() called soon
 *
 * Context: Initcall.
 */
void __init soft_reserve_on_ask(void (*asked)(void))
{
	guard(mutex)(&soft_reserve_mutex);
	soft_reserve_asked = asked;
}

/**
 * soft_reserve_undecoded() - the decoders of a range have been reset
 * @range: the range
 *
 * Nothing is behind these addresses any more, and if CXL gives them to a new
 * region, that is CXL's. So HMEM never gets them again.
 *
 * Context: Process context, may sleep. cxl_region_rwsem may be held.
 */
void soft_reserve_undecoded(const struct range *range)
{
	struct soft_reserve *piece;

	guard(mutex)(&soft_reserve_mutex);
	for_each_piece(piece, range)
		piece->undecoded = true;
}
EXPORT_SYMBOL_GPL(soft_reserve_undecoded);

/**
 * soft_reserve_contains() - has firmware marked all of a range
 * @start: first physical address
 * @size: in bytes
 *
 * Asks for what firmware has said, whoever owns it by now. For those who looked
 * for IORES_DESC_SOFT_RESERVED in iomem_resource, where it may not be.
 *
 * Context: Any, from fs_initcall on.
 * Return: true if all of the range is Soft Reserved.
 */
bool soft_reserve_contains(u64 start, u64 size)
{
	const u64 end = start + size - 1;

	for (unsigned int i = piece_at(start);
	     i < nr_pieces && pieces[i].range.start <= start; i++) {
		if (pieces[i].range.end >= end)
			return true;
		start = pieces[i].range.end + 1;
	}
	return false;
}
EXPORT_SYMBOL_GPL(soft_reserve_contains);

/**
 * soft_reserve_suspend_ok() - may the machine go to sleep
 *
 * CXL devices lose their decoders, which only CXL's drivers know how to set up
 * again, and not for memory in use.
 *
 * Context: Process context, may sleep.
 * Return: false if HMEM owns memory behind a CXL window.
 */
bool soft_reserve_suspend_ok(void)
{
	guard(mutex)(&soft_reserve_mutex);
	for (unsigned int i = 0; i < nr_pieces; i++)
		if (pieces[i].windowed && pieces[i].state == SOFT_RESERVE_HMEM)
			return false;
	return true;
}

/* A peer whose module is going has no regions any more: as good as none */
static const struct soft_reserve_peer *peer_get(void)
{
	lockdep_assert_held(&soft_reserve_mutex);
	if (soft_reserve_peer && try_module_get(soft_reserve_peer->owner))
		return soft_reserve_peer;
	return NULL;
}

/**
 * soft_reserve_register_peer() - CXL is here
 * @peer: its operations, constant until soft_reserve_unregister_peer()
 *
 * Context: Process context, may sleep. Before the first region exists.
 */
void soft_reserve_register_peer(const struct soft_reserve_peer *peer)
{
	guard(mutex)(&soft_reserve_mutex);
	WARN_ON(soft_reserve_peer);
	soft_reserve_peer = peer;
}
EXPORT_SYMBOL_GPL(soft_reserve_register_peer);

/**
 * soft_reserve_unregister_peer() - CXL goes
 * @peer: what was registered
 *
 * Context: Process context, may sleep. After the last region is gone; from a
 * module's exit, so that no operation of @peer still runs.
 */
void soft_reserve_unregister_peer(const struct soft_reserve_peer *peer)
{
	guard(mutex)(&soft_reserve_mutex);
	if (soft_reserve_peer == peer)
		soft_reserve_peer = NULL;
}
EXPORT_SYMBOL_GPL(soft_reserve_unregister_peer);

static void peer_call(void (*fn)(void), const struct soft_reserve_peer *peer)
{
	fn();
	module_put(peer->owner);
}

/**
 * soft_reserve_flush_peer() - wait for the region discovery that CXL has queued
 *
 * Context: Process context, sleeps. No locks held, and nothing that CXL's
 * workqueue may wait for.
 */
void soft_reserve_flush_peer(void)
{
	const struct soft_reserve_peer *peer;

	scoped_guard(mutex, &soft_reserve_mutex)
		peer = peer_get();
	if (peer)
		peer_call(peer->flush, peer);
}

/**
 * soft_reserve_attach_peer() - bind the devices of CXL that waited for a decision
 *
 * Context: Process context, sleeps. No locks held.
 */
void soft_reserve_attach_peer(void)
{
	const struct soft_reserve_peer *peer;

	scoped_guard(mutex, &soft_reserve_mutex)
		peer = peer_get();
	if (peer)
		peer_call(peer->attach, peer);
}

/**
 * soft_reserve_begin() - keep regions and owners from changing
 *
 * Takes the peer's lock, then soft_reserve_lock(). Without a peer the latter is
 * enough: no region goes into iomem_resource without it.
 *
 * Context: Process context, may sleep. Inner to device locks and to
 * dax_region_rwsem.
 * Return: the peer to hand to soft_reserve_end(), or NULL if there is none.
 */
const struct soft_reserve_peer *soft_reserve_begin(void)
{
	const struct soft_reserve_peer *peer;

	soft_reserve_lock();
	peer = peer_get();
	if (!peer)
		return NULL;
	soft_reserve_unlock();

	peer->lock();
	soft_reserve_lock();
	return peer;
}

/**
 * soft_reserve_end() - undo soft_reserve_begin()
 * @peer: what soft_reserve_begin() returned
 */
void soft_reserve_end(const struct soft_reserve_peer *peer)
{
	soft_reserve_unlock();
	if (peer)
		peer_call(peer->unlock, peer);
}

static int piece_claim_hmem(struct soft_reserve *piece,
			    const struct soft_reserve_peer *peer)
{
	const enum soft_reserve_state old = piece->state;
	int rc;

	if (old == SOFT_RESERVE_PENDING)
		return -EPROBE_DEFER;
	/* by an edge that is not HMEM's to claim, for it is not aligned */
	if (piece->claims)
		return -EBUSY;
	if (piece->undecoded)
		return -ENXIO;

	/* what yields wants to know to whom */
	piece->state = SOFT_RESERVE_HMEM;
	if (peer)
		rc = peer->yield(&piece->range, &piece->entry);
	else
		rc = piece_publish(piece) ? 0 : -EBUSY;
	if (!rc) {
		piece_hold(piece);
		return 0;
	}

	piece->state = old;
	if (peer)
		peer->restore(&piece->range);
	return rc;
}

/**
 * soft_reserve_claim() - may this range be claimed
 * @range: what is to be claimed
 * @by: who asks
 * @peer: for HMEM: what soft_reserve_begin() returned
 *
 * For the arbiter, when no other claim overlaps @range. If HMEM asks, the pieces
 * are published in iomem_resource and CXL's regions yield. A region that alone
 * contains each piece that it overlaps need not wait for their decision.
 *
 * Context: The caller holds soft_reserve_begin() for HMEM, else
 * soft_reserve_lock().
 * Return: 0, -EBUSY if a piece belongs to another owner or iomem_resource has no
 * room for it, -EPROBE_DEFER if a piece is undecided, -ENXIO if HMEM asks for one
 * that nothing decodes any more, -ENOMEM.
 */
int soft_reserve_claim(const struct range *range, enum soft_reserve_claimant by,
		       const struct soft_reserve_peer *peer)
{
	struct soft_reserve *piece;
	int rc = 0;

	lockdep_assert_held(&soft_reserve_mutex);

	for_each_piece(piece, range) {
		if (by == SOFT_RESERVE_BY_HMEM)
			rc = piece_claim_hmem(piece, peer);
		else if (piece->state == SOFT_RESERVE_HMEM)
			rc = -EBUSY;
		else if (by == SOFT_RESERVE_BY_CXL &&
			 piece->state == SOFT_RESERVE_PENDING &&
			 !range_contains((struct range *)range, &piece->range))
			rc = -EPROBE_DEFER;
		/* a range of HMEM's lies in one piece: there is nothing to undo */
		if (rc && rc != -EPROBE_DEFER)
			return rc;
	}
	if (rc)
		return rc;

	for_each_piece(piece, range) {
		piece->claims++;
		if (by != SOFT_RESERVE_BY_CXL)
			continue;
		/* dax devices have no room beside an entry that is published */
		piece_withdraw(piece);
		if (piece->state == SOFT_RESERVE_FREE)
			piece->state = SOFT_RESERVE_CXL;
	}
	return 0;
}

/**
 * soft_reserve_unclaim() - a claim is released
 * @range: what was claimed
 * @by: who had it
 * @peer: for HMEM: what soft_reserve_begin() returned
 *
 * What was HMEM's leaves iomem_resource and is free for the regions of CXL.
 *
 * Context: As soft_reserve_claim().
 */
void soft_reserve_unclaim(const struct range *range, enum soft_reserve_claimant by,
			  const struct soft_reserve_peer *peer)
{
	struct soft_reserve *piece;

	lockdep_assert_held(&soft_reserve_mutex);

	for_each_piece(piece, range) {
		WARN_ON_ONCE(!piece->claims);
		piece->claims--;
		if (by != SOFT_RESERVE_BY_HMEM)
			continue;
		piece_free(piece, peer);
		if (piece->reopen) {
			piece_reopen(piece);
			ask();
		}
	}
}

/**
 * soft_reserve_forsake() - HMEM cannot serve what was decided to be its own
 * @range: the range that HMEM gives up
 *
 * Context: Process context, may sleep. Device locks and dax_region_rwsem may be
 * held.
 */
void soft_reserve_forsake(const struct range *range)
{
	const struct soft_reserve_peer *peer = soft_reserve_begin();
	struct soft_reserve *piece;

	for_each_piece(piece, range)
		if (piece->state == SOFT_RESERVE_HMEM && !piece->claims)
			piece_free(piece, peer);
	soft_reserve_end(peer);
}
EXPORT_SYMBOL_GPL(soft_reserve_forsake);

/**
 * soft_reserve_publish_all() - no HMEM driver will ever serve
 *
 * All that is undecided goes into iomem_resource, and CXL need not wait.
 *
 * Context: Process context, may sleep.
 */
void soft_reserve_publish_all(void)
{
	const struct soft_reserve_peer *peer = soft_reserve_begin();

	for (unsigned int i = 0; i < nr_pieces; i++) {
		if (pieces[i].state != SOFT_RESERVE_PENDING)
			continue;
		if (!piece_publish(&pieces[i]))
			pr_warn("%pR cannot be published\n", &pieces[i].hold);
		piece_unhold(&pieces[i]);
		pieces[i].state = SOFT_RESERVE_FREE;
	}
	soft_reserve_end(peer);
}

/**
 * soft_reserve_reopen() - have what nobody claims decided afresh
 *
 * What HMEM lets go of later, since a dax device is still open, is decided then.
 *
 * Context: Process context, may sleep.
 */
void soft_reserve_reopen(void)
{
	guard(mutex)(&soft_reserve_mutex);
	for (unsigned int i = 0; i < nr_pieces; i++) {
		if (!pieces[i].claims)
			piece_reopen(&pieces[i]);
		else if (pieces[i].state == SOFT_RESERVE_HMEM)
			pieces[i].reopen = true;
	}
}

static int region_cmp(const void *_a, const void *_b)
{
	const struct soft_reserve_region *a = _a, *b = _b;

	return a->range.start < b->range.start ? -1 : 1;
}

/* The first address of @p that no region covers, beyond its end if none */
static u64 first_gap(const struct range *p,
		     const struct soft_reserve_region *region, unsigned int nr)
{
	u64 addr = p->start;

	for (; nr && region->range.start <= addr; region++, nr--) {
		if (region->range.end >= p->end)
			return p->end + 1;
		addr = max(addr, region->range.end + 1);
	}
	return addr;
}

/**
 * soft_reserve_sweep() - find the pieces that regions cover
 * @piece: the pieces, sorted
 * @nr: how many
 * @region: the regions, sorted
 * @nr_regions: how many
 * @verdict: for each piece the outcome
 *
 * A region is claimed whole. So pieces that share a region stand or fall
 * together: one that is not covered, or is HMEM's already, costs its regions all
 * the others that they overlap. Neither pieces nor regions overlap among
 * themselves, which makes such a chain contiguous in both lists, and one sweep
 * over both is enough. Memory under a live claim is not taken away, whatever
 * becomes of its chain.
 */
VISIBLE_IF_KUNIT void
soft_reserve_sweep(const struct soft_reserve *piece, unsigned int nr,
		   const struct soft_reserve_region *region,
		   unsigned int nr_regions, struct soft_reserve_verdict *verdict)
{
	unsigned int i = 0, j = 0;

	while (i < nr) {
		struct soft_reserve_verdict chain = { .cxl = true };
		unsigned int first = i;
		bool linked;

		while (j < nr_regions && region[j].range.end < piece[i].range.start)
			j++;
		chain.first = j;

		do {
			const struct range *p = &piece[i].range;
			u64 gap = first_gap(p, region + j, nr_regions - j);

			if (piece[i].state == SOFT_RESERVE_HMEM)
				gap = p->start;
			if (chain.cxl && gap >= p->start && gap <= p->end) {
				chain.cxl = false;
				chain.gap = gap;
			}

			while (j < nr_regions && region[j].range.end <= p->end)
				j++;
			linked = j < nr_regions && region[j].range.start <= p->end;
			i++;
		} while (linked && i < nr &&
			 region[j].range.end >= piece[i].range.start);

		chain.nr = j + linked - chain.first;
		for (; first < i; first++) {
			verdict[first] = chain;
			if (piece[first].claims &&
			    piece[first].state != SOFT_RESERVE_HMEM)
				verdict[first].cxl = true;
		}
	}
}
EXPORT_SYMBOL_IF_KUNIT(soft_reserve_sweep);

static void log_cxl(struct device *host, const struct soft_reserve *piece,
		    const struct soft_reserve_region *region, unsigned int nr)
{
	char names[4 * (sizeof(region->name) + 1)] = "";
	unsigned int len = 0, found = 0;

	for (; nr; region++, nr--) {
		if (region->range.end < piece->range.start ||
		    region->range.start > piece->range.end)
			continue;
		if (found++ < 4)
			len += scnprintf(names + len, sizeof(names) - len, " %s",
					 region->name);
	}
	if (found)
		dev_info(host, "%pR is CXL's: covered by%s%s\n", &piece->hold,
			 names, found > 4 ? " ..." : "");
	else
		dev_info(host, "%pR is not HMEM's: it has been claimed\n",
			 &piece->hold);
}

static void log_hmem(struct device *host, const struct soft_reserve *piece,
		     const struct soft_reserve_verdict *verdict, const char *owner)
{
	if (piece->undecoded)
		dev_info(host, "%pR is free: its CXL decoders have been reset\n",
			 &piece->hold);
	else if (!piece->windowed)
		dev_info(host, "%pR is %s: outside every CXL window\n",
			 &piece->hold, owner);
	else if (verdict->nr)
		dev_info(host, "%pR is %s: CXL's regions do not cover %#llx\n",
			 &piece->hold, owner, verdict->gap);
	else
		dev_info(host, "%pR is %s: no CXL region covers it\n",
			 &piece->hold, owner);
}

/**
 * soft_reserve_decide() - give the pieces that are undecided an owner
 * @windowed: false: only what lies outside of every CXL window, which CXL cannot
 *	      want; true: everything
 * @host: device that the log speaks for, passed to @fn
 * @fn: called for each piece that became HMEM's, without locks of this layer;
 *	NULL if there is no HMEM driver: what is not CXL's is free then
 *
 * Context: Process context, sleeps. Device locks may be held.
 * Return: 0, or -ENOMEM, and then nothing was decided.
 */
int soft_reserve_decide(bool windowed, struct device *host, soft_reserve_fn fn)
{
	struct soft_reserve_verdict *verdicts __free(kvfree) = NULL;
	struct soft_reserve_region *regions __free(kvfree) = NULL;
	unsigned long *decided __free(bitmap) = NULL;
	const struct soft_reserve_peer *peer;
	int nr_regions = 0;
	unsigned int i;

	if (!nr_pieces)
		return 0;

	decided = bitmap_zalloc(nr_pieces, GFP_KERNEL);
	verdicts = kvcalloc(nr_pieces, sizeof(*verdicts), GFP_KERNEL);
	if (!decided || !verdicts)
		return -ENOMEM;

	peer = soft_reserve_begin();
	if (windowed && peer)
		nr_regions = peer->coverage(&regions);
	if (nr_regions < 0) {
		soft_reserve_end(peer);
		return nr_regions;
	}

	if (nr_regions)
		sort(regions, nr_regions, sizeof(*regions), region_cmp, NULL);
	soft_reserve_sweep(pieces, nr_pieces, regions, nr_regions, verdicts);

	for (i = 0; i < nr_pieces; i++) {
		struct soft_reserve_verdict *verdict = &verdicts[i];
		struct soft_reserve *piece = &pieces[i];

		if (piece->state != SOFT_RESERVE_PENDING ||
		    (piece->windowed && !windowed))
			continue;

		if (verdict->cxl) {
			piece_free(piece, peer);
			piece->state = SOFT_RESERVE_CXL;
			log_cxl(host, piece, regions + verdict->first, verdict->nr);
		} else if (fn && !piece->undecoded) {
			piece->state = SOFT_RESERVE_HMEM;
			__set_bit(i, decided);
			log_hmem(host, piece, verdict, "HMEM's");
		} else {
			piece_free(piece, peer);
			log_hmem(host, piece, verdict, "free, for want of a HMEM driver");
		}
	}
	soft_reserve_end(peer);

	for_each_set_bit(i, decided, nr_pieces)
		fn(host, &pieces[i]);
	return 0;
}
