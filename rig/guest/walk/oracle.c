// SPDX-License-Identifier: GPL-2.0
/*
 * What has to hold after each step, whatever it was. It knows what is promised, and
 * nothing of how the kernel does it:
 *
 *	a	no byte has two owners, and iomem, debugfs and dax devices agree
 *	b	a piece changes its state only as the table of states allows for that event
 *	c	what was written to memory or a dax device in use is there
 *	d	decoders under memory in use stay, and what is committed is accounted for
 *	e	a refusal has a reason, a line in the log, and no effect
 *	f	what is idle can be taken down and set up again: see teardown.c
 *	g	no report of the kernel on itself, nothing hangs, nothing is left behind
 *
 * What is found is looked at again for a while, since the kernel may be at it still,
 * and counts if it stays.
 */
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "walk.h"

#define PATIENCE	20	/* looks, 100 ms apart */

bool failed;

static int counts['z' + 1];
static char found[8192];	/* in this look */
static char log_text[65536];
static int kmsg = -1;

int violations(char promise) { return counts[(int)promise]; }

/* broken: note it; it counts at the end of the step, if it is still so */
void broken(char promise, const char *format, ...)
{
	size_t used = strlen(found);
	va_list args;

	/* what comes after the step that broke one is not to be believed */
	if (failed || used + 512 > sizeof(found))
		return;
	used += sprintf(found + used, "%c ", promise);
	va_start(args, format);
	used += vsnprintf(found + used, sizeof(found) - used - 2, format, args);
	va_end(args);
	strcat(found, "\n");
}

/* --- The kernel's log ---------------------------------------------------------- */

static const char *log_since(void);

void log_start(void)
{
	if (kmsg < 0) {
		kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		lseek(kmsg, 0, SEEK_END);
	}
	log_since();
	log_text[0] = 0;
}

/* log_since: what was logged since log_start() */
static const char *log_since(void)
{
	size_t used = strlen(log_text);
	char record[4096], *text;
	ssize_t n;

	for (;;) {
		n = read(kmsg, record, sizeof(record) - 1);
		if (n < 0 && errno == EPIPE)
			continue;	/* some were overwritten */
		if (n <= 0)
			return log_text;
		record[n] = 0;
		text = strchr(record, ';');
		text = text ? text + 1 : record;
		text[strcspn(text, "\n")] = 0;
		if (used + strlen(text) + 2 < sizeof(log_text))
			used += sprintf(log_text + used, "%s\n", text);
	}
}

/* matches: a pattern is compiled once, and so it has to stay where it is */
static bool matches(const char *text, const char *pattern)
{
	static struct {
		const char *pattern;
		regex_t re;
	} known[48];
	size_t i = 0;

	while (i < ARRAY_SIZE(known) && known[i].pattern && known[i].pattern != pattern)
		i++;
	if (i == ARRAY_SIZE(known))
		die("too many patterns");
	if (!known[i].pattern &&
	    regcomp(&known[i].re, pattern, REG_EXTENDED | REG_NOSUB | REG_NEWLINE))
		die("bad pattern %s", pattern);
	known[i].pattern = pattern;
	return !regexec(&known[i].re, text, 0, NULL, 0);
}

/* --- (a) One owner -------------------------------------------------------------- */

static bool begins(const char *name, const char *with)
{
	return !strncmp(name, with, strlen(with));
}

static const char *parent_of(const struct state *s, const struct entry *e)
{
	return e->parent < 0 ? "" : s->iomem[e->parent].name;
}

static bool is_owner(const char *name)
{
	return begins(name, "region") || begins(name, "Soft Reserved");
}

static bool has_dax(const struct state *s, const char *name)
{
	const struct dax *d;

	for_each(d, s, daxs)
		if (!strcmp(d->name, name))
			return true;
	return false;
}

static bool in_place(const struct state *s, const struct entry *e)
{
	const char *parent = parent_of(s, e);

	if (begins(e->name, "System RAM (kmem)"))
		return begins(parent, "dax");
	/*
	 * A namespace of persistent memory may have a dax device, too. Memory that could
	 * not be removed outlives its dax device, and its region, too.
	 */
	if (begins(e->name, "dax"))
		return is_owner(parent) || begins(parent, "Persistent") ||
		       begins(parent, "namespace") || !has_dax(s, e->name);
	if (is_owner(e->name))
		return !*parent || begins(parent, "CXL Window") ||
		       begins(parent, "Persistent Memory") || stock;
	return true;
}

