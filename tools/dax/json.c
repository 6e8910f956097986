// SPDX-License-Identifier: GPL-2.0
/*
 * The same as JSON, see softres.schema.json. Addresses and sizes are numbers of bytes,
 * as in the output of cxl(1) and daxctl(1). Members may be added, but none is taken
 * away while "version" stays.
 */
#include <json.h>
#include "softres.h"

#define VERSION		1

static void put(struct json_object *to, const char *key, struct json_object *value)
{
	if (json_object_object_add(to, key, value))
		die("out of memory");
}

static void append(struct json_object *to, struct json_object *value)
{
	if (json_object_array_add(to, value))
		die("out of memory");
}

/* What is not there is null */
static void put_text(struct json_object *to, const char *key, const char *text)
{
	put(to, key, text && *text ? json_object_new_string(text) : NULL);
}

static void put_number(struct json_object *to, const char *key, u64 value)
{
	put(to, key, json_object_new_uint64(value));
}

static void put_count(struct json_object *to, const char *key, int value)
{
	put(to, key, value < 0 ? NULL : json_object_new_int(value));
}

static void put_bool(struct json_object *to, const char *key, bool value)
{
	put(to, key, json_object_new_boolean(value));
}

static void put_time(struct json_object *to, const char *key, double value)
{
	char text[64];

	/* as the kernel has it, not as a double would be printed */
	snprintf(text, sizeof(text), "%.6f", value);
	put(to, key, json_object_new_double_s(value, text));
}

static void put_range(struct json_object *to, u64 start, u64 end)
{
	put_number(to, "start", start);
	put_number(to, "end", end);
	put_number(to, "size", end - start + 1);
}

static const char *name_of(const struct area *area)
{
	return area ? area->name : NULL;
}

static struct json_object *area_object(const struct model *m, const struct area *area)
{
	struct json_object *to = json_object_new_object();

	put_text(to, area->kind == PIECE ? "state" : "name", area->name);
	if (m->hidden)
		put_number(to, "size", area->end - area->start + 1);
	else
		put_range(to, area->start, area->end);
	switch (area->kind) {
	case WINDOW:
		put_text(to, "decoder", name_of(find(m, ROOT, area->start, area->end)));
		break;
	case REGION:
		put_bool(to, "committed", area->committed);
		put_bool(to, "persistent", area->persistent);
		put_bool(to, "in_iomem", find(m, LINKED, area->start, area->end));
		put_text(to, "driver", area->driver);
		break;
	case DAX:
		put_text(to, "owner", owner_names[area->owner]);
		put_text(to, "device", area->parent);
		put_text(to, "driver", area->driver);
		put_number(to, "lost", lost_to_blocks(m, area));
		break;
	case CLAIM:
		put_text(to, "owner", owner_names[area->owner]);
		put_bool(to, "held", area->held);
		put_time(to, "since", area->when);
		break;
	case REFUSAL:
		put_text(to, "by", area->text);
		put_number(to, "count", area->count);
		put_time(to, "last", area->when);
		break;
	case PIECE:
		put_text(to, "reason", area->text);
		put_text(to, "cause", area->cause);
		break;
	default:
		break;
	}
	return to;
}

static void put_areas(struct json_object *to, const struct model *m, const char *key,
		      enum area_kind kind)
{
	struct json_object *list = json_object_new_array();
	const struct area *area;

	for_each_area(area, m)
		if (area->kind == kind)
			append(list, area_object(m, area));
	put(to, key, list);
}

static void put_devices(struct json_object *to, const struct model *m)
{
	struct json_object *list = json_object_new_array(), *object;
	const struct device *d;

	for_each_device(d, m) {
		object = json_object_new_object();
		put_text(object, "pci", d->pci);
		put_text(object, "name", d->name);
		put_number(object, "serial", d->serial);
		put_text(object, "driver", d->driver);
		put_bool(object, "ready", d->ready);
		put_text(object, "driver_override", d->override);
		put_number(object, "ram", d->ram);
		put_number(object, "used", d->used);
		append(list, object);
	}
	put(to, "devices", list);
}

static struct json_object *plan_object(const struct plan *p)
{
	struct json_object *to = json_object_new_object(), *steps = json_object_new_array();

