// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: one owner for each piece of Soft Reserved memory
 *
 * Platform firmware marks memory for a specific purpose (EFI_MEMORY_SP, UEFI
 * 2.8 section 7.2). Two drivers may want it: dax_hmem, and the CXL subsystem if
 * the memory is behind a CXL window. This layer is built in and knows neither.
 * It keeps the ranges out of iomem_resource until they have an owner, decides
 * who that is, and keeps every allocator of physical addresses away from them:
 * only CXL, in its windows, may have what is neither undecided nor HMEM's.
 *
 * The unit is a *piece*: firmware's ranges, merged where they touch, then cut
 * where a CXL window (CEDT CFMWS, CXL 3.1 section 9.18.1.3) starts or ends and
 * where the NUMA node changes. A piece goes through these states::
 *
 *   PENDING ----- CXL's regions cover it -----> CXL -----.
 *    |   |                                       ^       |
 *    |   |                         CXL claims it |       |
 *    |   |                                       |       | hmem.N bound again,
 *    |   '------- nobody can serve it --------> FREE     | and CXL claims no
 *    |                                          ^ |      | part of it
 *    |                            HMEM lets go  | |      |
 *    |                                          | | hmem.N bound again
 *    |                                          | v      |
 *    '------------------ else ----------------> HMEM <---'
 *
 * When hmem_platform.0 is bound again, what nobody claims is PENDING once more;
 * so is what HMEM claims, as soon as it lets go (@reopen). What CXL has reset
 * the decoders of is never HMEM's again (@undecoded). If memory could not be
 * removed, its claim is held, and the piece stays as it is, until the machine
 * reboots.
 *
 * Locking. soft_reserve_mutex protects the state of every piece, the tree of
 * holds, the "DAX Regions" tree of the arbiter (drivers/dax/claim.c) and the
 * pointers to the peer and to who decides. It is taken inside of device locks,
 * of dax_region_rwsem and of the peer's lock (cxl_region_rwsem), and outside of
 * resource_lock. No device is added, attached or removed under it.
 *
 * A piece is cut further if somebody has claimed a part of it before HMEM could be
 * had, and around what a persistent region of CXL decodes: the rest is still for
 * HMEM. That happens when it is decided, and never to a piece of HMEM.
 */
#define pr_fmt(fmt) "soft_reserve: " fmt

#include <kunit/visibility.h>
#include <linux/device.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/soft_reserve.h>
#include <linux/sort.h>
#include <linux/wait.h>

#define CREATE_TRACE_POINTS
#include <trace/events/soft_reserve.h>

EXPORT_TRACEPOINT_SYMBOL_GPL(soft_reserve_yield);
EXPORT_TRACEPOINT_SYMBOL_GPL(soft_reserve_restore);
EXPORT_TRACEPOINT_SYMBOL_GPL(soft_reserve_reset_kept);

/*
 * What allocators have to keep away from: one child for each piece. A tree of its
 * own, and not in iomem_resource, since there it would be seen, and windows would
 * have to grow around it. Allocators in kernel/resource.c look at it under
 * resource_lock, which they hold anyway. To whoever allocates in a CXL window,
 * only those count that are IORES_DESC_SOFT_RESERVED: undecided, or HMEM's.
 */
struct resource soft_reserve_resource = {
	.name	= "Soft Reserved",
	.start	= 0,
	.end	= -1,
	.flags	= IORESOURCE_MEM,
};
EXPORT_SYMBOL_IF_KUNIT(soft_reserve_resource);

/* One child for each live claim, see drivers/dax/claim.c */
struct resource dax_regions = {
	.name	= "DAX Regions",
	.start	= 0,
	.end	= -1,
	.flags	= IORESOURCE_MEM,
};
EXPORT_SYMBOL_IF_KUNIT(dax_regions);

static DEFINE_MUTEX(soft_reserve_mutex);
static const struct soft_reserve_peer *soft_reserve_peer;
static struct device *soft_reserve_host;
static void (*soft_reserve_asked)(void);

/* A decision was made, or given up */
static DECLARE_WAIT_QUEUE_HEAD(soft_reserve_decided);
static unsigned int nr_decisions;

/* Sorted. Pieces are cut further under a decision only, see piece_cut() */
static struct soft_reserve **pieces;
static unsigned int nr_pieces;

static const char undecided[] = "not decided yet";
static const char reclaimed[] = "claimed since it was free";
static const char no_hmem[] = "there is no HMEM driver";

