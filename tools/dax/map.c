// SPDX-License-Identifier: GPL-2.0
/*
 * The map: for each frame a ruler, lanes to scale, and the same in words. Fill
 * patterns and names tell owners apart; colour only helps.
 */
#include <string.h>
#include "softres.h"

#define GUTTER		15	/* columns for the name of a lane */
#define NAMES		8	/* and for that of an owner */

static FILE *out;

struct look {
	const char *fill[2];	/* ASCII, UTF-8: tells owners apart without colour */
	const char *colour;
};

static const struct look owner_look[OWNERS] = {
	[FREE]	 = { { ".", "·" }, "2" },
	[NOBODY] = { { "!", "!" }, "1;7" },
	[CXL]	 = { { "=", "═" }, "1;34" },
	[HMEM]	 = { { "#", "▒" }, "1;33" },
	[OTHER]	 = { { "%", "▞" }, "1" },
};

static const struct look solid = { { "-", "─" }, "" };
static const struct look dotted = { { ".", "┄" }, "2" };

static const struct look online = { { "@", "█" }, "" };
static const struct look offline = { { "_", "░" }, "2" };

/* One line of the map; a glyph for each column */
static struct {
	char glyph[4];
	const char *colour;
} row[MAX_WIDTH];

static void put(int column, const char *glyph, const char *colour)
{
	if (column < 0 || column >= options.width)
		return;
	snprintf(row[column].glyph, sizeof(row[column].glyph), "%s", glyph);
	row[column].colour = colour;
}

static void put_text(int column, const char *text, int len, const char *colour)
{
	for (int i = 0; i < len && text[i]; i++)
		put(column + i, (char [2]) { text[i] }, colour);
}

static void row_start(const char *name)
{
	for (int i = 0; i < options.width; i++)
		put(i, " ", "");
	put_text(0, name, GUTTER, "");
}

static void set_colour(const char *colour)
{
	if (options.colour)
		fprintf(out, "\033[0;%sm", colour);
}

static void row_end(void)
{
	const char *colour = "";
	int last = options.width;

	while (last && row[last - 1].glyph[0] == ' ')
		last--;
	for (int i = 0; i < last; i++) {
		if (strcmp(colour, row[i].colour)) {
			colour = row[i].colour;
			set_colour(colour);
		}
		fputs(row[i].glyph, out);
	}
	if (*colour)
		set_colour("");
	fputc('\n', out);
}

static int column_of(const struct frame *f, u64 addr)
{
	double part = (double)(addr - f->start) / (f->end - f->start + 1);

	return GUTTER + (int)(part * (options.width - GUTTER));
}

/* |--- text ---| over the columns of a range */
static void box(const struct frame *f, u64 start, u64 end, const char *text,
		const struct look *look)
{
	int first, last, len, room, pad;

	first = column_of(f, start < f->start ? f->start : start);
	last = column_of(f, end > f->end ? f->end + 1 : end + 1) - 1;
	if (last < first)
		last = first;
	for (int i = first; i <= last; i++)
		put(i, look->fill[options.utf8], look->colour);

	room = last - first - 1;
	if (room >= 1) {
		put(first, options.utf8 ? "├" : "|", look->colour);
		put(last, options.utf8 ? "┤" : "|", look->colour);
	}
	len = fit(text, room);
	pad = (room - len) / 2;
	put_text(first + 1 + pad, text, len, look->colour);
	if (len && pad) {
		put(first + pad, " ", look->colour);
		put(first + 1 + pad + len, " ", look->colour);
	}
}

static const struct look *look_of(const struct area *area)
{
	switch (area->kind) {
	case FIRMWARE:
	case DECODED:
	case REGION:
		return &dotted;
	case DAX:
		return &owner_look[area->owner];
	case ONLINE:
		return &online;
	case OFFLINE:
		return &offline;
	default:
		return &solid;
	}
}

static void draw_lane(const struct model *m, const struct frame *f,
		      const struct lane *lane)
{
	const struct area *area;
	char text[2 * NAME_LEN];
	struct segment s;

	row_start(lane->name);
	if (lane == &lanes[OWNER_LANE])
		for_each_segment(s, m, f)
			box(f, s.start, s.end, owner_names[s.owner],
			    &owner_look[s.owner]);
	for_each_area(area, m) {
		if (!in_lane(m, area, lane) || !overlaps(area, f->start, f->end))
			continue;
		put_label(text, sizeof(text), area);
		box(f, area->start, area->end, text, look_of(area));
	}
	row_end();
}

