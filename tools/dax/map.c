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

static const char *const owner_name[OWNERS] = {
	[FREE] = "free", [NOBODY] = "nobody", [CXL] = "CXL", [HMEM] = "HMEM",
	[OTHER] = "other",
};

static const struct look solid = { { "-", "─" }, "" };
static const struct look dotted = { { ".", "┄" }, "2" };

static const struct look kind_look[] = {
	[ONLINE]  = { { "@", "█" }, "" },
	[OFFLINE] = { { "_", "░" }, "2" },
};

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
		printf("\033[0;%sm", colour);
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
		fputs(row[i].glyph, stdout);
	}
	if (*colour)
		set_colour("");
	putchar('\n');
}

static int column_of(const struct frame *f, u64 addr)
{
	double part = (double)(addr - f->start) / (f->end - f->start + 1);

	return GUTTER + (int)(part * (opt.width - GUTTER));
}

/* How much of @text fits: all of it, its first word, or nothing */
static int text_len(const char *text, int room)
{
	int len = strlen(text);

	if (len > room)
		len = strcspn(text, " ");
	return len > room ? 0 : len;
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
	len = text_len(text, room);
	pad = (room - len) / 2;
	put_text(first + 1 + pad, text, len, look->colour);
	if (len && pad) {
		put(first + pad, " ", look->colour);
		put(first + 1 + pad + len, " ", look->colour);
	}
}

static void box_area(const struct frame *f, const struct area *a)
{
	const struct look *look = &solid;
	const char *text = a->name;
	char buf[2 * NAME_LEN];

	switch (a->kind) {
	case FIRMWARE:
		look = &dotted;
		text = "marked by firmware";
		break;
	case PUBLISHED:
		text = "published in iomem";
		break;
	case REGION:
		look = &dotted;
		snprintf(buf, sizeof(buf), "%s yields", a->name);
		text = buf;
		break;
	case DAX:
		look = &owner_look[a->owner];
		snprintf(buf, sizeof(buf), "%s %s", owner_name[a->owner], a->name);
		text = buf;
		break;
	case ONLINE:
	case OFFLINE:
		look = &kind_look[a->kind];
		break;
	default:
		break;
	}
	box(f, a->start, a->end, text, look);
}

/* Later kinds are painted over earlier ones */
static void draw_areas(const struct model *m, const struct frame *f,
		       enum kind from, enum kind to)
{
	const struct area *area;