static const struct claim *claim_of(const struct state *s, const struct range *r)
{
	const struct claim *c;

	for_each(c, s, claims)
		if (within(r, &c->range))
			return c;
	return NULL;
}

static void check_iomem(const struct state *s)
{
	const struct entry *e, *o;
	const struct dax *d;
	const struct claim *c;

	for_each(e, s, iomem) {
		if (!in_place(s, e))
			broken('a', "iomem: %llx-%llx %s is in %s", e->range.start, e->range.end,
			       e->name, parent_of(s, e));
		for (o = s->iomem; o < e; o++)
			if (o->parent == e->parent && overlap(&o->range, &e->range))
				broken('a', "iomem: %s and %s overlap at %llx", o->name, e->name,
				       e->range.start);
		if (!begins(e->name, "dax"))
			continue;
		c = claim_of(s, &e->range);
		/* memory that could not be removed has the name of its device, which is gone */
		for_each(d, s, daxs)
			if (!strcmp(d->name, e->name) && !within(&e->range, &d->range) &&
			    !(c && c->held))
				broken('a', "iomem has %s at %llx-%llx, and sysfs at %llx-%llx",
				       e->name, e->range.start, e->range.end, d->range.start,
				       d->range.end);
		if (stock)
			continue;
		if (!c)
			broken('a', "iomem has %s at %llx-%llx, which nobody has claimed", e->name,
			       e->range.start, e->range.end);
		else if (!strcmp(c->kind, "hmem") != begins(parent_of(s, e), "Soft Reserved"))
			broken('a', "%s has claimed %llx-%llx, which is in %s in iomem", c->owner,
			       e->range.start, e->range.end, parent_of(s, e));
	}
}

/*
 * "Soft Reserved" is there for what HMEM owns, and for what has no driver; and, if it was
 * to be there from boot on, for what is not decided yet
 */
static void check_published(const struct state *s)
{
	const struct entry *e;
	const struct piece *p;
	const struct claim *c;
	bool published;

	for_each(p, s, pieces)
		for_each(e, s, iomem)
			if (begins(e->name, "Soft Reserved") && overlap(&e->range, &p->range) &&
			    strcmp(p->state, "hmem") && strcmp(p->cause, "no-driver") &&
			    !(early && !strcmp(p->state, "undecided")))
				broken('a', "iomem: %llx-%llx is Soft Reserved, and is %s (%s)",
				       e->range.start, e->range.end, p->state, p->cause);
	for_each(c, s, claims) {
		published = strcmp(c->kind, "hmem");
		for_each(e, s, iomem)
			published |= begins(e->name, "Soft Reserved") && within(&c->range, &e->range);
		if (!published)
			broken('a', "iomem: %llx-%llx is not Soft Reserved, and %s has claimed it",
			       c->range.start, c->range.end, c->owner);
	}
}

static void check_dax(const struct state *s)
{
	const struct dax *d, *o;
	const struct claim *c, *x;
	const struct entry *e;

	for_each(d, s, daxs) {
		bool shown = !d->driver[0];

		for (o = s->daxs; o < d; o++)
			if (overlap(&o->range, &d->range))
				broken('a', "%s and %s overlap at %llx", o->name, d->name,
				       d->range.start);
		for_each(e, s, iomem)
			shown |= !strcmp(e->name, d->name) && overlap(&e->range, &d->range);
		if (!shown)
			broken('a', "%s has driver %s, and is not in iomem", d->name, d->driver);
		if (stock)
			continue;
		c = claim_of(s, &d->range);
		if (!c)
			broken('a', "%s has %llx-%llx, which nobody has claimed", d->name,
			       d->range.start, d->range.end);
		else if (strcmp(c->owner, d->parent) && strcmp(c->kind, "pmem"))
			broken('a', "%s of %s has %llx-%llx, which %s has claimed", d->name,
			       d->parent, d->range.start, d->range.end, c->owner);
	}
	for_each(c, s, claims)
		for_each(x, s, claims)
			if (x < c && overlap(&x->range, &c->range))
				broken('a', "%s and %s have claimed %llx", x->owner, c->owner,
				       c->range.start);
}

static bool has_claim(const struct state *s, const char *owner)
{
	const struct claim *c;

	for_each(c, s, claims)
		if (!strcmp(c->owner, owner))
			return true;
	return false;
}

