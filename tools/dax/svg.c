// SPDX-License-Identifier: GPL-2.0
/*
 * The same as a picture: SVG that needs nothing else, for light and dark pages
 */
#include <stdlib.h>
#include <string.h>
#include "softres.h"

/* All in pixels. A picture of 50 columns is as wide as half a page of text. */
#define PAGE		(options.width * 8)
#define MARGIN		8
#define LEFT		(MARGIN + 104)	/* where lanes begin */
#define RIGHT		(PAGE - MARGIN)
#define LANE		28
#define BOX		22
#define LINE		18
#define GLYPH		7.3	/* width of a character */

static FILE *out;

/* No custom properties: not all that turn SVG into print know them */
static const char style[] =
	"text{font-family:monospace;font-size:12px;fill:#1c2128}\n"
	".title{font-weight:bold;font-size:14px}.muted{fill:#57606a}\n"
	".end{text-anchor:end}.mid{text-anchor:middle}\n"
	".page{fill:#fff;stroke:none}.axis{stroke:#57606a}\n"
	"rect{stroke:#57606a;fill:#eaeef2}\n"
	".dotted{fill:none;stroke-dasharray:3}\n"
	".free{fill:none;stroke:#afb8c1}.nobody{fill:#ffcecb;stroke:#a40e26}\n"
	".CXL{fill:#b6d7ff;stroke:#0550ae}.HMEM{fill:#ffdf9e;stroke:#7d4e00}\n"
	".other{fill:#e2d3ff;stroke:#6639ba}\n"
	".online{fill:#aceebb;stroke:#116329}.offline{fill:#eaeef2}\n"
	"@media(prefers-color-scheme:dark){\n"
	"text{fill:#e6edf3}.muted{fill:#9198a1}.page{fill:#0d1117}\n"
	".axis{stroke:#9198a1}rect{stroke:#9198a1;fill:#2a313c}\n"
	".free{stroke:#3d444d}\n"
	".nobody{fill:#67060c;stroke:#ff7b72}.CXL{fill:#0c3d78;stroke:#79c0ff}\n"
	".HMEM{fill:#5a3a00;stroke:#e3b341}.other{fill:#3c1e70;stroke:#d2a8ff}\n"
	".online{fill:#0f5323;stroke:#56d364}.offline{fill:#2a313c}}\n";

/* The text of an element, or of an attribute */
static void put_text(const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}

static void put_line(const char *class, double x, int y, const char *text, int len)
{
	char buf[512];

	snprintf(buf, sizeof(buf), "%.*s", len, text);
	fprintf(out, "<text class=\"%s\" x=\"%.1f\" y=\"%d\">", class, x, y);
	put_text(buf);
	fputs("</text>\n", out);
}

static double x_of(const struct frame *f, u64 addr)
{
	return LEFT + (double)(addr - f->start) / (f->end - f->start + 1) *
	       (RIGHT - LEFT);
}

/* A rectangle to scale, what stands on it, and what is shown when pointed at */
static void box(const struct frame *f, int y, u64 start, u64 end, const char *class,
		const char *text)
{
	double left = x_of(f, start < f->start ? f->start : start);
	double right = x_of(f, (end > f->end ? f->end : end) + 1);
	char size[24], range[64];
	int len = fit(text, (right - left) / GLYPH - 1);

	snprintf(range, sizeof(range), ": %llx-%llx, %s", start, end,
		 human(size, end - start + 1));
	fputs("<g><title>", out);
	put_text(text);
	fprintf(out, "%s</title>\n"
		"<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>\n",
		range, class, left, y, right - left < 1 ? 1 : right - left, BOX);
	if (len)
		put_line("mid", (left + right) / 2, y + 15, text, len);
	fputs("</g>\n", out);
}

static const char *class_of(const struct area *area)
{
	switch (area->kind) {
	case FIRMWARE:
	case DECODED:
	case REGION:
		return "dotted";
	case DAX:
		return owner_names[area->owner];
	case ONLINE:
	case OFFLINE:
		return area->name;
	default:
		return "solid";
	}
}

