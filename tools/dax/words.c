// SPDX-License-Identifier: GPL-2.0
/*
 * What the areas of a segment mean together: who has it, why, and what can be
 * typed next.
 */
#include <stdarg.h>
#include <string.h>
#include "softres.h"

#define HMEM_DRIVER	"/sys/bus/platform/drivers/hmem"

const char *const owner_names[OWNERS] = {
	[FREE] = "free", [NOBODY] = "nobody", [CXL] = "CXL", [HMEM] = "HMEM",
	[OTHER] = "other",
};

const char *const state_names[] = {
	[UNUSED] = "unused", [SERVED] = "served", [CLAIMED] = "claimed",
	[HELD] = "held", [WAITING] = "waiting", [RELEASED] = "released", [LOST] = "lost",
	[UNSERVED] = "unserved", [YIELDED] = "yielded",
};

const struct lane lanes[LANES] = {
	{ "CXL window", WINDOW, WINDOW },
	{ "Soft Reserved", FIRMWARE, PUBLISHED },
	{ "region", REGION, LINKED },
	[OWNER_LANE] = { "owner", DAX, DAX },
	{ "memory", ONLINE, OFFLINE },
};

/* A window that is all of the frame is named in the title */
bool has_lane(const struct model *m, const struct frame *f, const struct lane *lane)
{
	const struct area *window = find(m, WINDOW, f->start, f->end);

	return lane->from != WINDOW ||
	       (window && (window->start != f->start || window->end != f->end));
}

void put_label(char *buf, size_t len, const struct area *area)
{
	switch (area->kind) {
	case FIRMWARE:
		snprintf(buf, len, "marked by firmware");
		break;
	case PUBLISHED:
		snprintf(buf, len, "published in iomem");
		break;
	case REGION:
		snprintf(buf, len, "%s yields", area->name);
		break;
	case DAX:
		snprintf(buf, len, "%s %s", owner_names[area->owner], area->name);
		break;
	default:
		snprintf(buf, len, "%s", area->name);
	}
}

const char *human(char buf[24], u64 bytes)
{
	static const char *const units[] = { "B", "K", "M", "G", "T", "P", "E" };
	int unit = 0;

	while (unit < 6 && !(bytes & 1023) && bytes) {
		bytes >>= 10;
		unit++;
	}
	while (unit < 6 && bytes > 99999) {
		bytes = (bytes + 512) >> 10;
		unit++;
	}
	snprintf(buf, 24, "%llu%s", bytes, bytes ? units[unit] : "");
	return buf;
}

int fit(const char *label, int room)
{
	int len = strlen(label);

	if (len > room)
		len = strcspn(label, " ");
	return len > room ? 0 : len;
}

int fold(const char *text, int width)
{
	int len = strlen(text);

	if (len <= width)
		return len;
	for (len = width; len; len--)
		if (text[len] == ' ')
			return len;
	return width;
}

/* Append; what finds no room is cut off */
__printf(3, 4)
static void put(char *buf, size_t len, const char *fmt, ...)
{
	size_t used = strlen(buf);
	va_list args;

	va_start(args, fmt);
	vsnprintf(buf + used, len - used, fmt, args);
	va_end(args);
}

void put_title(char *buf, size_t len, const struct model *m, const struct frame *f)
{
	const struct area *area;
	char size[24];

	*buf = '\0';
	for_each_area(area, m)
		if (area->kind == WINDOW && overlaps(area, f->start, f->end))
			put(buf, len, "%s%s", *buf ? " + " : "", area->name);
	if (!*buf)
		put(buf, len, "Soft Reserved, %s", find(m, WINDOW, 0, -1ULL) ?
		    "outside of CXL windows" : "no CXL windows are known");
	put(buf, len, ": %s", human(size, f->end - f->start + 1));
}

