// SPDX-License-Identifier: GPL-2.0
/*
 * The map: for each frame a ruler, lanes to scale, and the same in words. Fill
 * patterns and names tell owners apart; colour only helps.
 */
#include <stdio.h>
#include <string.h>
#include "softres.h"

#define GUTTER		15	/* columns for the name of a lane */
#define NAMES		8	/* and for that of an owner */

static struct options opt;
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
	if (column < 0 || column >= opt.width)
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
	for (int i = 0; i < opt.width; i++)
		put(i, " ", "");
	put_text(0, name, GUTTER, "");
}

static void set_colour(const char *colour)
{
	if (opt.colour)
		fprintf(out, "\033[0;%sm", colour);
}

static void row_end(void)
{
	const char *colour = "";
	int last = opt.width;

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

	return GUTTER + (int)(part * (opt.width - GUTTER));
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
		put(i, look->fill[opt.utf8], look->colour);

	room = last - first - 1;
	if (room >= 1) {
		put(first, opt.utf8 ? "├" : "|", look->colour);
		put(last, opt.utf8 ? "┤" : "|", look->colour);
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
		if (area->kind < lane->from || area->kind > lane->to ||
		    !overlaps(area, f->start, f->end))
			continue;
		put_label(text, sizeof(text), area);
		box(f, area->start, area->end, text, look_of(area));
	}
	row_end();
}

static void draw_ruler(const struct model *m, const struct frame *f)
{
	int last = opt.width - 1, column, room = GUTTER;
	char text[24];
	struct segment s;

	snprintf(text, sizeof(text), "%llx", f->end);
	row_start("");
	put_text(opt.width - strlen(text), text, sizeof(text), "");
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
	for (column = GUTTER; column < opt.width; column++)
		put(column, opt.utf8 ? "─" : "-", "");
	for_each_segment(s, m, f)
		put(column_of(f, s.start), opt.utf8 ? "┬" : "+", "");
	put(GUTTER, opt.utf8 ? "┌" : "+", "");
	put(opt.width - 1, opt.utf8 ? "┐" : "+", "");
	row_end();
}

/* --- In words ----------------------------------------------------------- */

static void draw_text(const char *text, int indent)
{
	while (*text) {
		int len = fold(text, opt.width - indent);

		fprintf(out, "%*s%.*s\n", indent, "", len, text);
		text += len;
		text += strspn(text, " ");
	}
}

static void draw_plans(const struct advice *a)
{
	for (const struct plan *p = a->plans; p < a->plans + a->nr; p++) {
		draw_text(p->goal, 6);
		/* not folded: they are to be copied */
		for (int i = 0; i < p->nr; i++)
			fprintf(out, "%8s%s\n", "", p->steps[i]);
	}
}

/* Where the words find no room in the line, they go to the next one */
static void draw_legend(const struct model *m, const struct frame *f)
{
	struct segment s, next;
	struct advice a;
	char range[48], size[24];
	int len;

	for_each_segment(s, m, f) {
		advise(&a, m, &s);
		snprintf(range, sizeof(range), "%llx-%llx", s.start, s.end);
		len = fprintf(out, "  %-23s %6s  ", range,
			      human(size, s.end - s.start + 1));
		set_colour(owner_look[s.owner].colour);
		fputs(owner_names[s.owner], out);
		set_colour("");
		if (len + NAMES + (int)strlen(a.why) <= opt.width) {
			fprintf(out, "%*s%s\n", NAMES - (int)strlen(owner_names[s.owner]),
				"", a.why);
		} else {
			fputc('\n', out);
			draw_text(a.why, 6);
		}

		/* advice is about all of a dax device: give it once */
		next = s.end < f->end ? segment_at(m, f, s.end + 1) : (struct segment) { };
		if (!opt.brief && s.state != UNUSED &&
		    (!s.at[DAX] || s.at[DAX] != next.at[DAX]))
			draw_plans(&a);
	}
}

static void draw_frame(const struct model *m, const struct frame *f)
{
	struct segment s = segment_at(m, f, f->start);
	struct advice a;
	char title[256];

	put_title(title, sizeof(title), m, f);
	draw_text(title, 0);
	if (s.state == UNUSED && s.end == f->end) {
		fprintf(out, "  %llx-%llx, all of it is free\n", f->start, f->end);
		advise(&a, m, &s);
		if (!opt.brief)
			draw_plans(&a);
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

	draw_text(HIDDEN, 0);
	for_each_area(dax, m)
		if (dax->kind == DAX)
			fprintf(out, "%s: %s of %s owns %s, driver %s\n", dax->name,
				owner_names[dax->owner], dax->parent,
				human(size, dax->end - dax->start + 1),
				*dax->driver ? dax->driver : "none");
}

void draw_map(FILE *to, const struct model *m, const struct options *options)
{
	char totals[128];
	struct frame f;

	out = to;
	opt = *options;
	if (m->hidden) {
		draw_list(m);
		return;
	}
	for_each_frame(&f, m)
		draw_frame(m, &f);
	if (next_frame(m, 0, &f)) {
		put_totals(totals, sizeof(totals), m);
		draw_text(totals, 0);
	} else {
		draw_text("No CXL window: modprobe -a cxl_acpi cxl_pci cxl_mem finds what firmware describes. No Soft Reserved memory.", 0);
	}
}