static void draw_ruler(const struct model *m, const struct frame *f)
{
	int last = options.width - 1, column, room = GUTTER;
	char text[24];
	struct segment s;

	snprintf(text, sizeof(text), "%llx", f->end);
	row_start("");
	put_text(options.width - strlen(text), text, sizeof(text), "");
	last -= strlen(text);
	for_each_segment(s, m, f) {
		column = column_of(f, s.start);
		snprintf(text, sizeof(text), "%llx", s.start);
		if (column < room || column + (int)strlen(text) > last)
			continue;
		put_text(column, text, sizeof(text), "");
		room = column + strlen(text) + 1;
	}
	row_end();

	row_start("");
	for (column = GUTTER; column < options.width; column++)
		put(column, options.utf8 ? "─" : "-", "");
	for_each_segment(s, m, f)
		put(column_of(f, s.start), options.utf8 ? "┬" : "+", "");
	put(GUTTER, options.utf8 ? "┌" : "+", "");
	put(options.width - 1, options.utf8 ? "┐" : "+", "");
	row_end();
}

/* --- In words ----------------------------------------------------------- */

void draw_text(FILE *to, const char *text, int indent)
{
	int room = options.width - indent;

	while (*text) {
		int len = fold(text, room);

		fprintf(to, "%*s%.*s\n", indent, "", len, text);
		text += len;
		text += strspn(text, " ");
	}
}

/* Steps are not folded: they are to be copied. Each is typed if the last succeeded. */
void draw_plans(FILE *to, const struct advice *a, bool all, int indent)
{
	for (const struct plan *p = a->plans; p < a->plans + a->nr; p++) {
		if (!p->mends && !all)
			continue;
		draw_text(to, p->text, indent);
		if (*p->warning)
			draw_text(to, p->warning, indent + 2);
		for (int i = 0; i < p->nr; i++)
			fprintf(to, "%*s%s%s\n", indent + 4, "", p->steps[i],
				i + 1 < p->nr && !p->choose ? " &&" : "");
	}
}

/* Where the words find no room in the line, they go to the next one */
static void draw_line(const struct segment *s, const char *why)
{
	char range[48], size[24];
	int len;

	snprintf(range, sizeof(range), "%llx-%llx", s->start, s->end);
	len = fprintf(out, "  %-23s %6s  ", range, human(size, size_of(s)));
	set_colour(owner_look[s->owner].colour);
	fputs(owner_names[s->owner], out);
	set_colour("");
	if (len + NAMES + (int)strlen(why) <= options.width) {
		fprintf(out, "%*s%s\n", NAMES - (int)strlen(owner_names[s->owner]), "", why);
	} else {
		fputc('\n', out);
		draw_text(out, why, 6);
	}
}

/* Is the next segment of the same device? What is said of both is said once */
static bool goes_on(const struct model *m, const struct frame *f, const struct segment *s)
{
	struct segment next;

	if (!s->at[DAX] || s->end == f->end)
		return false;
	next = segment_at(m, f, s->end + 1);
	return next.at[DAX] == s->at[DAX];
}

static void draw_legend(const struct model *m, const struct frame *f)
{
	struct segment s;
	struct advice a;

	for_each_segment(s, m, f) {
		advise(&a, m, &s);
		draw_line(&s, a.why);
		if (options.brief || !options.verbose || goes_on(m, f, &s))
			continue;
		if (*a.not_cxl) {
			draw_text(out, "Why not CXL:", 6);
			draw_text(out, a.not_cxl, 8);
		}
		draw_plans(out, &a, true, 6);
	}
}

static void draw_frame(const struct model *m, const struct frame *f)
{
	struct segment s = segment_at(m, f, f->start);
	struct advice a;
	char title[256];

	put_title(title, sizeof(title), m, f);
	draw_text(out, title, 0);
	if (!marked(&s) && s.owner == FREE && s.end == f->end) {
		fprintf(out, "  %llx-%llx, all of it is free\n", f->start, f->end);
		advise(&a, m, &s);
		if (options.verbose)
			draw_plans(out, &a, true, 6);
		fputc('\n', out);
		return;
	}
	draw_ruler(m, f);
	for (const struct lane *lane = lanes; lane < lanes + LANES; lane++)
		if (has_lane(m, f, lane))
			draw_lane(m, f, lane);
	draw_legend(m, f);
	fputc('\n', out);
}

/* Without addresses there is no map, but names and owners are not secret */
static void draw_list(const struct model *m)
{
	const struct area *dax;
	char size[24];

	draw_text(out, HIDDEN, 0);
	for_each_area(dax, m)
		if (dax->kind == DAX)
			fprintf(out, "%s: %s of %s owns %s, driver %s\n", dax->name,
				owner_names[dax->owner], dax->parent,
				human(size, dax->end - dax->start + 1),
				*dax->driver ? dax->driver : "none");
}