/* The first piece that reaches @addr or lies behind it, @nr if none */
static unsigned int piece_at(struct soft_reserve * const *piece, unsigned int nr,
			     u64 addr)
{
	unsigned int lo = 0, hi = nr;

	while (lo < hi) {
		unsigned int mid = lo + (hi - lo) / 2;

		if (piece[mid]->range.end < addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Each piece that overlaps the range @r, with its index in @i */
#define for_each_piece(piece, i, r)					\
	for (i = piece_at(pieces, nr_pieces, (r)->start);		\
	     i < nr_pieces && (piece = pieces[i]) &&			\
	     piece->range.start <= (r)->end;				\
	     i++)

static void piece_hold(struct soft_reserve *piece)
{
	lockdep_assert_held(&soft_reserve_mutex);
	WRITE_ONCE(piece->hold.desc, IORES_DESC_SOFT_RESERVED);
}

/* There is memory all the same, and maybe no window to say so: for CXL alone */
static void piece_unhold(struct soft_reserve *piece)
{
	lockdep_assert_held(&soft_reserve_mutex);
	WRITE_ONCE(piece->hold.desc, IORES_DESC_CXL);
}

/*
 * Without a peer, or before it has paired its windows: there are none, or they
 * come from a kernel without regions. Stay below one that has the very same
 * range.
 */
static int piece_insert(struct soft_reserve *piece)
{
	struct resource *window;

	if (piece->entry.parent)
		return 0;

	window = lookup_resource(&iomem_resource, piece->range.start);
	if (!window || window->desc != IORES_DESC_CXL ||
	    window->end != piece->range.end)
		window = &iomem_resource;
	return insert_resource(window, &piece->entry);
}

static int piece_publish(struct soft_reserve *piece,
			 const struct soft_reserve_peer *peer)
{
	const bool published = piece->entry.parent;
	int rc;

	lockdep_assert_held(&soft_reserve_mutex);
	rc = peer ? peer->yield(&piece->range, &piece->entry) : 0;
	rc = rc ?: piece_insert(piece);
	if (!rc && !published)
		trace_soft_reserve_publish(&piece->range);
	return rc;
}

static void piece_withdraw(struct soft_reserve *piece)
{
	lockdep_assert_held(&soft_reserve_mutex);
	if (!piece->entry.parent)
		return;
	remove_resource(&piece->entry);
	/* what was below is above now, and must not come back with it */
	piece->entry.child = NULL;
	trace_soft_reserve_withdraw(&piece->range);
}

static const struct {
	const char *state;	/* in debugfs and in traces */
	const char *whose;	/* in the log */
} words[] = {
	[SOFT_RESERVE_PENDING]	= { "pending", "nobody's yet" },
	[SOFT_RESERVE_CXL]	= { "cxl", "CXL's" },
	[SOFT_RESERVE_HMEM]	= { "hmem", "HMEM's" },
	[SOFT_RESERVE_FREE]	= { "free", "free" },
};

static __printf(3, 4) void piece_becomes(struct soft_reserve *piece,
					 enum soft_reserve_state state,
					 const char *why, ...)
{
	va_list args;

	lockdep_assert_held(&soft_reserve_mutex);
	piece->state = state;
	va_start(args, why);
	vscnprintf(piece->why, sizeof(piece->why), why, args);
	va_end(args);
	trace_soft_reserve_decide(&piece->range, words[state].state, piece->why);
}

/*
 * Not HMEM's any more: out of iomem_resource, where regions that yielded are
 * back.
 */
static void piece_drop(struct soft_reserve *piece,
		       const struct soft_reserve_peer *peer)
{
	piece_withdraw(piece);
	piece_unhold(piece);
	if (peer)
		peer->restore(&piece->range);
}

static void piece_free(struct soft_reserve *piece,
		       const struct soft_reserve_peer *peer, const char *why)
{
	piece_becomes(piece, SOFT_RESERVE_FREE, "%s", why);
	piece_drop(piece, peer);
}

/* Nobody's at all: if it was published at boot, it stays so until CXL claims it */
static void piece_leave(struct soft_reserve *piece,
			const struct soft_reserve_peer *peer, const char *why)
{
	piece_becomes(piece, SOFT_RESERVE_FREE, "%s", why);
	piece_unhold(piece);
	if (peer)
		peer->restore(&piece->range);
}

static void piece_reopen(struct soft_reserve *piece)
{
	piece_becomes(piece, SOFT_RESERVE_PENDING, undecided);
	piece->reopen = false;
	piece_hold(piece);
}

static struct soft_reserve *piece_copy(const struct soft_reserve *from, u64 start,
				       u64 end)
{
	struct soft_reserve *piece = kmemdup(from, sizeof(*from), GFP_KERNEL);

	if (!piece)
		return NULL;

	piece->range = (struct range) { start, end };
	piece->hold = DEFINE_RES_MEM_NAMED(start, end - start + 1, "Soft Reserved");
	piece->hold.desc = IORES_DESC_SOFT_RESERVED;
	piece->entry = piece->hold;
	piece->hold.desc = from->hold.desc;
	return piece;
}

static void pieces_free(struct soft_reserve **piece, unsigned int nr)
{
	for (unsigned int i = 0; piece && i < nr; i++)
		kfree(piece[i]);
	kvfree(piece);
}

/**
 * soft_reserve_start() - the pieces are cut, and wait for an owner
 * @cut: the pieces, sorted; copied
 * @nr: how many
 * @publish: put them into iomem_resource right away
 *
 * Context: Initcall.
 * Return: 0, or -ENOMEM, and then nothing is kept here.
 */
int __init soft_reserve_start(const struct soft_reserve *cut, unsigned int nr,
			      bool publish)
{
	struct soft_reserve **copies = kvcalloc(nr, sizeof(*copies), GFP_KERNEL);

	for (unsigned int i = 0; copies && i < nr; i++) {
		copies[i] = piece_copy(&cut[i], cut[i].range.start,
				       cut[i].range.end);
		if (!copies[i]) {
			pieces_free(copies, nr);
			copies = NULL;
			break;
		}
		copies[i]->origin = copies[i]->range.start;
	}
	if (!copies)
		return -ENOMEM;

	guard(mutex)(&soft_reserve_mutex);
	pieces = copies;
	nr_pieces = nr;
	for (unsigned int i = 0; i < nr; i++) {
		insert_resource(&soft_reserve_resource, &pieces[i]->hold);
		piece_becomes(pieces[i], SOFT_RESERVE_PENDING, undecided);
		if (publish && piece_publish(pieces[i], NULL))
			pr_warn("%pR cannot be published\n", &pieces[i]->hold);
	}
	return 0;
}

/*
 * Is a part of @range in no claim? The first one is in @gap. @claimed is in the
 * tree already, but does not count yet; here and below it may be NULL.
 */
static bool range_unclaimed(const struct range *range, struct range *gap,
			    const struct range *claimed)
{
	struct resource *claim;

	*gap = *range;
	for (claim = dax_regions.child; claim; claim = claim->sibling) {
		if (claim->end < gap->start ||
		    (claimed && claim->start == claimed->start))
			continue;
		if (claim->start > gap->start) {
			gap->end = min_t(u64, range->end, claim->start - 1);
			return true;
		}
		if (claim->end >= range->end)
			return false;
		gap->start = claim->end + 1;
	}
	return true;
}

static void piece_count_claims(struct soft_reserve *piece,
			       const struct range *claimed)
{
	struct resource *claim;

	piece->claims = 0;
	for (claim = dax_regions.child; claim; claim = claim->sibling)
		if (claim->start <= piece->range.end &&
		    claim->end >= piece->range.start &&
		    !(claimed && claim->start == claimed->start))
			piece->claims++;
}

/*
 * Cut a piece in two: @at starts the second one. Nobody has a pointer to a piece
 * without soft_reserve_mutex.
 */
static int piece_cut(unsigned int i, u64 at, const struct range *claimed)
{
	struct soft_reserve *old = pieces[i], *low, *high, **more;
	const bool published = old->entry.parent;

	lockdep_assert_held(&soft_reserve_mutex);

	low = piece_copy(old, old->range.start, at - 1);
	high = piece_copy(old, at, old->range.end);
	more = kvmalloc_array(nr_pieces + 1, sizeof(*more), GFP_KERNEL);
	if (!low || !high || !more) {
		kfree(low);
		kfree(high);
		kvfree(more);
		return -ENOMEM;
	}
	memcpy(more, pieces, i * sizeof(*more));
	more[i] = low;
	more[i + 1] = high;
	memcpy(more + i + 2, pieces + i + 1, (nr_pieces - i - 1) * sizeof(*more));

	/* the new holds go inside the old, so that there is no gap in time */
	insert_resource(&soft_reserve_resource, &low->hold);
	insert_resource(&soft_reserve_resource, &high->hold);
	remove_resource(&old->hold);
	piece_withdraw(old);
	kfree(old);

	kvfree(pieces);
	pieces = more;
	nr_pieces++;
	piece_count_claims(low, claimed);
	piece_count_claims(high, claimed);
	if (published && piece_publish(low, NULL))
		pr_warn("%pR cannot be published\n", &low->hold);
	if (published && piece_publish(high, NULL))
		pr_warn("%pR cannot be published\n", &high->hold);
	return 0;
}

/*
 * Somebody claimed a part of a piece before HMEM could be had, or as persistent
 * memory: the rest is a piece of its own. HMEM's are never cut.
 */
static int pieces_cut_at_claims(const struct range *claimed)
{
	struct range gap;
	int rc;

	for (unsigned int i = 0; i < nr_pieces; i++) {
		const struct range *range = &pieces[i]->range;

		if (!pieces[i]->claims || pieces[i]->state == SOFT_RESERVE_HMEM ||
		    !range_unclaimed(range, &gap, claimed))
			continue;
		if (gap.start > range->start)
			rc = piece_cut(i, gap.start, claimed);
		else if (gap.end < range->end)
			rc = piece_cut(i, gap.end + 1, claimed);
		else
			continue;
		if (rc)
			return rc;
	}
	return 0;
}

static bool pieces_belong_together(const struct soft_reserve *low,
				   const struct soft_reserve *high)
{
	return low->origin == high->origin &&
	       low->state == SOFT_RESERVE_PENDING &&
	       high->state == SOFT_RESERVE_PENDING &&
	       !low->claims && !high->claims &&
	       low->persistent == high->persistent &&
	       low->undecoded == high->undecoded;
}

/*
 * What was cut and is decided afresh is one piece again: else a memory block across
 * the cut could not come online. If memory is short, it stays cut.
 */
static void pieces_join(void)
{
	unsigned int i = 0;

	lockdep_assert_held(&soft_reserve_mutex);
	while (i + 1 < nr_pieces) {
		struct soft_reserve *low = pieces[i], *high = pieces[i + 1], *whole;
		const bool published = low->entry.parent || high->entry.parent;

		whole = pieces_belong_together(low, high) ?
			piece_copy(low, low->range.start, high->range.end) : NULL;
		if (!whole) {
			i++;
			continue;
		}

		/* around the two, so that there is no gap in time */
		insert_resource(&soft_reserve_resource, &whole->hold);
		release_resource(&low->hold);
		release_resource(&high->hold);
		piece_withdraw(low);
		piece_withdraw(high);
		kfree(low);
		kfree(high);

		pieces[i] = whole;
		nr_pieces--;
		memmove(pieces + i + 1, pieces + i + 2,
			(nr_pieces - i - 1) * sizeof(*pieces));
		if (published && piece_publish(whole, NULL))
			pr_warn("%pR cannot be published\n", &whole->hold);
	}
}

/*
 * What a persistent region decodes is a piece of its own, and so is what nothing
 * decodes any more
 */
static int pieces_cut_around(const struct range *region,
			     const struct range *claimed)
{
	const u64 edges[] = { region->start, region->end + 1 };
	int rc = 0;

	for (unsigned int e = 0; e < ARRAY_SIZE(edges) && !rc; e++) {
		const unsigned int i = piece_at(pieces, nr_pieces, edges[e]);

		if (edges[e] && i < nr_pieces &&
		    pieces[i]->range.start < edges[e] &&
		    pieces[i]->state != SOFT_RESERVE_HMEM)
			rc = piece_cut(i, edges[e], claimed);
	}
	return rc;
}

#if IS_ENABLED(CONFIG_KUNIT)
/**
 * soft_reserve_swap() - have other pieces and another peer, for a test
 * @other: the pieces, sorted; exchanged with those that are there
 * @nr: how many; likewise
 * @peer: what stands in for CXL; likewise
 *
 * Context: Process context, may sleep. Nobody else asks meanwhile.
 */
void soft_reserve_swap(struct soft_reserve ***other, unsigned int *nr,
		       const struct soft_reserve_peer **peer)
{
	guard(mutex)(&soft_reserve_mutex);
	swap(pieces, *other);
	swap(nr_pieces, *nr);
	swap(soft_reserve_peer, *peer);
}
EXPORT_SYMBOL_IF_KUNIT(soft_reserve_swap);

/**
 * soft_reserve_mock() - mark memory that firmware has not marked
 * @range: of the only piece, in a CXL window; stays until soft_reserve_unmock()
 *
 * For cxl_test, whose windows come up long after boot.
 *
 * Context: Process context, may sleep. Before a claim overlaps @range.
 * Return: 0, -EBUSY if there are pieces already, -ENOMEM.
 */
int soft_reserve_mock(const struct range *range)
{
	const struct soft_reserve window = {
		.nid = NUMA_NO_NODE,
		.windowed = true,
	};

	guard(mutex)(&soft_reserve_mutex);
	if (nr_pieces)
		return -EBUSY;

	pieces = kvcalloc(1, sizeof(*pieces), GFP_KERNEL);
	if (pieces)
		pieces[0] = piece_copy(&window, range->start, range->end);
	if (!pieces || !pieces[0] ||
	    request_resource(&soft_reserve_resource, &pieces[0]->hold)) {
		pieces_free(pieces, 1);
		pieces = NULL;
		return -ENOMEM;
	}
	nr_pieces = 1;
	piece_reopen(pieces[0]);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(soft_reserve_mock);
#endif

/**
 * soft_reserve_nr() - how many pieces of Soft Reserved memory are there
 *
 * Return: their number; from fs_initcall on it is zero or it is not.
 */
unsigned int soft_reserve_nr(void)
{
	return nr_pieces;
}
EXPORT_SYMBOL_IF_KUNIT(soft_reserve_nr);

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
 * soft_reserve_assert_locked() - have lockdep see that the lock is held
 *
 * For what others keep under soft_reserve_lock().
 */
void soft_reserve_assert_locked(void)
{
	lockdep_assert_held(&soft_reserve_mutex);
}

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
	unsigned int i;

	lockdep_assert_held(&soft_reserve_mutex);
	for_each_piece(piece, i, range)
		if (piece->state == SOFT_RESERVE_HMEM)
			return &piece->range;
	return NULL;
}
EXPORT_SYMBOL_GPL(soft_reserve_next_hmem);

static bool range_undecided(const struct range *range)
{
	struct soft_reserve *piece;
	unsigned int i;

	lockdep_assert_held(&soft_reserve_mutex);
	for_each_piece(piece, i, range)
		if (piece->state == SOFT_RESERVE_PENDING)
			return true;
	return false;
}

static void decision_over(void)
{
	lockdep_assert_held(&soft_reserve_mutex);
	nr_decisions++;
	wake_up_all(&soft_reserve_decided);
}

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
	lockdep_assert_held(&soft_reserve_mutex);
	if (!range_undecided(range))
		return false;
	ask();
	return true;
}
EXPORT_SYMBOL_GPL(soft_reserve_ask);

/**
 * soft_reserve_wait() - have what is undecided of a range decided
 * @range: physical addresses that somebody wants to have
 * @gone: becomes true when it is all over: soft_reserve_wake() is called then
 *
 * Context: Process context, sleeps, until CXL's initial probing is over. No locks
 * held, and nothing that a probe may wait for without setting @gone.
 * Return: 1 if there was a decision, 0 if nothing was undecided or @gone is set,
 * -ERESTARTSYS if the caller has a signal to look at, or is frozen.
 */
int soft_reserve_wait(const struct range *range, const bool *gone)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	unsigned int before;
	bool over;
	int rc = 1;

	scoped_guard(mutex, &soft_reserve_mutex) {
		if (!soft_reserve_asked || !soft_reserve_ask(range))
			return 0;
		before = nr_decisions;
	}

	add_wait_queue(&soft_reserve_decided, &wait);
	while (1) {
		scoped_guard(mutex, &soft_reserve_mutex)
			over = nr_decisions != before || !range_undecided(range);
		if (over)
			break;
		if (READ_ONCE(*gone)) {
			rc = 0;
			break;
		}
		if (signal_pending(current)) {
			rc = -ERESTARTSYS;
			break;
		}
		wait_woken(&wait, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
	}
	remove_wait_queue(&soft_reserve_decided, &wait);

	return rc;
}
EXPORT_SYMBOL_GPL(soft_reserve_wait);

/**
 * soft_reserve_wake() - have soft_reserve_wait() look whether it is all over
 */
void soft_reserve_wake(void)
{
	wake_up_all(&soft_reserve_decided);
}
EXPORT_SYMBOL_GPL(soft_reserve_wake);

/**
 * soft_reserve_undecided() - is there anything to decide
 *
 * Context: Process context, may sleep.
 * Return: true if a piece has no owner yet.
 */
bool soft_reserve_undecided(void)
{
	guard(mutex)(&soft_reserve_mutex);
	return range_undecided(&(struct range) { 0, U64_MAX });
}

/**
 * soft_reserve_windowed() - may the decoders of CXL devices be behind a range
 * @range: physical addresses
 *
 * Context: The caller holds soft_reserve_lock().
 * Return: true if a part of it is Soft Reserved in a CXL window.
 */
bool soft_reserve_windowed(const struct range *range)
{
	struct soft_reserve *piece;
	unsigned int i;

	lockdep_assert_held(&soft_reserve_mutex);
	for_each_piece(piece, i, range)
		if (piece->windowed)
			return true;
	return false;
}

/**
 * soft_reserve_on_ask() - say who gets the decision under way
 * @host: device that the log speaks for
 * @asked: called when somebody comes upon memory that is undecided, under
 *	   soft_reserve_lock(); has soft_reserve_decide() called soon. NULL if
 *	   nobody decides any more
 *
 * Context: Process context, may sleep.
 */
void soft_reserve_on_ask(struct device *host, void (*asked)(void))
{
	guard(mutex)(&soft_reserve_mutex);
	soft_reserve_host = host;
	soft_reserve_asked = asked;
	/* nobody waits for what nobody decides */
	if (!asked)
		decision_over();
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
	unsigned int i;

	guard(mutex)(&soft_reserve_mutex);
	/* if memory is short, HMEM loses more than it has to */
	if (pieces_cut_around(range, NULL))
		pr_warn("[mem %#010llx-%#010llx] is not cut out: no memory\n",
			range->start, range->end);
	for_each_piece(piece, i, range)
		piece->undecoded = true;
}
EXPORT_SYMBOL_GPL(soft_reserve_undecoded);

/**
 * soft_reserve_span() - do pieces span a range
 * @piece: the pieces, sorted
 * @nr: how many
 * @start: first address of the range
 * @end: its last address
 *
 * Return: true if each address of the range is in one of them.
 */
VISIBLE_IF_KUNIT bool soft_reserve_span(struct soft_reserve * const *piece,
					unsigned int nr, u64 start, u64 end)
{
	for (unsigned int i = piece_at(piece, nr, start);
	     i < nr && piece[i]->range.start <= start; i++) {
		if (piece[i]->range.end >= end)
			return true;
		start = piece[i]->range.end + 1;
	}
	return false;
}
EXPORT_SYMBOL_IF_KUNIT(soft_reserve_span);

/**
 * soft_reserve_contains() - has firmware marked all of a range
 * @start: first physical address
 * @size: in bytes
 *
 * Asks for what firmware has said, whoever owns it by now. For those who looked
 * for IORES_DESC_SOFT_RESERVED in iomem_resource, where it may not be.
 *
 * Context: Process context, may sleep; from fs_initcall on.
 * Return: true if all of the range is Soft Reserved.
 */
bool soft_reserve_contains(u64 start, u64 size)
{
	guard(mutex)(&soft_reserve_mutex);
	return soft_reserve_span(pieces, nr_pieces, start, start + size - 1);
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
		if (pieces[i]->windowed && pieces[i]->state == SOFT_RESERVE_HMEM)
			return false;
	return true;
}

/**
 * soft_reserve_clip() - what an allocator may have of a gap
 * @avail: free physical addresses; becomes the largest part of them that is not
 *	   Soft Reserved, the first one if there are two; empty (the end below the
 *	   start) if there is none
 *
 * Context: The caller holds resource_lock, which protects the tree of holds.
 */
void soft_reserve_clip(struct resource *avail)
{
	resource_size_t start = avail->start, best_start = 1, best_end = 0;
	const resource_size_t end = avail->end;
	struct resource *hold;

	if (resource_type(avail) != IORESOURCE_MEM)
		return;

	for (hold = soft_reserve_resource.child; hold && hold->start <= end;
	     hold = hold->sibling) {
		if (hold->end < start)
			continue;
		if (hold->start > start &&
		    (best_end < best_start ||
		     hold->start - start > best_end - best_start + 1)) {
			best_start = start;
			best_end = hold->start - 1;
		}
		if (hold->end >= end)
			goto out;
		start = hold->end + 1;
	}
	if (best_end < best_start || end - start > best_end - best_start) {
		best_start = start;
		best_end = end;
	}
out:
	avail->start = best_start;
	avail->end = best_end;
}
EXPORT_SYMBOL_IF_KUNIT(soft_reserve_clip);

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

/**
 * soft_reserve_settle_peer() - wait until CXL has probed what there is
 * @wait: waits for the probe of one device
 *
 * Context: Process context, sleeps. No locks held, and nothing that a probe or
 * CXL's workqueue may wait for.
 */
void soft_reserve_settle_peer(void (*wait)(struct device *dev))
{
	const struct soft_reserve_peer *peer;

	scoped_guard(mutex, &soft_reserve_mutex)
		peer = peer_get();
	if (!peer)
		return;
	peer->settle(wait);
	module_put(peer->owner);
}

/**
 * soft_reserve_attach_peer() - bind the devices of CXL that waited for a decision
 *
 * Context: Process context, sleeps. No locks held.
 */
void soft_reserve_attach_peer(void)
{
	const struct soft_reserve_peer *peer;
	struct range range = { };

	scoped_guard(mutex, &soft_reserve_mutex) {
		if (!nr_pieces)
			return;
		range.start = pieces[0]->range.start;
		range.end = pieces[nr_pieces - 1]->range.end;
		peer = peer_get();
	}
	if (!peer)
		return;
	peer->attach(&range);
	module_put(peer->owner);
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
	if (!peer)
		return;
	peer->unlock();
	module_put(peer->owner);
}

#if IS_ENABLED(CONFIG_KUNIT)
/**
 * soft_reserve_unmock() - undo soft_reserve_mock()
 *
 * Claims that are live stay in the arbiter's tree.
 *
 * Context: Process context, may sleep. When nobody decides any more.
 */
void soft_reserve_unmock(void)
{
	const struct soft_reserve_peer *peer = soft_reserve_begin();

	for (unsigned int i = 0; i < nr_pieces; i++) {
		pieces[i]->state = SOFT_RESERVE_FREE;
		piece_drop(pieces[i], peer);
		release_resource(&pieces[i]->hold);
	}
	pieces_free(pieces, nr_pieces);
	nr_pieces = 0;
	pieces = NULL;
	soft_reserve_end(peer);
}
EXPORT_SYMBOL_IF_KUNIT(soft_reserve_unmock);
#endif

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
	if (piece->persistent)
		return -EBUSY;

	/* what yields wants to know to whom */
	piece->state = SOFT_RESERVE_HMEM;
	rc = piece_publish(piece, peer);
	if (!rc) {
		piece_hold(piece);
		if (old != SOFT_RESERVE_HMEM)
			piece_becomes(piece, SOFT_RESERVE_HMEM, reclaimed);
		return 0;
	}

	piece->state = old;
	if (peer)
		peer->restore(&piece->range);
	return rc;
}

/**
 * soft_reserve_unclaim() - a claim is released
 * @range: what was claimed
 * @by: who had it
 * @peer: for HMEM and CXL: what soft_reserve_begin() returned
 *
 * What was HMEM's leaves iomem_resource and is free for the regions of CXL.
 *
 * Context: As soft_reserve_claim().
 */
void soft_reserve_unclaim(const struct range *range, enum soft_reserve_claimant by,
			  const struct soft_reserve_peer *peer)
{
	struct soft_reserve *piece;
	unsigned int i;

	lockdep_assert_held(&soft_reserve_mutex);

	for_each_piece(piece, i, range) {
		WARN_ON_ONCE(!piece->claims);
		piece->claims--;
		if (by != SOFT_RESERVE_BY_HMEM)
			continue;
		piece_free(piece, peer, "HMEM has let go of it");
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
	unsigned int i;

	for_each_piece(piece, i, range) {
		if (piece->state != SOFT_RESERVE_HMEM || piece->claims)
			continue;
		piece_leave(piece, peer, "HMEM cannot serve it");
		/* nothing to decide, but regions may wait to be attached */
		ask();
	}
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
		if (pieces[i]->state != SOFT_RESERVE_PENDING)
			continue;
		if (piece_publish(pieces[i], NULL))
			pr_warn("%pR cannot be published\n", &pieces[i]->hold);
		piece_unhold(pieces[i]);
		piece_becomes(pieces[i], SOFT_RESERVE_FREE, no_hmem);
	}
	soft_reserve_end(peer);
}

/**
 * soft_reserve_reopen() - have what nobody claims decided afresh
 *
 * What HMEM lets go of later, since a dax device is still open, is decided then.
 *
 * Context: Process context, may sleep. The lock of the device that decides is
 * held.
 * Return: 0, or -ENOMEM, and then nothing is decided afresh.
 */
int soft_reserve_reopen(void)
{
	/* so that CXL allocates nothing meanwhile */
	const struct soft_reserve_peer *peer = soft_reserve_begin();
	int rc = pieces_cut_at_claims(NULL);

	for (unsigned int i = 0; i < nr_pieces && !rc; i++) {
		if (!pieces[i]->claims)
			piece_reopen(pieces[i]);
		else if (pieces[i]->state == SOFT_RESERVE_HMEM)
			pieces[i]->reopen = true;
	}
	pieces_join();
	soft_reserve_end(peer);
	return rc;
}

static int region_cmp(const void *_a, const void *_b)
{
	const struct soft_reserve_region *a = _a, *b = _b;

	if (a->pmem != b->pmem)
		return a->pmem - b->pmem;
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
soft_reserve_sweep(struct soft_reserve * const *piece, unsigned int nr,
		   const struct soft_reserve_region *region,
		   unsigned int nr_regions, struct soft_reserve_verdict *verdict)
{
	unsigned int i = 0, j = 0;

	while (i < nr) {
		bool cxl = true, linked;
		unsigned int first = i;
		u64 gap = 0;

		while (j < nr_regions && region[j].range.end < piece[i]->range.start)
			j++;

		do {
			const struct range *p = &piece[i]->range;
			u64 addr = first_gap(p, region + j, nr_regions - j);

			if (piece[i]->state == SOFT_RESERVE_HMEM)
				addr = p->start;
			if (cxl && addr >= p->start && addr <= p->end) {
				cxl = false;
				gap = addr;
			}

			verdict[i].first = j;
			while (j < nr_regions && region[j].range.end <= p->end)
				j++;
			linked = j < nr_regions && region[j].range.start <= p->end;
			verdict[i].nr = j + linked - verdict[i].first;
			i++;
		} while (linked && i < nr &&
			 region[j].range.end >= piece[i]->range.start);

		for (; first < i; first++) {
			verdict[first].cxl = cxl || (piece[first]->claims &&
				piece[first]->state != SOFT_RESERVE_HMEM);
			verdict[first].gap = gap;
		}
	}
}
EXPORT_SYMBOL_IF_KUNIT(soft_reserve_sweep);

static void piece_becomes_cxl(struct soft_reserve *piece,
			      const struct soft_reserve_region *region,
			      unsigned int nr)
{
	char names[4 * (sizeof(region->name) + 1)] = "";
	unsigned int len = 0;

	for (unsigned int i = 0; i < nr && i < 4; i++)
		len += scnprintf(names + len, sizeof(names) - len, " %s",
				 region[i].name);
	if (nr)
		piece_becomes(piece, SOFT_RESERVE_CXL, "covered by%s%s", names,
			      nr > 4 ? " ..." : "");
	else
		piece_becomes(piece, SOFT_RESERVE_CXL, "it has been claimed");
}

static void piece_becomes_hmem(struct soft_reserve *piece,
			       const struct soft_reserve_verdict *verdict)
{
	if (!piece->windowed)
		piece_becomes(piece, SOFT_RESERVE_HMEM, "outside every CXL window");
	else if (verdict->nr)
		piece_becomes(piece, SOFT_RESERVE_HMEM,
			      "CXL's regions do not cover %#llx", verdict->gap);
	else
		piece_becomes(piece, SOFT_RESERVE_HMEM, "no CXL region covers it");
}

/**
 * soft_reserve_aligned() - may a dax region have a range
 * @range: the range
 * @align: what dax demands, in bytes, a power of two
 *
 * Return: true if both its ends are aligned.
 */
bool soft_reserve_aligned(const struct range *range, u64 align)
{
	return IS_ALIGNED(range->start, align) && IS_ALIGNED(range->end + 1, align);
}
EXPORT_SYMBOL_GPL(soft_reserve_aligned);

/**
 * soft_reserve_trim() - the part of a range that a dax region may have
 * @range: the range; its ends move inwards
 * @align: what dax demands, in bytes, a power of two
 *
 * Return: true if there is such a part, else @range is not changed.
 */
bool soft_reserve_trim(struct range *range, u64 align)
{
	const u64 start = ALIGN(range->start, align);
	/* the first address behind it; 0 is behind the last that there is */
	const u64 end = ALIGN_DOWN(range->end + 1, align);

	if (start < range->start || start > range->end ||
	    (end <= start && (end || range->end != U64_MAX)))
		return false;
	*range = (struct range) { start, end - 1 };
	return true;
}
EXPORT_SYMBOL_GPL(soft_reserve_trim);

/* What CXL's regions cover by now, and what becomes of each piece */
struct coverage {
	struct soft_reserve_region *regions, *pmem;
	unsigned int nr, nr_ram, nr_pmem;
	struct soft_reserve_verdict *verdicts;
};

static void coverage_free(struct coverage *c)
{
	kvfree(c->regions);
	kvfree(c->verdicts);
}

/**
 * soft_reserve_disjoint() - drop the regions that overlap another one
 * @region: the regions, sorted; those that are left are the first ones afterwards
 * @nr: how many
 *
 * Of regions that overlap each other none can be served whole: firmware has made a
 * mistake.
 *
 * Return: how many are left.
 */
VISIBLE_IF_KUNIT unsigned int
soft_reserve_disjoint(struct soft_reserve_region *region, unsigned int nr)
{
	unsigned int kept = 0;
	u64 end = 0;

	for (unsigned int i = 0; i < nr; i++) {
		const bool below = i && region[i].range.start <= end;
		const bool above = i + 1 < nr &&
				   region[i + 1].range.start <= region[i].range.end;

		end = max(end, region[i].range.end);
		if (!below && !above)
			region[kept++] = region[i];
	}
	return kept;
}
EXPORT_SYMBOL_IF_KUNIT(soft_reserve_disjoint);

/* Cuts pieces where one is claimed, or persistent, in part */
static int coverage_get(struct coverage *c, const struct soft_reserve_peer *peer,
			const struct range *claimed)
{
	int rc = peer ? peer->coverage(&c->regions, claimed) : 0;

	if (rc < 0)
		return rc;

	c->nr = rc;
	if (c->nr)
		sort(c->regions, c->nr, sizeof(*c->regions), region_cmp, NULL);
	while (c->nr_ram < c->nr && !c->regions[c->nr_ram].pmem)
		c->nr_ram++;
	c->pmem = c->regions + c->nr_ram;
	c->nr_pmem = c->nr - c->nr_ram;
	c->nr_ram = soft_reserve_disjoint(c->regions, c->nr_ram);

	rc = pieces_cut_at_claims(claimed);
	for (unsigned int i = 0; i < c->nr_pmem && !rc; i++)
		rc = pieces_cut_around(&c->pmem[i].range, claimed);
	if (rc)
		return rc;

	c->verdicts = kvcalloc(nr_pieces, sizeof(*c->verdicts), GFP_KERNEL);
	if (!c->verdicts)
		return -ENOMEM;
	soft_reserve_sweep(pieces, nr_pieces, c->regions, c->nr_ram, c->verdicts);
	return 0;
}

/* The persistent region that decodes a piece, NULL if there is none */
static const struct soft_reserve_region *
coverage_pmem(const struct coverage *c, const struct soft_reserve *piece)
{
	for (unsigned int i = 0; i < c->nr_pmem; i++)
		if (c->pmem[i].range.start <= piece->range.end &&
		    c->pmem[i].range.end >= piece->range.start)
			return &c->pmem[i];
	return NULL;
}

static void log_decision(struct device *host, const struct soft_reserve *piece)
{
	dev_info(host, "%pR is %s: %s\n", &piece->hold, words[piece->state].whose,
		 piece->why);
}

/* It has no owner, though somebody could serve it */
static void log_no_hmem(struct device *host, const struct soft_reserve *piece)
{
	dev_warn(host, "%pR is %s: %s, load dax_hmem to use it\n", &piece->hold,
		 words[piece->state].whose, piece->why);
}

/* Is it CXL's? Then restore() is still to be called */
static bool decide_cxl(struct soft_reserve *piece, const struct coverage *c,
		       const struct soft_reserve_verdict *verdict)
{
	const struct soft_reserve_region *pmem = coverage_pmem(c, piece);

	if (verdict->cxl)
		piece_becomes_cxl(piece, c->regions + verdict->first, verdict->nr);
	else if (pmem)
		piece_becomes(piece, SOFT_RESERVE_CXL,
			      "%s decodes it, which is persistent", pmem->name);
	else if (piece->persistent && !piece->undecoded)
		piece_becomes(piece, SOFT_RESERVE_CXL, "it is persistent");
	else
		return false;
	piece->persistent |= !!pmem;
	piece_drop(piece, NULL);
	return true;
}

/*
 * A region claims @claimed, and so may complete what covers a piece: what is CXL's
 * for sure does not wait for the rest to be decided.
 */
static void decide_covered(const struct soft_reserve_peer *peer,
			   const struct range *claimed)
{
	struct range all = { U64_MAX, 0 };
	struct coverage c = { };

	if (coverage_get(&c, peer, claimed) == 0) {
		for (unsigned int i = 0; i < nr_pieces; i++) {
			struct soft_reserve *piece = pieces[i];

			if (piece->state != SOFT_RESERVE_PENDING ||
			    !decide_cxl(piece, &c, &c.verdicts[i]))
				continue;
			log_decision(soft_reserve_host, piece);
			all.start = min(all.start, piece->range.start);
			all.end = max(all.end, piece->range.end);
		}
	}
	if (peer && all.start <= all.end)
		peer->restore(&all);
	wake_up_all(&soft_reserve_decided);
	coverage_free(&c);
}

/* HMEM's ranges are made of one piece each */
static int claim_hmem(const struct range *range,
		      const struct soft_reserve_peer *peer)
{
	const unsigned int i = piece_at(pieces, nr_pieces, range->start);
	struct soft_reserve *piece;
	unsigned int j;
	int rc;

	/* not Soft Reserved at all: as good as any other range */
	if (i == nr_pieces || pieces[i]->range.start > range->end)
		return 0;
	/* cut since its device was made? */
	for_each_piece(piece, j, range)
		if (piece->undecoded)
			return -ENXIO;
	if (!range_contains(&pieces[i]->range, (struct range *)range))
		return -EINVAL;

	rc = piece_claim_hmem(pieces[i], peer);
	if (!rc)
		pieces[i]->claims++;
	return rc;
}

static int claim_cxl(const struct range *range,
		     const struct soft_reserve_peer *peer)
{
	struct range withdrawn = *range;
	struct soft_reserve *piece;
	unsigned int i;

	if (soft_reserve_next_hmem(range))
		return -EBUSY;
	/* it may cover a piece alone, or be the last of those that do */
	if (range_undecided(range))
		decide_covered(peer, range);
	if (range_undecided(range))
		return -EPROBE_DEFER;

	for_each_piece(piece, i, range) {
		piece->claims++;
		/* regions and dax devices have no room beside what is published */
		if (piece->entry.parent) {
			withdrawn.start = min(withdrawn.start, piece->range.start);
			withdrawn.end = max(withdrawn.end, piece->range.end);
		}
		piece_withdraw(piece);
		if (piece->state == SOFT_RESERVE_FREE)
			piece_becomes(piece, SOFT_RESERVE_CXL, reclaimed);
	}
	if (peer)
		peer->restore(&withdrawn);
	return 0;
}

static int claim_other(const struct range *range)
{
	struct soft_reserve *piece;
	unsigned int i;

	if (soft_reserve_next_hmem(range))
		return -EBUSY;
	for_each_piece(piece, i, range)
		piece->claims++;
	return 0;
}

/**
 * soft_reserve_claim() - may this range be claimed
 * @range: what is to be claimed, in the "DAX Regions" tree already
 * @by: who asks
 * @peer: for HMEM and CXL: what soft_reserve_begin() returned
 *
 * For the arbiter, when no other claim overlaps @range. If HMEM asks, the piece is
 * published in iomem_resource and CXL's regions yield. A region that covers each
 * piece that it overlaps, alone or as the last of several, decides them.
 *
 * Context: The caller holds soft_reserve_begin() for HMEM and CXL, else
 * soft_reserve_lock().
 * Return: 0, -EBUSY if a piece belongs to another owner or iomem_resource has no
 * room for it, -EPROBE_DEFER if a piece is undecided, -ENXIO if HMEM asks for one
 * that nothing decodes any more, -EINVAL if HMEM asks for more than one piece,
 * -ENOMEM.
 */
int soft_reserve_claim(const struct range *range, enum soft_reserve_claimant by,
		       const struct soft_reserve_peer *peer)
{
	lockdep_assert_held(&soft_reserve_mutex);

	switch (by) {
	case SOFT_RESERVE_BY_HMEM:
		return claim_hmem(range, peer);
	case SOFT_RESERVE_BY_CXL:
		return claim_cxl(range, peer);
	default:
		return claim_other(range);
	}
}

/**
 * soft_reserve_decide() - give the pieces that are undecided an owner
 * @windowed: false: only what lies outside of every CXL window, which CXL cannot
 *	      want; true: everything
 * @host: device that the log speaks for, passed to @fn
 * @fn: called for each piece that became HMEM's, without locks of this layer;
 *	NULL if there is no HMEM driver: what is not CXL's is free then
 *
 * Context: Process context, sleeps. @host's lock is held.
 * Return: 0, or -ENOMEM, and then nothing was decided.
 */
int soft_reserve_decide(bool windowed, struct device *host, soft_reserve_fn fn)
{
	struct soft_reserve *first = NULL, *last = NULL;
	/* copies: pieces may go when the lock is dropped */
	struct soft_reserve *decided __free(kvfree) = NULL;
	const struct soft_reserve_peer *peer;
	unsigned int i, nr_decided = 0;
	struct coverage c = { };
	int rc;

	if (!nr_pieces)
		return 0;

	peer = soft_reserve_begin();
	rc = coverage_get(&c, windowed ? peer : NULL, NULL);
	if (!rc) {
		decided = kvcalloc(nr_pieces, sizeof(*decided), GFP_KERNEL);
		rc = decided ? 0 : -ENOMEM;
	}

	for (i = 0; i < nr_pieces && !rc; i++) {
		void (*log)(struct device *host, const struct soft_reserve *piece) =
			log_decision;
		struct soft_reserve *piece = pieces[i];
		struct range range = piece->range;

		if (piece->state != SOFT_RESERVE_PENDING ||
		    (piece->windowed && !windowed))
			continue;

		if (decide_cxl(piece, &c, &c.verdicts[i])) {
			;
		} else if (piece->undecoded) {
			piece_free(piece, NULL, "its CXL decoders have been reset");
		} else if (piece->restricted) {
			piece_leave(piece, NULL,
				    "its CXL window is not for volatile memory of the host");
		} else if (!fn) {
			piece_leave(piece, NULL, no_hmem);
			log = log_no_hmem;
		} else if (!soft_reserve_trim(&range, PMD_SIZE)) {
			piece_leave(piece, NULL, "it is too small for a dax device");
		} else {
			piece_becomes_hmem(piece, &c.verdicts[i]);
			decided[nr_decided++] = *piece;
		}
		if (piece->state != SOFT_RESERVE_HMEM) {
			first = first ?: piece;
			last = piece;
		}
		log(host, piece);
	}
	/* once for all of them, since each time every region is looked at */
	if (peer && first)
		peer->restore(&(struct range) { first->range.start, last->range.end });
	coverage_free(&c);
	if (windowed)
		decision_over();
	soft_reserve_end(peer);
	if (rc)
		return rc;

	for (i = 0; i < nr_decided; i++)
		fn(host, &decided[i]);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(soft_reserve_decide);

/**
 * soft_reserve_show() - list the pieces, who owns them, and why
 * @m: the file to print to, a line for each piece
 *
 * Context: The caller holds soft_reserve_lock().
 */
void soft_reserve_show(struct seq_file *m)
{
	lockdep_assert_held(&soft_reserve_mutex);
	for (unsigned int i = 0; i < nr_pieces; i++)
		seq_printf(m, "soft-reserved range=%llx-%llx node=%d state=%s reason=\"%s\"\n",
			   pieces[i]->range.start, pieces[i]->range.end,
			   pieces[i]->nid, words[pieces[i]->state].state,
			   pieces[i]->why);
}
