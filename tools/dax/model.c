// SPDX-License-Identifier: GPL-2.0
/*
 * What is in the machine: from /proc/iomem, from sysfs, from debugfs if it can be
 * had, and from what firmware and the kernel command line say. Whatever cannot be
 * read, or makes no sense, is left out.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "softres.h"

#define E820_SOFT_RESERVED	0xefffffffULL

static const char *root;	/* what /proc and /sys stand below */

/* Text comes from files; what is not printable would spoil the map */
static void set_text(char *to, size_t len, const char *from)
{
	size_t i;

	for (i = 0; i < len - 1 && from[i]; i++)
		to[i] = isprint((unsigned char)from[i]) ? from[i] : '?';
	to[i] = '\0';
}

static void set_name(char *to, const char *from)
{
	set_text(to, NAME_LEN, from);
}

/* Returns NULL for what cannot be a range; else valid until the next add() */
static struct area *add(struct model *m, enum area_kind kind, u64 start, u64 size,
			const char *name)
{
	struct area *area;

	/* no end is ULLONG_MAX, so that what follows it is a number, too */
	if (!size || start == ULLONG_MAX || size - 1 > ULLONG_MAX - 1 - start)
		return NULL;

	if (m->nr == m->max) {
		m->max = m->max ? 2 * m->max : 64;
		m->areas = realloc(m->areas, m->max * sizeof(*m->areas));
		if (!m->areas)
			die("out of memory");
	}
	area = &m->areas[m->nr++];
	*area = (struct area) {
		.start = start, .end = start + size - 1, .kind = kind,
	};
	set_name(area->name, name);
	return area;
}

/* --- Gathering ---------------------------------------------------------- */

/* The first line of a file, or where a link leads */
__printf(4, 5)
static bool get_text(char *buf, size_t len, bool link, const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list args;
	FILE *file;
	ssize_t n;

	n = snprintf(path, sizeof(path), "%s", root);
	va_start(args, fmt);
	vsnprintf(path + n, sizeof(path) - n, fmt, args);
	va_end(args);

	if (link) {
		n = readlink(path, buf, len - 1);
		buf[n < 0 ? 0 : n] = '\0';
		return n > 0;
	}

	file = fopen(path, "r");
	if (!file)
		return false;
	if (!fgets(buf, len, file))
		*buf = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	fclose(file);
	return *buf;
}

static bool get_u64(u64 *value, int base, const char *dir, const char *name,
		    const char *attr)
{
	char text[64], *end;

	if (!get_text(text, sizeof(text), false, "%s/%s/%s", dir, name, attr))
		return false;
	errno = 0;
	*value = strtoull(text, &end, base);
	return end != text && !*end && !errno;
}

/* The driver a device is bound to; "" if none */
static bool get_driver(char *to, const char *dir, const char *name)
{
	char path[PATH_MAX], *slash;

	if (!get_text(path, sizeof(path), true, "%s/%s/driver", dir, name))
		return false;
	slash = strrchr(path, '/');
	set_name(to, slash ? slash + 1 : path);
	return true;
}

static bool exists(const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%s", root, name);
	return !access(path, F_OK);
}

typedef void (*entry_fn)(struct model *m, const char *dir, const char *name);

static void scan_dir(struct model *m, const char *dir, entry_fn fn)
{
	struct dirent *entry;
	char path[PATH_MAX];
	DIR *d;

	snprintf(path, sizeof(path), "%s%s", root, dir);
	d = opendir(path);
	if (!d)		/* no such thing on this machine */
		return;
	while ((entry = readdir(d)))
		if (entry->d_name[0] != '.')
			fn(m, dir, entry->d_name);
	closedir(d);
}

static void gather_iomem(struct model *m)
{
	static const struct { const char *prefix; enum area_kind kind; } known[] = {
		{ "CXL Window ", WINDOW },
		{ "Soft Reserved", PUBLISHED },
		{ "region", LINKED },
		{ "System RAM (kmem)", ADDED },
	};
	char path[PATH_MAX], line[256], name[80];
	u64 start, end;
	FILE *file;

	snprintf(path, sizeof(path), "%s/proc/iomem", root);
	file = fopen(path, "r");
	if (!file)
		die("%s: %s", path, strerror(errno));

	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, " %llx-%llx : %79[^\n]", &start, &end, name) != 3)
			continue;
		if (!end)
			m->hidden = true;
		for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
			if (!strncmp(name, known[i].prefix, strlen(known[i].prefix)) &&
			    start <= end && !m->hidden)
				add(m, known[i].kind, start, end - start + 1, name);
		}
	}
	fclose(file);
}