/* Whose driver is bound has a claim; and who has one has a driver, or is used still */
static void check_claims(const struct state *s)
{
	const struct dax_region *r;
	const struct claim *c;
	const struct hmem *h;
	bool bound;

	for_each(h, s, hmems)
		if (h->driver[0] && !has_claim(s, h->name))
			broken('a', "%s is bound, and has claimed nothing", h->name);
	for_each(r, s, dax_regions)
		if (r->driver[0] && !has_claim(s, r->name))
			broken('a', "%s is bound, and has claimed nothing", r->name);
	for_each(c, s, claims) {
		bound = c->held || !strcmp(c->kind, "pmem") || in_use(&c->range);
		for_each(h, s, hmems)
			bound |= h->driver[0] && !strcmp(h->name, c->owner);
		for_each(r, s, dax_regions)
			bound |= r->driver[0] && !strcmp(r->name, c->owner);
		if (!bound)
			broken('a', "%s has claimed %llx-%llx, and has no driver", c->owner,
			       c->range.start, c->range.end);
	}
}

/* --- (b) States of pieces ---------------------------------------------------------- */

/* Which causes a state may have, as the ABI lists them */
static const struct { const char *state, *causes; } causes[] = {
	{ "undecided", "not-decided" },
	{ "cxl", "covered|pmem-region|persistent|claimed|reclaimed" },
	{ "hmem", "no-window|no-region|gap|reclaimed" },
	{ "unowned", "released|decoders-reset|restricted|no-driver|too-small|hmem-failed" },
};

/*
 * What leads from one state to another. What happens behind a step, as a driver comes,
 * is the step's, too.
 */
#define DRIVER_COMES	"bind (mem|pci|endpoint|port|acpi|region|platform)|load |plug |rescan|create|cxl enable"
#define HMEM_GOES	"unbind (hmem|platform)|unload dax_hmem"
#define AFRESH		"bind platform|load dax_hmem"
static const struct { const char *from, *to, *event; } table[] = {
	{ "undecided", "cxl|hmem|unowned", "" },
	{ "cxl", "hmem", "bind hmem|" AFRESH },
	{ "cxl", "undecided|unowned", AFRESH "|" HMEM_GOES },
	{ "hmem", "unowned", HMEM_GOES "|" AFRESH "|drop" },
	/* after the driver, whoever has a dax device open lets go */
	{ "hmem", "cxl|undecided", AFRESH "|drop" },
	{ "unowned", "hmem", "bind hmem|" AFRESH },
	{ "unowned", "cxl", DRIVER_COMES },
	{ "unowned", "undecided", AFRESH },
};

/* is_one_of: in a list with | in between */
static bool is_one_of(const char *name, const char *list)
{
	const size_t length = strlen(name);

	while (list) {
		if (!strncmp(list, name, length) && (!list[length] || list[length] == '|'))
			return true;
		list = strchr(list, '|');
		list += !!list;
	}
	return false;
}

static bool allowed(const char *from, const char *to, const char *text, int result)
{
	if (!strcmp(from, to))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (is_one_of(from, table[i].from) && is_one_of(to, table[i].to) &&
		    matches(text, table[i].event))
			return true;
	/* HMEM could not be had, for want of memory */
	return result == -ENOMEM || may_be_short;
}

static bool may_serve(const struct region *r)
{
	return r->driver[0] && r->committed && r->has_range && !strcmp(r->mode, "ram");
}

/* covered: by all regions together */
static bool covered(const struct state *s, const struct range *range)
{
	const struct region *r;
	u64 at = range->start, from;

	do {
		from = at;
		for_each(r, s, regions)
			if (may_serve(r) && r->range.start <= at && at <= r->range.end)
				at = r->range.end + 1;
	} while (at != from && at <= range->end);
	return at > range->end;
}

/* What was decided in this step is what the regions that there are tell */
static void check_verdicts(const struct state *s, const char *text)
{
	const struct piece *p, *o;
	const struct region *r;
	bool same;

	if (!matches(text, "^(bind platform|load dax_hmem)"))
		return;
	for_each(p, s, pieces) {
		same = false;
		for_each(o, &before, pieces)
			same |= overlap(&o->range, &p->range) && !strcmp(o->state, p->state);
		if (same)
			continue;
		if (!strcmp(p->cause, "covered") && !covered(s, &p->range))
			broken('b', "piece %llx-%llx is covered, and regions do not cover it",
			       p->range.start, p->range.end);
		for_each(r, s, regions)
			if (!strcmp(p->cause, "no-region") && may_serve(r) &&
			    overlap(&r->range, &p->range) && is_loaded("dax_cxl"))
				broken('b', "piece %llx-%llx has no region, and %s overlaps it",
				       p->range.start, p->range.end, r->name);
	}
}

