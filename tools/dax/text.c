// SPDX-License-Identifier: GPL-2.0
/*
 * Without a map: what was asked for in detail, a list in columns, and one line for
 * monitoring.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "softres.h"

/* --- What is asked for -------------------------------------------------- */

static bool named(const struct area *area, const char *name)
{
	return area && (!strcmp(area->name, name) || !strcmp(area->parent, name));
}

bool decoded_by(const struct model *m, const struct segment *s, const char *memdev)
{
	const struct area *area;

	for_each_area(area, m)
		if (area->kind == DECODED && overlaps(area, s->start, s->end) &&
		    !strcmp(area->memdev, memdev))
			return true;
	return false;
}

bool selected(const struct model *m, const struct segment *s)
{
	const char *what = options.selector;
	char *end;
	u64 addr;

	if (options.node >= 0 && node_of(m, s) != options.node)
		return false;
	if (!what)
		return true;
	addr = strtoull(what, &end, 16);
	if (end != what && !*end)
		return addr >= s->start && addr <= s->end;
	for (int kind = 0; kind < CUTS; kind++)
		if (named(s->at[kind], what))
			return true;
	return named(find(m, ROOT, s->start, s->end), what) || decoded_by(m, s, what);
}

bool frame_selected(const struct model *m, const struct frame *f)
{
	struct segment s;

	for_each_segment(s, m, f)
		if (selected(m, &s))
			return true;
	return false;
}

/* --- In detail ---------------------------------------------------------- */

__printf(3, 4)
static void line(FILE *out, const char *name, const char *fmt, ...)
{
	char text[1024];
	va_list args;
	int len;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	for (const char *at = text; *at; at += strspn(at, " ")) {
		len = fold(at, options.width - 14);
		fprintf(out, "  %-12s%.*s\n", at == text ? name : "", len, at);
		at += len;
	}
}

static void details_of_memory(FILE *out, const struct model *m, const struct segment *s)
{
	const struct area *online = find(m, ONLINE, s->start, s->end);
	const int node = node_of(m, s), tier = tier_of(node);
	char size[4][24], zones[128] = "";
	const struct area *area;
	u64 used, all;

	if (s->online + s->offline)
		line(out, "memory", "%s online, %s offline", human(size[0], s->online),
		     human(size[1], s->offline));
	for_each_area(area, m)
		if (area->kind == ONLINE && overlaps(area, s->start, s->end) &&
		    *area->zone && !strstr(zones, area->zone) &&
		    strlen(zones) + strlen(area->zone) + 2 < sizeof(zones)) {
			strcat(zones, *zones ? " " : "");
			strcat(zones, area->zone);
		}
	if (*zones)
		line(out, "zone", "%s: %s", zones, !strcmp(zones, "Movable") ?
		     "it can be taken offline" :
		     "the kernel may use it for itself, and then it cannot be taken offline");
	if (s->at[DAX] && lost_to_blocks(m, s->at[DAX]))
		line(out, "lost", "%s of %s cannot come online: memory comes in blocks of %s",
		     human(size[0], lost_to_blocks(m, s->at[DAX])), s->at[DAX]->name,
		     human(size[1], m->block));
	if (node < 0)
		return;
	if (tier < 0)
		line(out, "node", "%d", node);
	else
		line(out, "node", "%d, in memory tier %d", node, tier);
	if (online && node_usage(node, &used, &all))
		line(out, "in use", "%s of %s of node %d", human(size[0], used),
		     human(size[1], all), node);
}

static void details_of_piece(FILE *out, const struct model *m, const struct segment *s)
{
	const struct area *piece = s->at[PIECE], *claim = s->at[CLAIM], *area;

	if (piece)
		line(out, "kernel", "%s, %s: %s (%llx-%llx)", piece->name, piece->cause,
		     piece->text, piece->start, piece->end);
	if (claim)
		line(out, "claim", "%s, %s%.3f s after boot", claim->name,
		     claim->held ? "held, claimed " : "", claim->when);
	for_each_area(area, m)
		if (area->kind == REFUSAL && overlaps(area, s->start, s->end))
			line(out, "refused", "%s by %s, %llu time%s, the last %.3f s after boot",
			     area->name, area->text, area->count, area->count == 1 ? "" : "s",
			     area->when);
}

static void details_of_devices(FILE *out, const struct model *m, const struct segment *s)
{
	const struct device *d;
	char text[512] = "";

	for_each_device(d, m)
		if (*d->name && decoded_by(m, s, d->name))
			add_to(text, sizeof(text), "%s%s (%s, serial %#llx)",
			       *text ? ", " : "", d->name, d->pci, d->serial);
	if (*text)
		line(out, "devices", "%s", text);
}