static void gather_memmap(struct model *m, const char *dir, const char *name)
{
	u64 start, end;
	char type[64];

	if (get_text(type, sizeof(type), false, "%s/%s/type", dir, name) &&
	    !strcmp(type, "Soft Reserved") &&
	    get_u64(&start, 0, dir, name, "start") &&
	    get_u64(&end, 0, dir, name, "end") && start <= end)
		add(m, FIRMWARE, start, end - start + 1, type);
}

/* A number as the kernel's memparse() reads it */
static u64 parse_size(char **p)
{
	u64 value = strtoull(*p, p, 0);
	const char *suffix = **p ? strchr("KMGTPE", toupper((unsigned char)**p)) : NULL;

	if (suffix) {
		value <<= 10 * (strlen("KMGTPE") - strlen(suffix) + 1);
		(*p)++;
	}
	return value;
}

/* memmap=SIZE%START[-FROM]+TYPE does not show in /sys/firmware/memmap */
static void gather_cmdline(struct model *m)
{
	char line[8192], *word, *p;
	u64 start, size;

	if (!get_text(line, sizeof(line), false, "/proc/cmdline"))
		return;
	for (word = strtok(line, " "); word; word = strtok(NULL, " ")) {
		if (strncmp(word, "memmap=", 7))
			continue;
		p = word + 7;
		size = parse_size(&p);
		if (*p++ != '%')
			continue;
		start = parse_size(&p);
		p = strchr(p, '+');
		if (p && strtoull(p + 1, NULL, 0) == E820_SOFT_RESERVED)
			add(m, FIRMWARE, start, size, "Soft Reserved");
	}
}

static void gather_cxl(struct model *m, const char *dir, const char *name)
{
	bool region = !strncmp(name, "region", 6);
	u64 start, size, flag = 0;
	struct area *area;

	/* only a root decoder says what it is capable of */
	if (!get_u64(&flag, 0, dir, name, region ? "commit" : "cap_ram") && !region)
		return;
	if (!get_u64(&start, 0, dir, name, region ? "resource" : "start") ||
	    !get_u64(&size, 0, dir, name, "size"))
		return;
	area = add(m, region ? REGION : ROOT, start, size, name);
	if (!area || !region)
		return;
	area->committed = flag;
	get_driver(area->driver, dir, name);
}

/* Which range an hmem device stands for is known only while it has a dax device */
static void gather_hmem(struct model *m, const char *dir, const char *name)
{
	char driver[NAME_LEN];

	if (!strncmp(name, "hmem.", 5) && !get_driver(driver, dir, name))
		set_name(m->idle_hmem, *m->idle_hmem ? "hmem.N" : name);
}

/* Whose is a dax device? Its path tells: .../hmem.3/dax3.0 */
static void set_owner(struct area *dax, char *path)
{
	char *end = strrchr(path, '/');
	const char *parent = path;

	if (end) {
		*end = '\0';
		end = strrchr(path, '/');
		parent = end ? end + 1 : path;
	}

	dax->owner = OTHER;
	if (!strncmp(parent, "hmem.", 5))
		dax->owner = HMEM;
	if (!strncmp(parent, "dax_region", 10)) {
		dax->owner = CXL;
		parent += strlen("dax_");
	}
	set_name(dax->parent, parent);
}

static void add_dax(struct model *m, u64 start, u64 size, const char *dir,
		    const char *name)
{
	struct area *dax = add(m, DAX, start, size, name);
	char path[PATH_MAX];

	if (!dax)
		return;
	if (!get_text(path, sizeof(path), true, "%s/%s", dir, name))
		*path = '\0';
	set_owner(dax, path);
	get_driver(dax->driver, dir, name);
}

/* A dax device may consist of several ranges */
static void gather_dax(struct model *m, const char *dir, const char *name)
{
	char mapping[300];
	u64 start = 0, end;
	int i = 0;

	for (;; i++) {
		snprintf(mapping, sizeof(mapping), "%s/mapping%d", name, i);
		if (!get_u64(&start, 0, dir, mapping, "start") ||
		    !get_u64(&end, 0, dir, mapping, "end") || start > end)
			break;
		add_dax(m, start, end - start + 1, dir, name);
	}
	if (!i && (m->hidden || get_u64(&start, 0, dir, name, "resource")) &&
	    get_u64(&end, 0, dir, name, "size"))
		add_dax(m, start, end, dir, name);
}