static void check_pieces(const struct state *s, const char *text, int result)
{
	const struct piece *p, *o;
	const struct claim *c;

	for_each(p, s, pieces) {
		bool cause_known = false;

		for (size_t i = 0; i < ARRAY_SIZE(causes); i++)
			cause_known |= !strcmp(p->state, causes[i].state) &&
				       is_one_of(p->cause, causes[i].causes);
		if (!cause_known)
			broken('b', "piece %llx-%llx: cause %s in state %s", p->range.start,
			       p->range.end, p->cause, p->state);
		for_each(o, s, pieces)
			if (o < p && overlap(&o->range, &p->range))
				broken('b', "pieces overlap at %llx", p->range.start);
		for_each(c, s, claims) {
			if (!overlap(&c->range, &p->range))
				continue;
			if (strcmp(p->state, !strcmp(c->kind, "hmem") ? "hmem" : "cxl"))
				broken('b', "piece %llx-%llx is %s, and %s has claimed %llx-%llx",
				       p->range.start, p->range.end, p->state, c->owner,
				       c->range.start, c->range.end);
		}
		if (!strcmp(p->state, "undecided") && !strcmp(s->platform_driver, "hmem_platform"))
			broken('b', "piece %llx-%llx stays undecided", p->range.start, p->range.end);
		for_each(o, &before, pieces)
			if (overlap(&o->range, &p->range) &&
			    !allowed(o->state, p->state, text, result))
				broken('b', "piece %llx-%llx: from %s to %s", p->range.start,
				       p->range.end, o->state, p->state);
	}
	for_each(o, &before, pieces) {
		u64 covered = 0;

		for_each(p, s, pieces)
			if (overlap(&o->range, &p->range))
				covered += (o->range.end < p->range.end ? o->range.end : p->range.end) -
					   (o->range.start > p->range.start ? o->range.start :
					    p->range.start) + 1;
		if (covered != o->range.end - o->range.start + 1)
			broken('b', "piece %llx-%llx is lost", o->range.start, o->range.end);
	}
	/* A claim that is live ends with its owner's driver */
	for_each(c, &before, claims)
		if (!claim_of(s, &c->range) && !strcmp(c->kind, "hmem") &&
		    !matches(text, HMEM_GOES "|" AFRESH "|drop") && !c->held)
			broken('b', "the claim of %s on %llx-%llx is gone", c->owner,
			       c->range.start, c->range.end);
	for_each(c, &before, claims)
		if (c->held && !claim_of(s, &c->range))
			broken('b', "%llx-%llx is not held any more", c->range.start, c->range.end);
}

/* --- (d) Decoders -------------------------------------------------------------------- */

/* somebody uses it: so that its decoders have to stay */
static bool uses_it(const struct state *s, const struct range *r)
{
	const struct claim *c;
	const struct dax *d;
	struct range part;

	for_each(c, s, claims) {
		if (!overlap(&c->range, r))
			continue;
		if (c->held || !strcmp(c->kind, "hmem"))
			return true;
		part = c->range;
		if (part.start < r->start)
			part.start = r->start;
		if (part.end > r->end)
			part.end = r->end;
		if (range_online(s, &part))
			return true;
	}
	if (stock)
		for_each(d, s, daxs)
			if (overlap(&d->range, r) && range_online(s, &d->range))
				return true;
	return in_use(r);
}

static bool still_committed(const struct state *s, const struct decoder *d)
{
	const struct decoder *o;

	for_each(o, s, decoders)
		if (!strcmp(o->of, d->of) && o->number == d->number &&
		    o->range.start == d->range.start && o->range.end == d->range.end)
			return true;
	return false;
}

static bool is_plugged(const struct state *s, const char *pci)
{
	const struct device *d;

	for_each(d, s, devices)
		if (!strcmp(d->pci, pci))
			return true;
	return false;
}

/* What was decoded, and is not any more, though its device is there */
static struct range resets[256];
static int nr_resets;

