// SPDX-License-Identifier: GPL-2.0
/*
 * What is said of a segment, and what can be typed: the words and steps of table.c,
 * with the names of what is there.
 */
#include <stdlib.h>
#include <string.h>
#include "advice.h"

/* --- Words -------------------------------------------------------------- */

static void say_memory(char *buf, size_t len, const struct segment *s)
{
	char online[24], size[24];

	human(size, size_of(s));
	if (s->online == size_of(s))
		add_to(buf, len, "all %s online", size);
	else if (s->online)
		add_to(buf, len, "%s of %s online", human(online, s->online), size);
	else
		add_to(buf, len, "all %s offline", size);
}

static const char *name_or(const struct area *area, const char *otherwise)
{
	return area ? area->name : otherwise;
}

static bool starts(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* The text of a row, with names in place of {...} */
static void say(char *buf, size_t len, const struct model *m, const struct segment *s,
		const char *text)
{
	const struct area *dax = s->at[DAX];

	while (*text) {
		int literal = strcspn(text, "{");

		add_to(buf, len, "%.*s", literal, text);
		text += literal;
		if (starts(text, "{dax}"))
			add_to(buf, len, "%s", name_or(dax, "?"));
		else if (starts(text, "{parent}"))
			add_to(buf, len, "%s", dax && *dax->parent ? dax->parent : "?");
		else if (starts(text, "{driver}"))
			add_to(buf, len, "%s", dax ? dax->driver : "?");
		else if (starts(text, "{memory}"))
			say_memory(buf, len, s);
		else if (starts(text, "{holder}"))
			add_to(buf, len, "%s", holder_of(m, s) ?: "?");
		else if (starts(text, "{region}"))
			add_to(buf, len, "%s", name_or(s->at[REGION] ?: s->at[LINKED], "?"));
		else if (starts(text, "{decoder}"))
			add_to(buf, len, "%s", name_or(s->at[DECODED], "?"));
		text += strcspn(text, "}");
		text += *text == '}';
	}
}

/* Who wanted it, too, and did not get it */
static void say_refused(char *buf, size_t len, const struct model *m, const struct segment *s)
{
	const struct area *refusal;

	for_each_area(refusal, m) {
		/* who has it now is not worth it */
		if (refusal->kind != REFUSAL || !overlaps(refusal, s->start, s->end) ||
		    (s->at[CLAIM] && !strcmp(s->at[CLAIM]->name, refusal->name)))
			continue;
		add_to(buf, len, "; %s was refused", refusal->name);
		if (refusal->count > 1)
			add_to(buf, len, " %llu times", refusal->count);
	}
}

static bool is_driven(const struct device *d)
{
	return !strcmp(d->driver, "cxl_pci");
}

static void say_device(char *buf, size_t len, const struct model *m, const struct device *d)
{
	add_to(buf, len, "%s%s", *buf ? "; " : "", *d->name ? d->name : d->pci);
	if (*d->name)
		add_to(buf, len, " (%s", d->pci);
	if (d->serial)
		add_to(buf, len, "%sserial %#llx)", *d->name ? ", " : " (", d->serial);
	else if (*d->name)
		add_to(buf, len, ")");
	if (is_driven(d) && !m->has_cxl_mem)
		add_to(buf, len, " has no endpoint: cxl_mem is not loaded");
	else if (is_driven(d))
		add_to(buf, len, " has no endpoint: cxl_mem has not bound it, is its media ready? dmesg | grep %s may say",
		       d->pci);
	else if (*d->driver)
		add_to(buf, len, " is bound to %s, not to cxl_pci", d->driver);
	else if (!m->has_cxl_pci)
		add_to(buf, len, " has no driver: cxl_pci is not loaded");
	else if (*d->override)
		add_to(buf, len, " has no driver: its driver_override is \"%s\"", d->override);
	else
		add_to(buf, len, " has no driver: dmesg | grep %s may say why", d->pci);
}

static void say_not_cxl(char *buf, size_t len, const struct model *m, const struct segment *s)
{
	const struct area *region, *window = find(m, ROOT, s->start, s->end);
	const struct device *d;

	if (s->owner == CXL || s->owner == OTHER || !s->at[WINDOW] || !marked(s))
		return;
	for_each_area(region, m) {
		if (region->kind != REGION || !overlaps(region, s->start, s->end))
			continue;
		add_to(buf, len, "%s%s decodes %llx-%llx, and ", *buf ? "; " : "", region->name,
		       region->start, region->end);
		if (!region->committed)
			add_to(buf, len, "waits for a device");
		else if (!*region->driver)
			add_to(buf, len, "is disabled");
		else
			add_to(buf, len, s->owner == HMEM && !s->at[LINKED] ? "yields" : "is enabled");
	}
	for_each_device(d, m)
		if ((!is_driven(d) || !d->ready) && may_be_behind(window, d))
			say_device(buf, len, m, d);
	if (!*buf && s->owner == NOBODY)
		add_to(buf, len, "no region decodes it");
}

/* --- What to type ------------------------------------------------------- */

/* What a plan is about */
struct scope {
	const struct model *m;
	const struct segment *s;
	u64 start, end;			/* all of this changes its owner */
	char create[4 * NAME_LEN];	/* arguments of cxl create-region */
	u64 landing, size;		/* where that region will be, and how large */
	char id[NAME_LEN];		/* of a dax region, as daxctl has it */
};

/*
 * Names go into a shell: letters, digits, and no character that means something there.
 * And no command is about a device that is not there.
 */
static bool is_safe(const char *name)
{
	return *name && strspn(name, "abcdefghijklmnopqrstuvwxyz_.:0123456789") == strlen(name) &&
	       device_exists(name);
}

static bool enabled_here(const struct scope *c, const struct area *region)
{
	return region->kind == REGION && region->committed && !region->persistent &&
	       overlaps(region, c->start, c->end);
}

/* Does a dax device belong to what a plan unbinds? A region may be larger than the scope */
static bool concerned(const struct scope *c, const struct area *dax)
{
	const struct area *region, *own = c->s->at[DAX];

	if (overlaps(dax, c->start, c->end) ||
	    (own && *own->parent && !strcmp(dax->parent, own->parent)))
		return true;
	for_each_area(region, c->m)
		if (enabled_here(c, region) && !strcmp(dax->parent, region->name))
			return true;
	return false;
}

/* The device that is missing may be the @i-th of those without a driver */
static const char *undriven(const struct scope *c, bool overridden, int i)
{
	const struct area *window = find(c->m, ROOT, c->s->start, c->s->end);
	const struct device *d;

	for_each_device(d, c->m)
		if (!*d->driver && c->m->has_cxl_pci && may_be_behind(window, d) &&
		    (*d->override || !overridden) && !i--)
			return d->pci;
	return NULL;
}

/* The @i-th thing that a placeholder stands for; NULL if there are no more */
static const char *thing(const struct scope *c, const char *what, int i)
{
	const struct model *m = c->m;
	const struct segment *s = c->s;
	const struct area *area, *dax = s->at[DAX];

	if (starts(what, "{dax}"))
		return i || !dax ? NULL : dax->name;
	if (starts(what, "{parent}") || starts(what, "{hmem}"))
		return i || !dax ? NULL : dax->parent;
	if (starts(what, "{create}"))
		return i || !*c->create ? NULL : c->create;
	if (starts(what, "{id}"))
		return i || !*c->id ? NULL : c->id;
	if (starts(what, "{idle}"))
		return i < (int)m->nr_idle ? m->idle_hmem[i] : NULL;
	if (starts(what, "{undriven}"))
		return undriven(c, false, i);
	if (starts(what, "{overridden}"))
		return undriven(c, true, i);
	for_each_area(area, m) {
		bool it = false;

		if (starts(what, "{dax-online}"))
			it = area->kind == DAX && bytes_in(m, ONLINE, area->start, area->end) &&
			     concerned(c, area);
		else if (starts(what, "{hmem-online}"))
			it = area->kind == DAX && area->owner == HMEM &&
			     bytes_in(m, ONLINE, area->start, area->end);
		else if (starts(what, "{region-on}"))
			it = enabled_here(c, area) && *area->driver;
		else if (starts(what, "{region}"))
			it = enabled_here(c, area);
		if (it && !i--)
			return area->name;
	}
	return NULL;
}

static bool may_be_none(const char *what)
{
	return starts(what, "{dax-online}") || starts(what, "{hmem-online}") ||
	       starts(what, "{region-on}");
}

static bool step_once(struct plan *p, const char *text)
{
	for (int i = 0; i < p->nr; i++)
		if (!strcmp(p->steps[i], text))
			return true;
	if (p->nr == ARRAY_SIZE(p->steps))
		return false;
	snprintf(p->steps[p->nr++], sizeof(p->steps[0]), "%s", text);
	return true;
}

/* False if the plan cannot be typed as it stands */
static bool expand(struct plan *p, const struct scope *c, const char *step)
{
	const char *what = strchr(step, '{'), *name, *rest;
	char text[sizeof(p->steps[0])];
	int i;

	if (!what)
		return step_once(p, step);
	rest = what + strcspn(what, "}") + 1;
	for (i = 0; (name = thing(c, what, i)); i++) {
		if (name != c->create && name != c->id && !is_safe(name))
			return false;
		snprintf(text, sizeof(text), "%.*s%.*s%s", (int)(what - step), step,
			 (int)sizeof(c->create), name, rest);
		if (!step_once(p, text))
			return false;
	}
	return i || may_be_none(what);
}

/* The first stretch of a window, from @floor up, of that size and with nothing in it */
static bool find_room(const struct model *m, const struct area *root, u64 floor, u64 size,
		      u64 *start)
{
	const struct area *area;
	u64 at = root->start > floor ? root->start : floor, next;

	do {
		next = at;
		if (at > root->end || root->end - at + 1 < size)
			return false;
		for_each_area(area, m)
			if ((area->kind == REGION || area->kind == LINKED ||
			     area->kind == DECODED || area->kind == PUBLISHED) &&
			    overlaps(area, at, at + size - 1) && area->end + 1 > next)
				next = area->end + 1;
		for_each_area(area, m)
			if (area->kind == PIECE && area->state != UNOWNED &&
			    area->state != BY_CXL && overlaps(area, at, at + size - 1) &&
			    area->end + 1 > next)
				next = area->end + 1;
		if (next == at) {
			*start = at;
			return true;
		}
		at = next;
	} while (true);
}

#define REGION_UNIT	(256ULL << 20)	/* regions are multiples of this */

/*
 * A region that can be made here: of devices that have room, one behind each bridge
 * of the window. The kernel takes the first addresses that are free; unless that is
 * where the segment starts, the region would be elsewhere.
 */
static void plan_create(struct scope *c)
{
	const struct model *m = c->m;
	const struct area *root = find(m, ROOT, c->s->start, c->s->end);
	u64 size = size_of(c->s), floor = 0, landing;
	char names[2 * NAME_LEN] = "";
	const struct device *d, *best;
	const struct area *area;

	if (!root || root->ways < 1 || root->ways > 2 || c->s->at[DECODED] || c->s->at[REGION])
		return;
	for (int i = 0; i < root->ways; i++) {
		best = NULL;
		for_each_device(d, m)
			if (d->ready && is_safe(d->name) && d->ram > d->used &&
			    *d->bridge && !strcmp(d->bridge, root->targets[i]) &&
			    (!best || d->ram - d->used > best->ram - best->used))
				best = d;
		if (!best)
			return;
		if ((best->ram - best->used) * root->ways < size)
			size = (best->ram - best->used) * root->ways;
		for_each_area(area, m)
			if (area->kind == DECODED && !strcmp(area->parent, best->bridge) &&
			    area->end + 1 > floor)
				floor = area->end + 1;
		add_to(names, sizeof(names), " %s", best->name);
	}
	size -= size % (REGION_UNIT * root->ways);
	if (!size || !is_safe(root->name) ||
	    !find_room(m, root, floor, size, &landing) || landing != c->s->start)
		return;
	c->landing = landing;
	c->size = size;
	snprintf(c->create, sizeof(c->create), "-s %llu -d %s -m%s", size, root->name, names);
}

/* What of the scope regions can serve; warns of the rest, which nobody has then */
static void limit_to_regions(struct plan *p, const struct scope *c)
{
	const struct area *region;
	u64 start = 0, end = 0, bytes = 0, all = c->end - c->start + 1;
	char part[24], rest[24];

	for_each_area(region, c->m) {
		u64 from = region->start > c->start ? region->start : c->start;
		u64 to = region->end < c->end ? region->end : c->end;

		if (!enabled_here(c, region))
			continue;
		if (!bytes)
			start = from;
		/* a plan has one range: as far as regions follow each other */
		if (!bytes || from == end + 1)
			end = to;
		bytes += to - from + 1;
	}
	if (!bytes)
		return;
	p->start = start;
	p->end = end;
	if (bytes == all)
		return;
	snprintf(p->text, sizeof(p->text), "To give %llx-%llx to CXL:", start, end);
	add_to(p->warning, sizeof(p->warning),
	       "%sCXL will serve %s, the other %s stay without an owner.",
	       *p->warning ? " " : "", human(part, bytes), human(rest, all - bytes));
}

/* hmem.5, dax_region0 and region0 have the numbers of their dax regions */
static void set_id(struct scope *c)
{
	const char *name = holder_of(c->m, c->s);

	if (!name)
		return;
	if (!strncmp(name, "dax_", 4))
		name += 4;
	if (is_safe(name) && (!strncmp(name, "hmem.", 5) || !strncmp(name, "region", 6)))
		snprintf(c->id, sizeof(c->id), "%s", name + strcspn(name, "0123456789"));
}

/* What the action is about: all that has one owner together */
static void set_scope(struct scope *c, enum action_id id)
{
	const struct segment *s = c->s;
	const struct area *dax = s->at[DAX], *piece = s->at[PIECE], *area;

	c->start = s->start;
	c->end = s->end;
	if (dax) {
		c->start = dax->start;
		c->end = dax->end;
		for_each_area(area, c->m)
			if (area->kind == DAX && *dax->parent &&
			    !strcmp(area->parent, dax->parent)) {
				if (area->start < c->start)
					c->start = area->start;
				if (area->end > c->end)
					c->end = area->end;
			}
	}
	if (piece && (!dax || id == RETURN || id == RECONSIDER)) {
		c->start = piece->start;
		c->end = piece->end;
	}
}

static bool wanted(const struct scope *c, enum action_id id)
{
	const struct segment *s = c->s;
	const struct model *m = c->m;
	const struct area *piece = s->at[PIECE];
	bool reclaimed = piece && !strcmp(piece->cause, "reclaimed");

	switch (id) {
	/* on other kernels CXL does not get what HMEM releases */
	case HAND_OVER:
		return m->source == READ && s->owner == HMEM && s->at[WINDOW];
	case DRIVE:
		return m->source == READ && s->owner == HMEM && s->at[WINDOW] &&
		       !thing(c, "{region}", 0);
	/* without dax_cxl, nobody serves what is enabled */
	case TAKE:
		return s->at[REGION] && m->has_dax_cxl;
	case TAKE_DRIVE:
		return s->at[WINDOW] && (!thing(c, "{region}", 0) || !s->at[REGION]);
	/* a device without a driver may decode it, unless nothing does */
	case TAKE_NEW:
		return (piece && !strcmp(piece->cause, "decoders-reset")) ||
		       !thing(c, "{undriven}", 0);
	case RETURN:
		return piece && piece->state == BY_CXL && reclaimed && m->nr_idle == 1 &&
		       find(m, REGION, piece->start, piece->end);
	case RECONSIDER:
		return piece && piece->state == BY_CXL && !(reclaimed && m->nr_idle == 1) &&
		       m->has_hmem && !m->no_hmem && find(m, REGION, piece->start, piece->end);
	case DESTROY:
		return s->owner == CXL;
	default:
		return true;
	}
}

static void make_plan(struct advice *a, const struct model *m, const struct segment *s,
		      enum action_id id)
{
	const struct action *action = &actions[id];
	struct scope c = { .m = m, .s = s };
	struct plan *p = &a->plans[a->nr];

	set_scope(&c, id);
	set_id(&c);
	if (a->nr == ARRAY_SIZE(a->plans) || !wanted(&c, id))
		return;
	if (id == CREATE || id == TAKE_NEW)
		plan_create(&c);

	*p = (struct plan) {
		.way = action->name, .goal = action->goal, .start = c.start, .end = c.end,
		.mends = action->mends && s->row->alarm >= action->mends,
	};
	add_to(p->text, sizeof(p->text), "%s", action->text);
	add_to(p->warning, sizeof(p->warning), "%s", action->warning ?: "");
	for (size_t i = 0; i < ARRAY_SIZE(action->steps) && action->steps[i]; i++)
		if (!expand(p, &c, action->steps[i]))
			return;
	if (!p->nr)
		return;
	if (id == HAND_OVER || id == TAKE)
		limit_to_regions(p, &c);
	if (id == CREATE || id == TAKE_NEW) {
		p->start = c.landing;
		p->end = c.landing + c.size - 1;
	}
	p->choose = id == GIVE_BACK && p->nr > 1;
	if (p->choose)
		add_to(p->warning, sizeof(p->warning),
		       "One of these devices has this range, which of them is not known: try one after the other. Each that succeeds gives its range to HMEM.");
	a->nr++;
}

void advise(struct advice *a, const struct model *m, const struct segment *s)
{
	const struct area *piece = s->at[PIECE];
	const char *words = piece ? words_of(piece->cause) : NULL;

	*a = (struct advice) { };
	say(a->why, sizeof(a->why), m, s, s->row->text);
	/* rows of unowned pieces say the cause themselves */
	if (words && s->at[DAX])
		add_to(a->why, sizeof(a->why), "; %s", words);
	else if (s->owner == CXL && s->at[DAX] && !marked(s))
		add_to(a->why, sizeof(a->why), "; firmware did not mark it");
	say_refused(a->why, sizeof(a->why), m, s);
	say_not_cxl(a->not_cxl, sizeof(a->not_cxl), m, s);
	for (size_t i = 0; i < ARRAY_SIZE(s->row->actions); i++)
		if (s->row->actions[i] != NO_ACTION)
			make_plan(a, m, s, s->row->actions[i]);
}