void put_totals(char *buf, size_t len, const struct model *m)
{
	u64 bytes[OWNERS] = { }, all = 0, online = 0;
	char size[5][24];
	struct segment s;
	struct frame f;

	if (m->hidden) {
		snprintf(buf, len, HIDDEN);
		return;
	}
	for_each_frame(&f, m)
		for_each_segment(s, m, &f) {
			if (!s.at[FIRMWARE] && !s.at[PUBLISHED])
				continue;
			all += s.end - s.start + 1;
			bytes[s.owner] += s.end - s.start + 1;
			online += s.online;
		}
	snprintf(buf, len,
		 "Soft Reserved: %s in all; CXL has %s, HMEM %s, nobody %s; %s online",
		 human(size[0], all), human(size[1], bytes[CXL]),
		 human(size[2], bytes[HMEM]), human(size[3], bytes[NOBODY]),
		 human(size[4], online));
}

/* --- Sentences ---------------------------------------------------------- */

#define why(...)	put(a->why, sizeof(a->why), __VA_ARGS__)

static void say_memory(struct advice *a, const struct segment *s)
{
	const char *driver = s->at[DAX]->driver;
	u64 bytes = s->end - s->start + 1;
	char online[24], size[24];

	human(size, bytes);
	if (s->online == bytes)
		why("all %s online", size);
	else if (s->online)
		why("only %s of %s online", human(online, s->online), size);
	else if (s->offline)
		why("offline");
	else
		why("not used as memory, its driver is %s", *driver ? driver : "none");
}

/* Why CXL has not got what HMEM has, or could have */
static void say_yields(struct advice *a, const struct model *m, u64 start, u64 end)
{
	const struct area *region = find(m, REGION, start, end);
	const struct area *decision = find(m, DECISION, start, end);

	if (decision && decision->owner == HMEM && *decision->text)
		why("%s", decision->text);
	else if (!find(m, WINDOW, start, end))
		why("it lies outside of CXL windows");
	else if (!region)
		why("no region of CXL covers it");
	else if (!region->committed)
		why("%s yields, being incomplete", region->name);
	else if (bytes_in(m, REGION, start, end) < end - start + 1)
		why("%s yields, covering only a part", region->name);
	else
		why("%s yields, having come too late", region->name);
}

/* Is all that firmware marked here, in this window, CXL's? */
static bool covered(const struct model *m, const struct segment *s)
{
	u64 start = s->at[FIRMWARE]->start, end = s->at[FIRMWARE]->end;
	const struct area *window = s->at[WINDOW];

	if (window && start < window->start)
		start = window->start;
	if (window && end > window->end)
		end = window->end;
	return bytes_in(m, LINKED, start, end) == end - start + 1;
}

static void say_served(struct advice *a, const struct model *m, const struct segment *s)
{
	const struct area *dax = s->at[DAX];

	why("%s", dax->name);
	if (*dax->parent)
		why(" of %s", dax->parent);
	why(" serves it, ");
	say_memory(a, s);
	if (s->owner == HMEM) {
		why("; ");
		say_yields(a, m, dax->start, dax->end);
	} else if (s->owner == CXL && s->at[FIRMWARE]) {
		if (covered(m, s))
			why("; CXL covers all that firmware marked");
	} else if (s->owner == CXL && !s->at[PUBLISHED]) {
		why("; firmware did not mark it");
	}
}

static void say_waiting(struct advice *a, const struct model *m,
			const struct segment *s)
{
	const struct area *decision = find(m, DECISION, s->start, s->end);

	why("firmware marked it, and nobody has it yet: ");
	if (m->has_hmem && decision)
		why("%s", decision->owner == HMEM ? "HMEM was to, but does not" :
		    decision->text);
	else if (m->has_hmem)
		why("it is undecided, or not fit for memory");
	else
		why("dax_hmem is not loaded");
}

static void say_held(struct advice *a, const struct model *m,
		     const struct segment *s)
{
	const struct area *claim = find(m, CLAIM, s->start, s->end);

	if (claim)
		why("%s", claim->name);
	else
		why("%s", s->owner == OTHER ? "its owner" : owner_names[s->owner]);
	why(" let go, but its memory was in use and could not be removed");
}