	for_each_area(area, m)
		if (area->kind >= from && area->kind <= to &&
		    overlaps(area, f->start, f->end))
			box_area(f, area);
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

/* Does Soft Reserved memory reach beyond a window? */
static bool crosses_window(const struct model *m, const struct frame *f)
{
	const struct area *area;

	for_each_area(area, m)
		if (area->kind == WINDOW && overlaps(area, f->start, f->end) &&
		    (area->start > f->start || area->end < f->end))
			return true;
	return false;
}

static void draw_lanes(const struct model *m, const struct frame *f)
{
	struct segment s;

	if (crosses_window(m, f)) {
		row_start("CXL window");
		draw_areas(m, f, WINDOW, WINDOW);
	}
	row_start("Soft Reserved");
	draw_areas(m, f, FIRMWARE, PUBLISHED);
	row_start("region");
	draw_areas(m, f, REGION, LINKED);
	row_start("owner");
	for_each_segment(s, m, f)
		box(f, s.start, s.end, owner_name[s.owner], &owner_look[s.owner]);
	draw_areas(m, f, DAX, DAX);
	row_start("memory");
	draw_areas(m, f, ONLINE, OFFLINE);
}

/* --- In words ----------------------------------------------------------- */

/* As exact as five digits can be */
static const char *human(char buf[24], u64 bytes)
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

static void say_online(FILE *to, const struct segment *s)
{
	char online[24], size[24];
	u64 bytes = s->end - s->start + 1;

	human(size, bytes);
	if (s->online == bytes)
		fprintf(to, "all %s online", size);
	else if (s->online)
		fprintf(to, "only %s of %s online", human(online, s->online), size);
	else if (s->offline)
		fputs("offline", to);
	else
		fprintf(to, "not used as memory, its driver is %s",
			*s->at[DAX]->driver ? s->at[DAX]->driver : "none");
}

static void say(FILE *to, const struct segment *s)
{
	const char *region = s->at[REGION] ? s->at[REGION]->name : "";

	if (s->at[DAX]) {
		fprintf(to, "%s, %s: ", s->at[DAX]->parent, s->at[DAX]->name);
		say_online(to, s);
		if (*region && !s->at[LINKED])
			fprintf(to, "; %s yields", region);
	} else if (s->at[PUBLISHED]) {
		fputs("lost: Soft Reserved, and no driver serves it", to);
		if (*region)
			fprintf(to, ", though there is %s", region);
	} else if (s->at[LINKED]) {
		fprintf(to, "%s, without a dax device", s->at[LINKED]->name);
	} else if (s->at[FIRMWARE]) {
		fputs("marked by firmware; no driver has it", to);
	} else if (*region) {
		fprintf(to, "%s decodes it and had to yield", region);
	}
}

/* Where the words find no room in the line, they go to the next one */
static void draw_legend(const struct model *m, const struct frame *f)
{
	char text[200], range[48], size[24];
	struct segment s;
	FILE *to;
	int len;

	for_each_segment(s, m, f) {
		memset(text, 0, sizeof(text));
		to = fmemopen(text, sizeof(text) - 1, "w");
		if (!to)
			die("out of memory");
		say(to, &s);
		fclose(to);

		snprintf(range, sizeof(range), "%llx-%llx", s.start, s.end);
		len = printf("  %-23s %6s  ", range, human(size, s.end - s.start + 1));
		set_colour(owner_look[s.owner].colour);
		printf("%s", owner_name[s.owner]);
		set_colour("");
		if (*text && len + NAMES + (int)strlen(text) > opt.width)
			printf("\n      %s", text);
		else if (*text)
			printf("%*s%s", NAMES - (int)strlen(owner_name[s.owner]), "", text);
		putchar('\n');
	}
}

static void draw_title(const struct model *m, const struct frame *f)
{
	const struct area *area;
	bool any = false;
	char size[24];

	for_each_area(area, m)
		if (area->kind == WINDOW && overlaps(area, f->start, f->end)) {
			printf("%s%s", any ? " + " : "", area->name);
			any = true;
		}
	/* areas are sorted by kind: windows come first */
	if (!any)
		printf("Soft Reserved, %s", m->areas->kind == WINDOW ?
		       "outside of CXL windows" : "no CXL windows are known");
	printf(": %s\n", human(size, f->end - f->start + 1));
}

void draw_frame(const struct model *m, const struct frame *f,
		const struct options *options)
{
	struct segment s = segment_at(m, f, f->start);

	opt = *options;
	draw_title(m, f);
	if (s.owner == FREE && s.end == f->end) {
		printf("  %llx-%llx, all of it is free\n\n", f->start, f->end);
		return;
	}
	draw_ruler(m, f);
	draw_lanes(m, f);
	draw_legend(m, f);
	putchar('\n');
}

void draw_totals(const struct model *m)
{
	u64 bytes[OWNERS] = { }, all = 0, online = 0;
	char size[5][24];
	struct segment s;
	struct frame f;

	for (u64 pos = 0; next_frame(m, pos, &f); pos = f.end + 1)
		for_each_segment(s, m, &f) {
			if (!s.at[FIRMWARE] && !s.at[PUBLISHED])
				continue;
			all += s.end - s.start + 1;
			bytes[s.owner] += s.end - s.start + 1;
			online += s.online;
		}
	printf("Soft Reserved: %s in all; CXL has %s, HMEM %s, nobody %s; %s online\n",
	       human(size[0], all), human(size[1], bytes[CXL]),
	       human(size[2], bytes[HMEM]), human(size[3], bytes[NOBODY]),
	       human(size[4], online));
}