/* What no region has is in no map */
static void draw_capacity(const struct model *m)
{
	const struct device *d;
	char size[24], text[128];
	u64 bytes = 0;

	for_each_device(d, m)
		if (d->ready && d->ram > d->used)
			bytes += d->ram - d->used;
	if (!bytes)
		return;
	snprintf(text, sizeof(text), "%s of CXL memory devices is in no region%s",
		 human(size, bytes), options.verbose ? "." : ", see softres -v.");
	draw_text(out, text, 0);
}

/* Is it what this series of patches is for? */
static void draw_verdict(const struct model *m)
{
	enum alarm worst = FINE;
	u64 lost = 0;
	bool any = false;
	char size[24], text[256];
	struct segment s;
	struct frame f;

	for_each_frame(&f, m)
		for_each_segment(s, m, &f) {
			any |= marked(&s);
			if (!strncmp(row_name(s.row), "lost", 4))
				lost += size_of(&s);
			if (row_alarm(s.row) > worst)
				worst = row_alarm(s.row);
		}
	if (lost)
		snprintf(text, sizeof(text),
			 "%s is lost: neither CXL nor HMEM serves it on this kernel. Unless what keeps CXL from it can be mended, it comes back with another kernel only, or with efi=nosoftreserve on the kernel command line, as ordinary memory.",
			 human(size, lost));
	else if (worst == FINE && !any)
		snprintf(text, sizeof(text), "Firmware has marked nothing.");
	else if (worst == FINE)
		snprintf(text, sizeof(text), "All of it has an owner.");
	else if (worst == NOT_ONLINE)
		snprintf(text, sizeof(text), "Not all of it is online:");
	else
		return;
	draw_text(out, text, 0);
}

/* What can be typed of what is wrong, and why */
static void draw_ways(const struct advice *a, enum alarm alarm)
{
	if (*a->not_cxl && alarm == NO_OWNER) {
		draw_text(out, "Why not CXL:", 6);
		draw_text(out, a->not_cxl, 8);
	}
	draw_plans(out, a, false, 6);
}

static bool same_plan(const struct plan *a, const struct plan *b)
{
	if (a->mends != b->mends || a->nr != b->nr || strcmp(a->text, b->text) ||
	    strcmp(a->warning, b->warning))
		return false;
	for (int i = 0; i < a->nr; i++)
		if (strcmp(a->steps[i], b->steps[i]))
			return false;
	return true;
}

static bool same_ways(const struct advice *a, const struct advice *b)
{
	if (a->nr != b->nr || strcmp(a->not_cxl, b->not_cxl))
		return false;
	for (int i = 0; i < a->nr; i++)
		if (!same_plan(&a->plans[i], &b->plans[i]))
			return false;
	return true;
}

/*
 * What is wrong comes first, with what can be done about it; once, if that is the same
 * for ranges that follow each other
 */
static void draw_problems(const struct model *m)
{
	enum alarm alarm = FINE;
	struct advice a, last;
	struct segment s;
	struct frame f;

	for_each_frame(&f, m) {
		for_each_segment(s, m, &f) {
			if (row_alarm(s.row) == FINE)
				continue;
			advise(&a, m, &s);
			if (alarm && (alarm != row_alarm(s.row) || !same_ways(&a, &last)))
				draw_ways(&last, alarm);
			draw_line(&s, a.why);
			last = a;
			alarm = row_alarm(s.row);
		}
	}
	if (alarm) {
		draw_ways(&last, alarm);
		fputc('\n', out);
	}
}

void draw_map(FILE *to, const struct model *m)
{
	char totals[256];
	struct frame f;

	out = to;
	if (m->hidden) {
		draw_list(m);
		return;
	}
	if (!next_frame(m, 0, &f)) {
		draw_text(out, m->has_cxl_acpi && m->has_cxl_pci && m->has_cxl_mem ?
			  "No Soft Reserved memory, and no CXL window: firmware describes none." :
			  "No Soft Reserved memory, and no CXL window: modprobe -a cxl_acpi cxl_pci cxl_mem finds what firmware describes.", 0);
		return;
	}
	put_totals(totals, sizeof(totals), m);
	draw_text(out, totals, 0);
	draw_verdict(m);
	draw_capacity(m);
	fputc('\n', out);
	/* with all there is to say, it stands below the maps */
	if (!options.brief && !options.verbose)
		draw_problems(m);
	for_each_frame(&f, m)
		draw_frame(m, &f);
}