static void note_resets(void)
{
	const struct decoder *d;

	for_each(d, &before, decoders)
		if (d->kind == DEVICE && is_plugged(&now, d->of) && !still_committed(&now, d) &&
		    nr_resets < (int)ARRAY_SIZE(resets))
			resets[nr_resets++] = d->range;
}

/* HMEM gets none of that until reboot, unless something decodes it again */
static void check_undecoded(const struct state *s)
{
	const struct claim *c;

	for_each(c, s, claims)
		for (int i = 0; i < nr_resets && !strcmp(c->kind, "hmem"); i++)
			if (!claim_of(&before, &c->range) && overlap(&resets[i], &c->range) &&
			    !decoded(s, &c->range)) {
				broken('d', "%s has claimed %llx-%llx, which nothing decodes any more",
				       c->owner, c->range.start, c->range.end);
				break;
			}
}

/* is_of: a port may be that bridge or switch; a bridge has another name in sysfs */
static bool is_of(const struct port *p, const struct decoder *d)
{
	bool bridge = !strchr(p->uport, '.');

	return d->kind == BRIDGE ? bridge : !strcmp(p->uport, d->of);
}

/* check_links: what a bridge or a switch has committed, its driver knows, if it is bound */
static void check_links(const struct state *s)
{
	const struct decoder *d;
	const struct port *p;
	const struct link *l;
	bool known;
	int ports;

	for_each(d, s, decoders) {
		known = d->kind == DEVICE;
		ports = 0;
		for_each(p, s, ports) {
			if (known || !is_of(p, d))
				continue;
			ports++;
			known = !p->driver[0];
			for_each(l, s, links)
				known |= !strcmp(l->port, p->name) && l->range.start == d->range.start &&
					 l->range.end == d->range.end;
		}
		/* a switch, or both bridges */
		if (!known && ports >= (d->kind == BRIDGE ? 2 : 1))
			broken('d', "%s decodes %llx-%llx in decoder%d, of which sysfs knows nothing",
			       d->of, d->range.start, d->range.end, d->number);
	}
}

static void check_decoders(const struct state *s)
{
	const struct decoder *d, *u;
	const struct device *v;
	const struct dpa *p;

	for_each(u, &before, decoders) {
		if (!uses_it(&before, &u->range) || !uses_it(s, &u->range))
			continue;
		for_each(d, &before, decoders) {
			/* a lower one moves what is behind it */
			if (strcmp(d->of, u->of) || d->number > u->number || still_committed(s, d) ||
			    (d->kind == DEVICE && !is_plugged(s, d->of)))
				continue;
			broken('d', "%s decoder%d %llx-%llx is reset, and %llx-%llx is in use", d->of,
			       d->number, d->range.start, d->range.end, u->range.start,
			       u->range.end);
		}
	}
	/* what is committed and what the endpoint knows is the same */
	for_each(v, s, devices) {
		if (!v->endpoint_driver[0])
			continue;
		for_each(d, s, decoders) {
			bool known = false;

			if (strcmp(d->of, v->pci))
				continue;
			for_each(p, s, dpas)
				known |= p->device == v - s->devices &&
					 p->range.start == d->range.start &&
					 p->range.end == d->range.end && p->size;
			if (!known)
				broken('d', "device %d decodes %llx-%llx in decoder%d, of which sysfs knows nothing",
				       v->serial, d->range.start, d->range.end, d->number);
		}
	}
}

/* --- (e) Refusals ----------------------------------------------------------------- */

/* of_owners: lines of a state that tell who owns what */
static const char *of_owners(const struct state *s)
{
	static char out[2][32768];
	static int which;
	char *to = out[which ^= 1];
	const char *line = s->text;

	for (*to = 0; *line; ) {
		size_t n = strcspn(line, "\n") + 1;

		if (begins(line, "iomem") || begins(line, "claim") || begins(line, "piece") ||
		    begins(line, "committed")) {
			memcpy(to, line, n);
			to += n;
			*to = 0;
		}
		line += n;
	}
	return out[which];
}

/* bare: the step itself, without what stands before it */
static const char *bare(const char *text)
{
	int n = 0;

	if (begins(text, "watched "))
		text += strlen("watched ");
	if (sscanf(text, "fail %*d %n", &n) == 0 && n)
		text += n;
	return text;
}