static void gather_block(struct model *m, const char *dir, const char *name)
{
	char state[32], *end;
	u64 index, size;

	if (strncmp(name, "memory", 6) || !isdigit((unsigned char)name[6]))
		return;
	if (!get_u64(&size, 16, dir, ".", "block_size_bytes") || !size)
		return;
	index = strtoull(name + 6, &end, 10);
	if (*end || index >= ULLONG_MAX / size ||
	    !get_text(state, sizeof(state), false, "%s/%s/state", dir, name))
		return;
	if (strcmp(state, "online"))
		add(m, OFFLINE, index * size, size, "offline");
	else
		add(m, ONLINE, index * size, size, "online");
}

/* The value of "key=value", or of key="value", in a record; "" if it has none */
static const char *value_of(const char *record, const char *key, char buf[80])
{
	const char *at = strstr(record, key);
	size_t len = 0;

	if (at) {
		at += strlen(key);
		len = *at == '"' ? strcspn(++at, "\"\n") : strcspn(at, "\n ");
	}
	snprintf(buf, 80, "%.*s", (int)len, len ? at : "");
	return buf;
}

static enum owner owner_called(const char *name)
{
	if (!strcmp(name, "cxl"))
		return CXL;
	if (!strcmp(name, "hmem"))
		return HMEM;
	if (!strcmp(name, "unowned"))
		return FREE;
	return strcmp(name, "undecided") ? OTHER : NOBODY;
}

/* See Documentation/ABI/testing/debugfs-dax */
static void gather_record(struct model *m, const char *record)
{
	char kind[32], text[80];
	struct area *area;
	u64 start, end;

	if (sscanf(record, "%31s range=%llx-%llx ", kind, &start, &end) != 3 ||
	    start > end)
		return;

	if (!strcmp(kind, "claim") && *value_of(record, " owner=", text)) {
		area = add(m, CLAIM, start, end - start + 1, text);
		if (!area)
			return;
		area->owner = owner_called(value_of(record, " kind=", text));
		area->held = !strcmp(value_of(record, " state=", text), "held");
	} else if (!strcmp(kind, "refused") && *value_of(record, " who=", text)) {
		area = add(m, REFUSAL, start, end - start + 1, text);
		if (!area)
			return;
		area->count = strtoull(value_of(record, " count=", text), NULL, 10);
		set_text(area->text, sizeof(area->text),
			 value_of(record, " owner=", text));
	} else if (!strcmp(kind, "soft-reserved")) {
		area = add(m, DECISION, start, end - start + 1,
			   value_of(record, " state=", text));
		if (!area)
			return;
		area->owner = owner_called(area->name);
		set_text(area->text, sizeof(area->text),
			 value_of(record, " reason=", text));
		set_text(area->cause, sizeof(area->cause),
			 value_of(record, " cause=", text));
	}
}