static void draw_lane(const struct model *m, const struct frame *f, int y,
		      const struct lane *lane)
{
	const struct area *area;
	char text[2 * NAME_LEN];
	struct segment s;

	put_line("muted", MARGIN, y + 15, lane->name, 32);
	if (lane == &lanes[OWNER_LANE])
		for_each_segment(s, m, f)
			if (!s.at[DAX])
				box(f, y, s.start, s.end, owner_names[s.owner],
				    owner_names[s.owner]);
	for_each_area(area, m) {
		if (!in_lane(m, area, lane) || !overlaps(area, f->start, f->end))
			continue;
		put_label(text, sizeof(text), area);
		box(f, y, area->start, area->end, class_of(area), text);
	}
}

static void draw_ruler(const struct model *m, const struct frame *f, int y)
{
	double x, room = LEFT, last;
	struct segment s;
	char text[24];
	int len;

	len = snprintf(text, sizeof(text), "%llx", f->end);
	put_line("muted end", RIGHT, y, text, len);
	last = RIGHT - (len + 1) * GLYPH;
	fprintf(out, "<path class=\"axis\" d=\"M%d %d.5H%d", LEFT, y + 9, RIGHT);
	for_each_segment(s, m, f)
		fprintf(out, "M%.1f %dv6", x_of(f, s.start), y + 4);
	fputs("\"/>\n", out);
	for_each_segment(s, m, f) {
		x = x_of(f, s.start);
		len = snprintf(text, sizeof(text), "%llx", s.start);
		if (x < room || x + len * GLYPH > last)
			continue;
		put_line("muted", x, y, text, len);
		room = x + (len + 1) * GLYPH;
	}
}

/* Returns where the last line is */
static int draw_folded(const char *text, int left, int y, const char *class)
{
	int len;

	for (; *text; text += len, y += LINE) {
		text += strspn(text, " ");
		len = fold(text, (RIGHT - left) / GLYPH);
		put_line(class, left, y, text, len);
	}
	return y - LINE;
}

/* Returns where the next line goes */
static int draw_words(const struct model *m, const struct segment *s, int y)
{
	char head[96], size[24];
	struct advice a;

	advise(&a, m, s);
	snprintf(head, sizeof(head), "%llx-%llx: %s, %s", s->start, s->end,
		 human(size, s->end - s->start + 1), owner_names[s->owner]);
	put_line("", MARGIN, y, head, sizeof(head));
	return draw_folded(a.why, MARGIN + LINE, y + LINE, "muted") + LINE;
}

static int draw_frame(const struct model *m, const struct frame *f, int y)
{
	struct segment s;
	char title[256];

	put_title(title, sizeof(title), m, f);
	y += LINE;
	put_line("title", MARGIN, y, title, sizeof(title));
	y += LANE;
	s = segment_at(m, f, f->start);
	if (!marked(&s) && s.owner == FREE && s.end == f->end)
		return draw_words(m, &s, y);
	draw_ruler(m, f, y);
	y += LINE;
	for (const struct lane *lane = lanes; lane < lanes + LANES; lane++) {
		if (!has_lane(m, f, lane))
			continue;
		draw_lane(m, f, y, lane);
		y += LANE;
	}
	y += LINE;
	for_each_segment(s, m, f)
		y = draw_words(m, &s, y);
	return y;
}

void write_svg(FILE *to, const struct model *m)
{
	char totals[256], *body;
	int height = MARGIN;
	struct frame f;
	size_t size;

	/* how high the page is shows when all is drawn */
	out = open_memstream(&body, &size);
	if (!out)
		die("out of memory");
	if (!m->hidden)
		for_each_frame(&f, m)
			if (frame_selected(m, &f))
				height = draw_frame(m, &f, height);
	put_totals(totals, sizeof(totals), m);
	height = draw_folded(totals, MARGIN, height + LINE, "") + MARGIN;
	if (fclose(out))
		die("out of memory");

	fprintf(to,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"title desc\">\n"
		"<title id=\"title\">Who owns CXL windows and Soft Reserved memory</title>\n"
		"<desc id=\"desc\">%s</desc>\n<style>%s</style>\n"
		"<rect class=\"page\" width=\"%d\" height=\"%d\"/>\n%s</svg>\n",
		PAGE, height, PAGE, height, totals, style, PAGE, height, body);
	free(body);
}