static void write_segment(FILE *out, const struct model *m, const struct segment *s)
{
	const struct area *window = s->at[WINDOW];
	char size[24], place[96] = "outside of CXL windows";
	struct advice a;

	advise(&a, m, s);
	if (window)
		snprintf(place, sizeof(place), "in %s", window->name);
	fprintf(out, "%llx-%llx, %s, %s\n", s->start, s->end, human(size, size_of(s)), place);
	line(out, "owner", "%s", owner_names[s->owner]);
	line(out, "state", "%s", row_name(s->row));
	line(out, "why", "%s", a.why);
	if (*a.not_cxl)
		line(out, "why not CXL", "%s", a.not_cxl);
	line(out, "firmware", "%s", marked(s) ? "marked it Soft Reserved" : "did not mark it");
	details_of_devices(out, m, s);
	details_of_piece(out, m, s);
	details_of_memory(out, m, s);
	draw_plans(out, &a, true, 2);
}

/* Nothing of the map is what is asked for: is it a device at all? */
static void write_nothing(FILE *out, const struct model *m)
{
	const char *what = options.selector;
	const struct device *d;
	char size[2][24];

	for_each_device(d, m) {
		if (!what || !*what || (strcmp(d->name, what) && strcmp(d->pci, what)))
			continue;
		if (d->ready)
			fprintf(out, "No decoder of %s decodes anything: %s of its %s is in no region.\n",
				what, human(size[0], d->ram - d->used), human(size[1], d->ram));
		else
			fprintf(out, "%s has no endpoint: what it decodes is not known.\n", what);
		return;
	}
	fprintf(out, "Neither a CXL window nor Soft Reserved memory has that.\n");
}

bool write_details(FILE *out, const struct model *m)
{
	struct segment s;
	struct frame f;
	bool any = false;

	if (m->hidden) {
		fprintf(out, "%s\n", HIDDEN);
		return false;
	}
	for_each_frame(&f, m)
		for_each_segment(s, m, &f) {
			if (!selected(m, &s))
				continue;
			if (any)
				fputc('\n', out);
			write_segment(out, m, &s);
			any = true;
		}
	if (!any)
		write_nothing(out, m);
	return any;
}

/* --- A list ------------------------------------------------------------- */

struct entry {
	const struct model *m;
	const struct segment *s;
	struct advice a;
};

static void put_name(char *buf, size_t len, const struct area *area)
{
	snprintf(buf, len, "%s", area ? area->name : "-");
}

static void put_int(char *buf, size_t len, int n)
{
	if (n < 0)
		snprintf(buf, len, "-");
	else
		snprintf(buf, len, "%d", n);
}

enum column {
	RANGE, SIZE, OWNER, STATE, STATUS, CAUSE, DAX_NAME, DEVICE, REGION_NAME,
	WINDOW_NAME, NODE, TIER, ONLINE_BYTES, OFFLINE_BYTES, ZONE, WHY, COLUMNS
};

static const struct {
	const char *name;
	bool right;
} columns[COLUMNS] = {
	[RANGE] = { "RANGE", false }, [SIZE] = { "SIZE", true },
	[OWNER] = { "OWNER", false }, [STATE] = { "STATE", false },
	[STATUS] = { "STATUS", true }, [CAUSE] = { "CAUSE", false },
	[DAX_NAME] = { "DAX", false }, [DEVICE] = { "DEVICE", false },
	[REGION_NAME] = { "REGION", false }, [WINDOW_NAME] = { "WINDOW", false },
	[NODE] = { "NODE", true }, [TIER] = { "TIER", true },
	[ONLINE_BYTES] = { "ONLINE", true }, [OFFLINE_BYTES] = { "OFFLINE", true },
	[ZONE] = { "ZONE", false }, [WHY] = { "WHY", false },
};

#define DEFAULT_COLUMNS	"RANGE,SIZE,OWNER,STATE,DAX,NODE,ONLINE,OFFLINE"

static void put_cell(char *buf, size_t len, enum column column, const struct entry *e)
{
	const struct segment *s = e->s;
	const struct area *area;
	char size[24];

	switch (column) {
	case RANGE:
		snprintf(buf, len, "%llx-%llx", s->start, s->end);
		break;
	case SIZE:
		snprintf(buf, len, "%s", human(size, size_of(s)));
		break;
	case OWNER:
		snprintf(buf, len, "%s", owner_names[s->owner]);
		break;
	case STATE:
		snprintf(buf, len, "%s", row_name(s->row));
		break;
	case STATUS:
		put_int(buf, len, row_alarm(s->row));
		break;
	case CAUSE:
		snprintf(buf, len, "%s", s->at[PIECE] ? s->at[PIECE]->cause : "-");
		break;
	case DAX_NAME:
		put_name(buf, len, s->at[DAX]);
		break;
	case DEVICE:
		snprintf(buf, len, "%s", s->at[DAX] && *s->at[DAX]->parent ?
			 s->at[DAX]->parent : "-");
		break;
	case REGION_NAME:
		put_name(buf, len, s->at[REGION]);
		break;
	case WINDOW_NAME:
		put_name(buf, len, s->at[WINDOW]);
		break;
	case NODE:
		put_int(buf, len, node_of(e->m, s));
		break;
	case TIER:
		put_int(buf, len, tier_of(node_of(e->m, s)));
		break;
	case ONLINE_BYTES:
		snprintf(buf, len, "%s", human(size, s->online));
		break;
	case OFFLINE_BYTES:
		snprintf(buf, len, "%s", human(size, s->offline));
		break;
	case ZONE:
		area = find(e->m, ONLINE, s->start, s->end);
		snprintf(buf, len, "%s", area && *area->zone ? area->zone : "-");
		break;
	case WHY:
		snprintf(buf, len, "%s", e->a.why);
		break;
	default:
		*buf = '\0';
	}
}