	put_text(to, "way", p->way);
	put_text(to, "goal", goal_names[p->goal]);
	put_range(to, p->start, p->end);
	put_text(to, "text", p->text);
	put_text(to, "warning", p->warning);
	put_bool(to, "mends", p->mends);
	put_bool(to, "choose", p->choose);
	for (int i = 0; i < p->nr; i++)
		append(steps, json_object_new_string(p->steps[i]));
	put(to, "steps", steps);
	return to;
}

static struct json_object *segment_object(const struct model *m, const struct segment *s)
{
	struct json_object *to = json_object_new_object(), *list;
	const struct area *piece = s->at[PIECE];
	const int node = node_of(m, s);
	const struct device *d;
	struct advice a;

	advise(&a, m, s);
	put_range(to, s->start, s->end);
	put_bool(to, "soft_reserved", marked(s));
	put_bool(to, "published", s->at[PUBLISHED]);
	put_text(to, "owner", owner_names[s->owner]);
	put_text(to, "state", row_name(s->row));
	put_count(to, "status", row_alarm(s->row));
	put_text(to, "piece", piece ? piece_names[piece->state] : NULL);
	put_text(to, "cause", piece ? piece->cause : NULL);
	put_text(to, "window", name_of(s->at[WINDOW]));
	put_text(to, "region", name_of(s->at[REGION]));
	put_text(to, "dax", name_of(s->at[DAX]));
	list = json_object_new_array();
	for_each_device(d, m)
		if (*d->name && decoded_by(m, s, d->name))
			append(list, json_object_new_string(d->name));
	put(to, "devices", list);
	put_count(to, "node", node);
	put_count(to, "tier", tier_of(node));
	put_number(to, "online", s->online);
	put_number(to, "offline", s->offline);
	put_text(to, "why", a.why);
	put_text(to, "why_not_cxl", a.not_cxl);
	list = json_object_new_array();
	for (enum goal goal = 0; goal < GOALS; goal++)
		if (holds(m, s, goal))
			append(list, json_object_new_string(goal_names[goal]));
	put(to, "holds", list);
	list = json_object_new_array();
	for (int i = 0; i < a.nr; i++)
		append(list, plan_object(&a.plans[i]));
	put(to, "plans", list);
	return to;
}

static void put_totals_object(struct json_object *to, const struct model *m)
{
	struct json_object *object = json_object_new_object();
	struct totals t;

	if (m->hidden) {
		put(to, "totals", NULL);
		json_object_put(object);
		return;
	}
	count(&t, m);
	put_number(object, "soft_reserved", t.all);
	put_number(object, "cxl", t.by[CXL]);
	put_number(object, "hmem", t.by[HMEM]);
	put_number(object, "other", t.by[OTHER]);
	put_number(object, "nobody", t.by[NOBODY]);
	put_number(object, "online", t.online);
	put_number(object, "offline", t.offline);
	put_number(object, "lost", t.lost);
	put_count(object, "status", t.alarm);
	put(to, "totals", object);
}

void write_json(FILE *out, const struct model *m)
{
	static const char *const sources[] = {
		[NO_DEBUGFS] = "unmounted", [NO_FILE] = "none", [READ] = "read",
	};
	struct json_object *to = json_object_new_object(), *list = json_object_new_array();
	const char *text;
	struct segment s;
	struct frame f;

	put_count(to, "version", VERSION);
	put_bool(to, "hidden", m->hidden);
	put_text(to, "debugfs", sources[m->source]);
	put_totals_object(to, m);
	put_areas(to, m, "windows", WINDOW);
	put_areas(to, m, "regions", REGION);
	put_devices(to, m);
	put_areas(to, m, "dax", DAX);
	put_areas(to, m, "claims", CLAIM);
	put_areas(to, m, "refusals", REFUSAL);
	put_areas(to, m, "pieces", PIECE);
	if (!m->hidden)
		for_each_frame(&f, m)
			for_each_segment(s, m, &f)
				if (selected(m, &s))
					append(list, segment_object(m, &s));
	put(to, "ranges", list);
	text = json_object_to_json_string_ext(to, JSON_C_TO_STRING_PRETTY |
						  JSON_C_TO_STRING_NOSLASHESCAPE);
	fprintf(out, "%s\n", text);
	json_object_put(to);
}