/* has_reason: why decoders of that range, as it was before, may not be reset */
static bool has_reason(const struct range *r)
{
	const struct decoder *d, *upper;
	const struct region *o;
	const struct piece *p;
	struct namespace n;

	for_each(p, &before, pieces)
		if (overlap(&p->range, r) &&
		    (!strcmp(p->state, "hmem") || !strcmp(p->state, "undecided")))
			return true;
	for_each(o, &now, regions)
		if (o->has_range && overlap(&o->range, r) && find_namespace(&n, o) && n.driver[0])
			return true;
	for_each(d, &before, decoders) {
		if (!overlap(&d->range, r))
			continue;
		if (d->locked)
			return true;
		for_each(upper, &before, decoders)
			if (!strcmp(upper->of, d->of) && upper->number > d->number)
				return true;
	}
	return uses_it(&before, r);
}

static void check_reason(const char *text)
{
	const struct region *r;
	char word[NAME];

	if (sscanf(text, "delete %39s", word) != 1 &&
	    !(sscanf(text, "commit %39s", word) == 1 && matches(text, " 0$")))
		return;
	r = region_by_word(&before, word);
	if (r && r->has_range && !has_reason(&r->range))
		broken('e', "%s %llx-%llx is said to be in use, and nobody uses it", r->name,
		       r->range.start, r->range.end);
}

#define REASONS	"^(EBUSY|EINVAL|ENXIO|ENODEV|ENOENT|ERANGE|ENOSPC|EAGAIN|EPERM|EACCES|ENOMEM|EIO|EPROBE_DEFER|EEXIST|EFAULT)$"

static void check_refusal(const struct state *s, const char *text, int result)
{
	const char *then, *owners;

	if (result >= 0)
		return;
	if (result == -EFAULT && !may_be_short)
		broken('c', "what was just mapped cannot be touched");
	if (result == -ENOMEM && !may_be_short)
		broken('e', "memory is said to be short");
	if (!matches(error_name(result), REASONS))
		broken('e', "%s is no reason", error_name(result));
	if (!stock && result == -EBUSY && !may_be_short) {
		if (matches(text, "^(commit [^ ]* 0|delete|target .* -|bind hmem)") &&
		    !matches(log_since(), "region|decoder|hmem|dax"))
			broken('e', "no line in the log");
		check_reason(text);
	}
	then = of_owners(&before);
	owners = of_owners(s);
	/* the first half of these is done */
	if (!matches(text, "^(load|device_dax|kmem|resize|both|plug|unplug|cxl|daxctl|namespace)") &&
	    strcmp(then, owners))
		broken('e', "refused, and has an effect:\n%s", diff(then, owners));
}

/* --- (g) Reports --------------------------------------------------------------- */

#define REPORT	"WARNING:|BUG:|Oops|Kernel panic|general protection|INFO: (task|rcu|possible|trying)|(KASAN|KCSAN|UBSAN):|refcount_t:|list_(add|del) corruption|stalls? on CPU"
/*
 * What lockdep has to say of how 6.12 plugs devices and memory; it rests after that, and
 * so a class of locks is not reset.
 */
#define KNOWN_REPORT	"pciehp_(un)?configure_device|memory_subsys_online|overriding existing custom lock"

static void check_log(void)
{
	const char *text = log_since();

	if (matches(text, REPORT) && !matches(text, KNOWN_REPORT))
		broken('g', "the kernel reports on itself: see the console");
}

/* --- All ------------------------------------------------------------------------ */

static void look(const struct state *s, const char *text, int result)
{
	text = bare(text);
	found[0] = 0;
	check_iomem(s);
	check_dax(s);
	if (!stock) {
		check_published(s);
		check_claims(s);
		check_verdicts(s, text);
		check_pieces(s, text, result);
		check_undecoded(s);
	}
	check_decoders(s);
	check_links(s);
	check_refusal(s, text, result);
	check_log();
}

/* report: what was found counts */
static void report(void)
{
	char *save, *line;

	for (line = strtok_r(found, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (line[1] == ' ' && line[0] >= 'a' && line[0] <= 'g')
			counts[(int)line[0]]++;
		say("broken: %s", line);
		failed = true;
	}
	found[0] = 0;
}

/* oracle: the state after the step is in "now"; "before" is that before it */
void oracle(const char *text, int result)
{
	look(&now, text, result);
	for (int i = 0; found[0] && i < PATIENCE; i++) {
		usleep(100000);
		settle(&now);
		look(&now, text, result);
		alive();
	}
	use_check();
	report();
	note_resets();
}

void oracle_end(void) { report(); }