/* The next name of a list, as a column; COLUMNS if there are no more, -1 if unknown */
static int next_column(const char **list)
{
	const size_t len = strcspn(*list, ",");
	int column;

	if (!len)
		return COLUMNS;
	for (column = 0; column < COLUMNS; column++)
		if (strlen(columns[column].name) == len &&
		    !strncasecmp(columns[column].name, *list, len))
			break;
	*list += len;
	*list += **list == ',';
	return column == COLUMNS ? -1 : column;
}

/* All columns that the user wants; their number */
static int chosen_columns(int to[2 * COLUMNS], const char *list)
{
	const char *defaults = DEFAULT_COLUMNS;
	int nr = 0, column;

	if (*list == '+') {
		list++;
		while ((column = next_column(&defaults)) < COLUMNS)
			to[nr++] = column;
	}
	while (nr < 2 * COLUMNS && (column = next_column(&list)) != COLUMNS)
		to[nr++] = column;
	return nr;
}

bool columns_known(const char *list)
{
	int chosen[2 * COLUMNS], nr = chosen_columns(chosen, list);

	for (int i = 0; i < nr; i++)
		if (chosen[i] < 0)
			return false;
	return nr;
}

static void write_row(FILE *out, const int *chosen, const int *width, int nr,
		      char cells[][600])
{
	for (int i = 0; i < nr; i++) {
		const bool last = i + 1 == nr;

		if (columns[chosen[i]].right)
			fprintf(out, "%*s%s", width[i], cells[i], last ? "\n" : "  ");
		else
			fprintf(out, "%-*s%s", last ? 0 : width[i], cells[i],
				last ? "\n" : "  ");
	}
}

void write_list(FILE *out, const struct model *m)
{
	int chosen[2 * COLUMNS], width[2 * COLUMNS] = { };
	int nr = chosen_columns(chosen, options.columns);
	char cells[2 * COLUMNS][600];
	struct entry e = { .m = m };
	struct segment s;
	struct frame f;

	/* the first round finds out how wide they are */
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < nr; i++) {
			snprintf(cells[i], sizeof(cells[i]), "%s", columns[chosen[i]].name);
			if (!options.no_headings && (int)strlen(cells[i]) > width[i])
				width[i] = strlen(cells[i]);
		}
		if (round && !options.no_headings)
			write_row(out, chosen, width, nr, cells);
		for_each_frame(&f, m)
			for_each_segment(s, m, &f) {
				if (!selected(m, &s))
					continue;
				e.s = &s;
				advise(&e.a, m, &s);
				for (int i = 0; i < nr; i++) {
					put_cell(cells[i], sizeof(cells[i]), chosen[i], &e);
					if ((int)strlen(cells[i]) > width[i])
						width[i] = strlen(cells[i]);
				}
				if (round)
					write_row(out, chosen, width, nr, cells);
			}
	}
}

/* --- For monitoring ----------------------------------------------------- */

/* The plugins that Nagios, Icinga and others call print such a line */
int write_check(FILE *out, const struct model *m)
{
	static const char *const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
	char size[2][24], where[128] = "";
	bool any = false;
	u64 bytes = 0;
	struct totals t;
	struct segment s;
	struct frame f;

	if (m->hidden) {
		fprintf(out, "SOFTRES UNKNOWN: iomem hides addresses, run as root\n");
		return 3;
	}
	count(&t, m);
	for_each_frame(&f, m)
		for_each_segment(s, m, &f) {
			any |= selected(m, &s);
			if (!selected(m, &s) || row_alarm(s.row) != t.alarm || !t.alarm)
				continue;
			if (!*where)
				snprintf(where, sizeof(where), "%llx-%llx %s", s.start, s.end,
					 row_name(s.row));
			/* of what has no driver, nothing is offline, and nothing online */
			bytes += s.online ? s.offline : size_of(&s);
		}
	if (!any && (options.selector || options.node >= 0)) {
		fprintf(out, "SOFTRES UNKNOWN: nothing has %s\n", options.selector ?: "that node");
		return 3;
	}
	fprintf(out, "SOFTRES %s: ", words[t.alarm]);
	if (t.alarm == NO_OWNER)
		fprintf(out, "%s without an owner: %s", human(size[0], bytes), where);
	else if (t.alarm == NOT_ONLINE)
		fprintf(out, "%s not online: %s", human(size[0], bytes), where);
	else
		fprintf(out, "%s, all owned and online", human(size[0], t.all));
	fprintf(out, " | soft_reserved=%lluB cxl=%lluB hmem=%lluB nobody=%lluB online=%lluB offline=%lluB\n",
		t.all, t.by[CXL], t.by[HMEM], t.by[NOBODY], t.online, t.offline);
	return t.alarm;
}
