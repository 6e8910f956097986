// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/dax/regions: each claim, each piece and its cause, and who was
 * refused. Format: Documentation/ABI/testing/debugfs-dax
 *
 * Locking: the refusals are protected by dax_arbiter_mutex.
 */
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/init.h>
#include <linux/once.h>
#include <linux/sched/clock.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <trace/events/soft_reserve.h>
#include "internal.h"

/**
 * struct refusal - a device was refused a range, or a change of its decoders
 * @range: the range
 * @error: error code of the refusal
 * @count: how often
 * @last: when, the last time, as local_clock() in ns
 * @who: name of the device that was refused
 * @owner: who was in the way
 */
struct refusal {
	struct range range;
	int error;
	unsigned int count;
	u64 last;
	char who[32];
	char owner[32];
};

/* Ring of the last distinct refusals */
static struct refusal refusals[32];
static unsigned int nr_refusals;

#define for_each_refusal(r)						\
	for (r = refusals;						\
	     r < refusals + min(nr_refusals, ARRAY_SIZE(refusals)); r++)

/**
 * refusal_note() - record a refusal, for debugfs and traces
 * @dev: device that was refused
 * @res: range
 * @owner: who was in the way
 * @error: error code of the refusal
 *
 * Context: Under the arbiter's lock.
 */
void refusal_note(struct device *dev, const struct resource *res,
		  const char *owner, int error)
{
	const struct range range = { res->start, res->end };
	const char *who = dev_name(dev);
	struct refusal *r;

	lockdep_assert_held(&dax_arbiter_mutex);
	trace_soft_reserve_refuse(&range, who, owner, error);
	if (!IS_ENABLED(CONFIG_DEBUG_FS))
		return;

	for_each_refusal(r) {
		if (r->error == error && !memcmp(&r->range, &range, sizeof(range)) &&
		    !strncmp(r->who, who, sizeof(r->who) - 1) &&
		    !strncmp(r->owner, owner, sizeof(r->owner) - 1))
			goto found;
	}

	r = &refusals[nr_refusals++ % ARRAY_SIZE(refusals)];
	*r = (struct refusal) { .range = range, .error = error };
	strscpy(r->who, who);
	strscpy(r->owner, owner);
found:
	r->count++;
	r->last = local_clock();
}

/* In the format of the kernel log */
static void show_time(struct seq_file *m, const char *what, u64 ns)
{
	const u32 rest = do_div(ns, NSEC_PER_SEC);

	seq_printf(m, " %s=%llu.%06lu", what, ns, rest / NSEC_PER_USEC);
}

static bool claim_was_in_the_way(const struct dax_claim *claim,
				 const struct refusal *refusal)
{
	const struct range range = { claim->res.start, claim->res.end };

	return ranges_overlap(&range, &refusal->range) &&
	       !strncmp(refusal->owner, claim->owner, sizeof(refusal->owner) - 1);
}

static bool still_claimed(const struct refusal *refusal)
{
	struct dax_claim *claim;

	for_each_claim(claim)
		if (claim_was_in_the_way(claim, refusal))
			return true;
	return false;
}

/* Refusals because of @claim, or, if NULL, because of no claim that exists */
static void show_refusals(struct seq_file *m, const struct dax_claim *claim)
{
	const struct refusal *r;

	for_each_refusal(r) {
		if (claim ? !claim_was_in_the_way(claim, r) : still_claimed(r))
			continue;
		seq_printf(m, "%srefused range=%llx-%llx error=%d count=%u",
			   claim ? "  " : "", r->range.start, r->range.end, r->error,
			   r->count);
		show_time(m, "last", r->last);
		seq_printf(m, " owner=%s who=%s\n", r->owner, r->who);
	}
}

static void show_claim(struct seq_file *m, const struct dax_claim *claim)
{
	static const char * const kinds[] = {
		[DAX_CLAIM_HMEM] = "hmem",
		[DAX_CLAIM_CXL]	 = "cxl",
		[DAX_CLAIM_PMEM] = "pmem",
	};

	seq_printf(m, "claim range=%llx-%llx kind=%s state=%s",
		   (u64)claim->res.start, (u64)claim->res.end, kinds[claim->kind],
		   claim->held ? "held" : "live");
	show_time(m, "since", claim->since);
	seq_printf(m, " owner=%s\n", claim->owner);
}

static void show_piece(struct seq_file *m, const struct soft_reserve_piece *piece)
{
	char buf[REASON_SIZE];

	seq_printf(m, "soft-reserved range=%llx-%llx node=%d state=%s reason=\"%s\" cause=%s\n",
		   piece->range.start, piece->range.end, piece->nid,
		   piece_state_name(piece), piece_reason(piece, buf),
		   piece_cause_name(piece));
}

static int regions_show(struct seq_file *m, void *unused)
{
	const struct dax_claim *claim;

	guard(dax_arbiter)();
	for_each_claim(claim) {
		show_claim(m, claim);
		show_refusals(m, claim);
	}
	for (unsigned int i = 0; i < dax_arbiter.nr; i++)
		show_piece(m, dax_arbiter.pieces[i]);
	show_refusals(m, NULL);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(regions);

static void create_regions_file(void)
{
	debugfs_create_file("regions", 0400, debugfs_create_dir("dax", NULL),
			    NULL, &regions_fops);
}

/**
 * arbiter_debugfs_init() - create the file, once there is something to show
 *
 * Many machines never have a piece or a claim: no file is created there.
 *
 * Context: Process context, may sleep.
 */
void arbiter_debugfs_init(void)
{
	DO_ONCE_SLEEPABLE(create_regions_file);
}

static int __init show_pieces(void)
{
	if (dax_arbiter.nr)
		arbiter_debugfs_init();
	return 0;
}
device_initcall(show_pieces);