/* Who wanted it, too, and did not get it */
static void say_refused(struct advice *a, const struct model *m,
			const struct segment *s)
{
	const struct area *refusal;

	for_each_area(refusal, m) {
		if (refusal->kind != REFUSAL || !overlaps(refusal, s->start, s->end))
			continue;
		why("; %s was refused", refusal->name);
		if (refusal->count > 1)
			why(" %llu times", refusal->count);
	}
}

static void say(struct advice *a, const struct model *m, const struct segment *s)
{
	const char *region = s->at[REGION] ? s->at[REGION]->name : NULL;
	const struct area *claim = find(m, CLAIM, s->start, s->end);

	switch (s->state) {
	case UNUSED:
		why("nothing decodes it");
		break;
	case SERVED:
		say_served(a, m, s);
		break;
	case CLAIMED:
		why("%s has claimed it, and there is no dax device", claim->name);
		break;
	case HELD:
		say_held(a, m, s);
		break;
	case WAITING:
		say_waiting(a, m, s);
		break;
	case RELEASED:
		why("HMEM has let go, and CXL may have it");
		if (region)
			why("; %s %s", region, s->at[REGION]->committed ?
			    "decodes it" : "lacks a device");
		break;
	case LOST:
		why("lost: published as Soft Reserved, and no dax device serves it");
		if (region)
			why(", though there is %s", region);
		break;
	case UNSERVED:
		why("%s decodes it, but no dax device serves it", s->at[LINKED]->name);
		if (!m->has_dax_cxl)
			why(": dax_cxl is not loaded");
		break;
	case YIELDED:
		why("%s decodes it, and yields as a whole", region);
		break;
	}
}

/* --- What to type ------------------------------------------------------- */

static const char stock_goal[] =
	"A stock kernel leaves it so until booted with efi=nosoftreserve, as ordinary memory.";

static struct plan *plan(struct advice *a, const char *goal)
{
	struct plan *p = &a->plans[a->nr++];

	p->goal = goal;
	return p;
}

__printf(2, 3)
static void step(struct plan *p, const char *fmt, ...)
{
	va_list args;

	if (p->nr == ARRAY_SIZE(p->steps)) {
		/* not as if that were all */
		snprintf(p->steps[p->nr - 1], sizeof(p->steps[0]), "...");
		return;
	}
	va_start(args, fmt);
	vsnprintf(p->steps[p->nr++], sizeof(p->steps[0]), fmt, args);
	va_end(args);
}

/* From "free of claims" to "CXL's" */
static void plan_cxl(struct plan *p, const struct model *m, u64 start, u64 end)
{
	const struct area *root = find(m, ROOT, start, end), *region;
	bool any = false;

	for_each_area(region, m) {
		if (region->kind != REGION || !overlaps(region, start, end))
			continue;
		any = true;
		if (*region->driver)
			step(p, "cxl disable-region %s", region->name);
		step(p, "cxl enable-region %s", region->name);
	}
	if (!any)
		step(p, "cxl create-region -t ram -d %s -m MEMDEV...",
		     root ? root->name : "DECODER");
}

/*
 * From "CXL's" to "HMEM's", all of a piece of Soft Reserved. If CXL had it from
 * boot on, there is no hmem device for it yet.
 */
static void plan_hmem(struct advice *a, const struct model *m, const struct area *piece)
{
	const bool handed_over = !strcmp(piece->cause, "reclaimed");
	const u64 start = piece->start, end = piece->end;
	const struct area *area;
	struct plan *p;

	p = plan(a, handed_over ? "To give it back to HMEM:" :
		 "To give it to HMEM, whose other memory has to be offline meanwhile:");
	for_each_area(area, m)
		if (area->kind == DAX && overlaps(area, start, end) &&
		    bytes_in(m, ONLINE, area->start, area->end))
			step(p, "daxctl offline-memory %s", area->name);
	for_each_area(area, m)
		if (area->kind == REGION && overlaps(area, start, end) && *area->driver)
			step(p, "cxl disable-region %s", area->name);
	if (handed_over) {
		step(p, "echo %s > " HMEM_DRIVER "/bind",
		     *m->idle_hmem ? m->idle_hmem : "hmem.N");
	} else {
		step(p, "echo hmem_platform.0 > " HMEM_DRIVER "_platform/unbind");
		step(p, "echo hmem_platform.0 > " HMEM_DRIVER "_platform/bind");
	}
}

