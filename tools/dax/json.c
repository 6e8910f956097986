// SPDX-License-Identifier: GPL-2.0
/*
 * The same as JSON. Addresses and sizes are numbers of bytes, as in the output of
 * cxl(1) and daxctl(1); softres(1) says what each member means. Members may be
 * added, but none is taken away while "version" stays.
 */
#include "softres.h"

#define VERSION		1

static FILE *out;
static bool first;	/* in the object or array that is being written */

/* Names are printable ASCII: see set_name() */
static void put_string(const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static void put_name(const char *name)
{
	if (!first)
		fputs(", ", out);
	first = false;
	if (!name)
		return;
	put_string(name);
	fputs(": ", out);
}

static void open_list(const char *name, char bracket)
{
	put_name(name);
	fputc(bracket, out);
	first = true;
}

static void close_list(char bracket)
{
	fputc(bracket, out);
	first = false;
}

static void put_number(const char *name, u64 value)
{
	put_name(name);
	fprintf(out, "%llu", value);
}

static void put_bool(const char *name, bool value)
{
	put_name(name);
	fputs(value ? "true" : "false", out);
}

/* What is not there is null */
static void put_text(const char *name, const char *text)
{
	put_name(name);
	if (text && *text)
		put_string(text);
	else
		fputs("null", out);
}

static void put_area_name(const char *name, const struct area *area)
{
	put_text(name, area ? area->name : NULL);
}

static void put_range(u64 start, u64 end)
{
	put_number("start", start);
	put_number("end", end);
	put_number("size", end - start + 1);
}

static void put_area(const struct model *m, const struct area *area)
{
	fputs(first ? "\n  " : ",\n  ", out);
	first = true;
	open_list(NULL, '{');
	put_text(area->kind == DECISION ? "state" : "name", area->name);
	if (m->hidden)
		put_number("size", area->end - area->start + 1);
	else
		put_range(area->start, area->end);
	switch (area->kind) {
	case WINDOW:
		put_area_name("decoder", find(m, ROOT, area->start, area->end));
		break;
	case REGION:
		put_bool("committed", area->committed);
		put_bool("in_iomem", find(m, LINKED, area->start, area->end));
		put_text("driver", area->driver);
		break;
	case DAX:
		put_text("owner", owner_names[area->owner]);
		put_text("device", area->parent);
		put_text("driver", area->driver);
		break;
	case CLAIM:
		put_text("owner", owner_names[area->owner]);
		put_bool("held", area->held);
		break;
	case REFUSAL:
		put_text("by", area->text);
		put_number("count", area->count);
		break;
	case DECISION:
		put_text("reason", area->text);
		put_text("cause", area->cause);
		break;
	default:
		break;
	}
	close_list('}');
}

static void put_areas(const struct model *m, const char *name, enum area_kind kind)
{
	const struct area *area;

	fputs(",\n ", out);
	first = true;
	open_list(name, '[');
	for_each_area(area, m)
		if (area->kind == kind)
			put_area(m, area);
	close_list(']');
}

static void put_plan(const struct plan *p)
{
	open_list(NULL, '{');
	put_text("goal", p->goal);
	open_list("steps", '[');
	for (int i = 0; i < p->nr; i++) {
		put_name(NULL);
		put_string(p->steps[i]);
	}
	close_list(']');
	close_list('}');
}

static void put_segment(const struct model *m, const struct segment *s)
{
	struct advice a;

	advise(&a, m, s);
	fputs(first ? "\n  " : ",\n  ", out);
	first = true;
	open_list(NULL, '{');
	put_range(s->start, s->end);
	put_bool("soft_reserved", s->at[FIRMWARE] || s->at[PUBLISHED]);
	put_bool("published", s->at[PUBLISHED]);
	put_text("owner", owner_names[s->owner]);
	put_text("state", state_names[s->state]);
	put_area_name("window", s->at[WINDOW]);
	put_area_name("region", s->at[REGION]);
	put_area_name("dax", s->at[DAX]);
	put_number("online", s->online);
	put_number("offline", s->offline);
	put_text("reason", a.why);
	open_list("advice", '[');
	for (int i = 0; i < a.nr; i++)
		put_plan(&a.plans[i]);
	close_list(']');
	close_list('}');
}

void write_json(FILE *to, const struct model *m)
{
	struct segment s;
	struct frame f;

	out = to;
	fprintf(out, "{\"version\": %d,\n \"hidden\": %s", VERSION,
		m->hidden ? "true" : "false");
	put_areas(m, "windows", WINDOW);
	put_areas(m, "regions", REGION);
	put_areas(m, "dax", DAX);
	put_areas(m, "claims", CLAIM);
	put_areas(m, "refusals", REFUSAL);
	put_areas(m, "decisions", DECISION);
	fputs(",\n ", out);
	first = true;
	open_list("ranges", '[');
	if (!m->hidden)
		for_each_frame(&f, m)
			for_each_segment(s, m, &f)
				put_segment(m, &s);
	close_list(']');
	fputs("}\n", out);
}