static void gather_debugfs(struct model *m)
{
	char path[PATH_MAX], line[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/sys/kernel/debug/dax/regions", root);
	file = fopen(path, "r");
	if (!file)
		return;
	while (fgets(line, sizeof(line), file))
		gather_record(m, line);
	fclose(file);
}

static int area_cmp(const void *_a, const void *_b)
{
	const struct area *a = _a, *b = _b;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return strcmp(a->name, b->name);
}

static bool has_name(enum area_kind kind)
{
	return kind >= ROOT || (kind < CUTS && kind != FIRMWARE);
}

/* Sort; what has no name of its own becomes one with what it touches */
static void tidy(struct model *m)
{
	struct area *area, *last = NULL;
	size_t nr = 0;

	if (m->nr)
		qsort(m->areas, m->nr, sizeof(*m->areas), area_cmp);
	for_each_area(area, m) {
		if (last && area->kind == last->kind && area->start <= last->end + 1 &&
		    !has_name(area->kind)) {
			if (area->end > last->end)
				last->end = area->end;
			continue;
		}
		last = &m->areas[nr++];
		*last = *area;
	}
	m->nr = nr;
}

void gather(struct model *m, const char *dir)
{
	root = dir;
	gather_iomem(m);
	gather_cmdline(m);
	scan_dir(m, "/sys/firmware/memmap", gather_memmap);
	scan_dir(m, "/sys/bus/cxl/devices", gather_cxl);
	scan_dir(m, "/sys/bus/platform/devices", gather_hmem);
	m->has_hmem = exists("/sys/bus/platform/drivers/hmem");
	m->has_dax_cxl = exists("/sys/bus/cxl/drivers/cxl_dax_region");
	scan_dir(m, "/sys/bus/dax/devices", gather_dax);
	scan_dir(m, "/sys/devices/system/memory", gather_block);
	gather_debugfs(m);
	tidy(m);
}

/* --- Frames and segments ------------------------------------------------ */

static bool in_iomem(const struct area *area)
{
	return area->kind == WINDOW || area->kind == PUBLISHED;
}

/* All that overlaps in iomem; or else what firmware marked outside of it */
static u64 frame_end(const struct model *m, u64 start)
{
	const struct area *area;
	u64 end, grown = start;

	do {
		end = grown;
		for_each_area(area, m)
			if (in_iomem(area) && overlaps(area, start, grown) &&
			    area->end > grown)
				grown = area->end;
	} while (grown > end);
	if (end > start)
		return end;

	for_each_area(area, m)
		if (area->kind == FIRMWARE && overlaps(area, start, start))
			end = area->end;
	for_each_area(area, m)
		if (in_iomem(area) && area->start > start && area->start <= end)
			end = area->start - 1;
	return end;
}

/* Frames do not overlap, so nothing that was in an earlier one reaches @pos */
bool next_frame(const struct model *m, u64 pos, struct frame *f)
{
	const struct area *area;
	bool found = false;

	for_each_area(area, m) {
		u64 start = area->start > pos ? area->start : pos;

		if (!in_iomem(area) && area->kind != FIRMWARE)
			continue;
		if (area->end < pos || (found && start >= f->start))
			continue;
		f->start = start;
		found = true;
	}
	if (found)
		f->end = frame_end(m, f->start);
	return found;
}

u64 bytes_in(const struct model *m, enum area_kind kind, u64 start, u64 end)
{
	const struct area *area;
	u64 bytes = 0;

	for_each_area(area, m)
		if (area->kind == kind && overlaps(area, start, end))
			bytes += (area->end < end ? area->end : end) -
				 (area->start > start ? area->start : start) + 1;
	return bytes;
}

const struct area *find(const struct model *m, enum area_kind kind, u64 start, u64 end)
{
	const struct area *area;

	for_each_area(area, m)
		if (area->kind == kind && overlaps(area, start, end))
			return area;
	return NULL;
}

/* Firmware marked it, and it is not in iomem */
static enum state state_unseen(const struct model *m, const struct segment *s)
{
	const struct area *decision = find(m, DECISION, s->start, s->end);

	if (decision)
		return decision->owner == FREE ? RELEASED : WAITING;
	return *m->idle_hmem ? RELEASED : WAITING;
}

static enum state state_of(const struct model *m, const struct segment *s)
{
	const struct area *claim = find(m, CLAIM, s->start, s->end);

	if (s->at[DAX])
		return SERVED;
	if (claim)
		return claim->held ? HELD : CLAIMED;
	if (find(m, ADDED, s->start, s->end))
		return HELD;
	if (s->at[PUBLISHED])
		return m->has_hmem ? LOST : WAITING;
	if (s->at[LINKED])
		return UNSERVED;
	if (s->at[FIRMWARE])
		return state_unseen(m, s);
	return s->at[REGION] ? YIELDED : UNUSED;
}

static enum owner owner_of(const struct model *m, const struct segment *s)
{
	const struct area *claim = find(m, CLAIM, s->start, s->end);

	switch (s->state) {
	case UNUSED:
		return FREE;
	case SERVED:
		return s->at[DAX]->owner;
	case CLAIMED:
		return claim->owner;
	case HELD:
		if (claim)
			return claim->owner;
		if (s->at[LINKED])
			return CXL;
		return s->at[PUBLISHED] ? HMEM : OTHER;
	case UNSERVED:
		return CXL;
	default:
		return NOBODY;
	}
}

struct segment segment_at(const struct model *m, const struct frame *f, u64 start)
{
	struct segment s = { .start = start, .end = f->end };
	const struct area *area;

	for_each_area(area, m) {
		if (area->kind >= CUTS || area->end < start)
			continue;
		if (area->start > start) {
			if (area->start <= s.end)
				s.end = area->start - 1;
			continue;
		}
		if (area->end < s.end)
			s.end = area->end;
		if (!s.at[area->kind])
			s.at[area->kind] = area;
	}
	s.state = state_of(m, &s);
	s.owner = owner_of(m, &s);
	s.online = bytes_in(m, ONLINE, s.start, s.end);
	s.offline = bytes_in(m, OFFLINE, s.start, s.end);
	return s;
}