static void plan_served(struct advice *a, const struct model *m, const struct segment *s)
{
	const struct area *dax = s->at[DAX];
	const struct area *piece = find(m, DECISION, dax->start, dax->end);
	u64 online = bytes_in(m, ONLINE, dax->start, dax->end);
	struct plan *p;

	/* persistent memory, say: what is in it is worth something */
	if (dax->owner == OTHER)
		return;

	if (strcmp(dax->driver, "kmem")) {
		p = plan(a, "To use it as memory:");
		step(p, "daxctl reconfigure-device -m system-ram %s", dax->name);
	} else if (bytes_in(m, OFFLINE, dax->start, dax->end)) {
		p = plan(a, "To use it as memory:");
		step(p, "daxctl online-memory %s", dax->name);
	}

	if (dax->owner == CXL && piece) {
		plan_hmem(a, m, piece);
		p = plan(a, "To free it for another region, and not for HMEM before the next boot:");
	} else if (dax->owner == CXL) {
		p = plan(a, "To free it:");
	} else if (dax->owner == HMEM && find(m, WINDOW, dax->start, dax->end)) {
		p = plan(a, "To give it to CXL:");
	} else {
		return;
	}
	if (online)
		step(p, "daxctl offline-memory %s", dax->name);
	if (dax->owner == CXL) {
		step(p, "cxl disable-region %s", dax->parent);
		step(p, "cxl destroy-region %s", dax->parent);
	} else {
		step(p, "echo %s > " HMEM_DRIVER "/unbind", dax->parent);
		plan_cxl(p, m, dax->start, dax->end);
	}
}

static void plan_all(struct advice *a, const struct model *m, const struct segment *s)
{
	struct plan *p;

	switch (s->state) {
	case UNUSED:
		plan_cxl(plan(a, "To make a region:"), m, s->start, s->end);
		break;
	case SERVED:
		plan_served(a, m, s);
		break;
	case HELD:
		step(plan(a, "It is held until the machine restarts:"), "reboot");
		break;
	case WAITING:
		if (!m->has_hmem)
			step(plan(a, "To have it decided:"), "modprobe -a dax_hmem kmem");
		break;
	case RELEASED:
		if (find(m, WINDOW, s->start, s->end))
			plan_cxl(plan(a, "To give it to CXL:"), m, s->start, s->end);
		p = plan(a, "To give it back to HMEM:");
		step(p, "echo %s > " HMEM_DRIVER "/bind",
		     *m->idle_hmem ? m->idle_hmem : "hmem.N");
		break;
	case LOST:
		if (!find(m, DECISION, s->start, s->end)) {
			plan(a, stock_goal);
			break;
		}
		p = plan(a, "To have HMEM serve it:");
		if (m->has_hmem)
			step(p, "reboot without device_hmem.disable=1 or efi=nosoftreserve");
		else
			step(p, "modprobe -a dax_hmem kmem");
		break;
	case UNSERVED:
		p = plan(a, "To have it served:");
		if (m->has_dax_cxl)
			plan_cxl(p, m, s->start, s->end);
		else
			step(p, "modprobe -a dax_cxl kmem");
		break;
	case CLAIMED:
	case YIELDED:
		break;
	}
}

void advise(struct advice *a, const struct model *m, const struct segment *s)
{
	*a = (struct advice) { };
	say(a, m, s);
	say_refused(a, m, s);
	plan_all(a, m, s);
}
