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
#include <sys/stat.h>
#include <unistd.h>
#include "softres.h"

#define E820_SOFT_RESERVED	0xefffffffULL
#define PCI_CLASS_CXL_MEMORY	0x050210
#define PCI_DEVICE_SERIAL	3	/* an extended capability */

static const char *root = "";	/* what /proc and /sys stand below */

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
		.start = start, .end = start + size - 1, .kind = kind, .node = -1,
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

/* A link's last component; "" if there is none. @name may be "." */
static bool get_link(char *to, const char *dir, const char *name, const char *link)
{
	char path[PATH_MAX], *slash;

	*to = '\0';
	if (!get_text(path, sizeof(path), true, "%s/%s/%s", dir, name, link))
		return false;
	slash = strrchr(path, '/');
	set_name(to, slash ? slash + 1 : path);
	return true;
}

/* The driver a device is bound to; "" if none */
static bool get_driver(char *to, const char *dir, const char *name)
{
	return get_link(to, dir, name, "driver");
}

static int get_int(int otherwise, const char *dir, const char *name, const char *attr)
{
	char text[64], *end;
	long value;

	if (!get_text(text, sizeof(text), false, "%s/%s/%s", dir, name, attr))
		return otherwise;
	value = strtol(text, &end, 10);
	return end == text || *end || value < 0 || value > 1 << 20 ? otherwise : (int)value;
}

static bool exists(const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%s", root, name);
	return !access(path, F_OK);
}

bool may_be_behind(const struct area *window, const struct device *d)
{
	if (!window || !*d->bridge)
		return true;
	for (int i = 0; i < window->ways; i++)
		if (!*window->targets[i] || !strcmp(window->targets[i], d->bridge))
			return true;
	return !window->ways;
}

/* Where sysfs has a device, by how it is called */
static void device_path(char path[PATH_MAX], const char *name, const char *attr)
{
	static const struct { const char *prefix, *bus; } buses[] = {
		{ "region", "cxl" }, { "mem", "cxl" }, { "decoder", "cxl" },
		{ "dax_region", "cxl" }, { "dax", "dax" }, { "hmem", "platform" },
		{ "", "pci" },
	};
	size_t i = 0;

	while (strncmp(name, buses[i].prefix, strlen(buses[i].prefix)))
		i++;
	snprintf(path, PATH_MAX, "%s/sys/bus/%s/devices/%s%s", root, buses[i].bus, name, attr);
}

bool device_exists(const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	device_path(path, name, "");
	return !lstat(path, &st);
}

bool device_bound(const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	device_path(path, name, "/driver");
	return !lstat(path, &st);
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

/* Part of a path like .../root0/port1/endpoint2: what follows "/@prefix" */
static bool component(char *to, const char *path, const char *prefix)
{
	const char *at = strstr(path, prefix);

	if (!at)
		return false;
	at++;
	snprintf(to, NAME_LEN, "%.*s", (int)strcspn(at, "/"), at);
	return true;
}

/* The bridges that a root decoder's window leads to, in its order */
static void gather_targets(struct area *decoder, const char *dir, const char *name)
{
	char path[PATH_MAX], list[128], link[64], *id;

	if (!get_text(list, sizeof(list), false, "%s/%s/target_list", dir, name))
		return;
	decoder->ways = 0;
	for (id = strtok(list, ","); id; id = strtok(NULL, ",")) {
		if (decoder->ways == ARRAY_SIZE(decoder->targets))
			break;
		/* decoder0.1 is a child of root0, whose links are named by target */
		snprintf(path, sizeof(path), "%s/%s/..", dir, name);
		snprintf(link, sizeof(link), "dport%s", id);
		get_link(decoder->targets[decoder->ways++], path, ".", link);
	}
}

/* Behind which bridge, directly below the root, is this? */
static bool get_bridge(char *to, const char *dir, const char *name)
{
	char path[PATH_MAX], port[NAME_LEN];

	return get_text(path, sizeof(path), true, "%s/%s", dir, name) &&
	       component(port, path, "/port") && get_link(to, dir, port, "parent_dport");
}

static struct device *device_named(struct model *m, const char *name)
{
	struct device *d;

	for_each_device(d, m)
		if (*d->name && !strcmp(d->name, name))
			return d;
	return NULL;
}

/*
 * The decoders of bridges and of devices: what they decode is not free, and no region
 * behind the same bridge can start below. A bridge's decoder shows its last range even
 * after it was reset; a device's has no capacity then.
 */
static void gather_decoder(struct model *m, const char *dir, const char *name)
{
	char path[PATH_MAX], endpoint[NAME_LEN], memdev[NAME_LEN], bridge[NAME_LEN], mode[32];
	u64 start, size, capacity = 0;
	struct device *d = NULL;
	struct area *area;
	bool of_device;

	if (!get_text(path, sizeof(path), true, "%s/%s", dir, name) ||
	    !get_bridge(bridge, dir, name))
		return;
	of_device = component(endpoint, path, "/endpoint");
	if (of_device) {
		if (get_link(memdev, dir, endpoint, "uport"))
			d = device_named(m, memdev);
		if (!get_u64(&capacity, 0, dir, name, "dpa_size") || !capacity)
			return;
		if (d && get_text(mode, sizeof(mode), false, "%s/%s/mode", dir, name) &&
		    !strcmp(mode, "ram"))
			d->used += capacity;
	}
	if (!get_u64(&start, 0, dir, name, "start") || !get_u64(&size, 0, dir, name, "size"))
		return;
	area = add(m, DECODED, start, size, name);
	if (!area)
		return;
	set_name(area->parent, bridge);
	if (d)
		set_name(area->memdev, d->name);
	area->committed = of_device;
}

/* A bridge's decoder may decode for a device without a driver; else one of these does */
static bool was_reset(const struct model *m, const struct area *decoder)
{
	const struct area *area;
	const struct device *d;

	for_each_device(d, m)
		if (!d->ready)
			return false;
	for_each_area(area, m)
		if (area->kind == DECODED && area->committed &&
		    overlaps(area, decoder->start, decoder->end))
			return false;
	return m->nr_devices;
}

static void forget_reset(struct model *m)
{
	struct area *area;
	size_t nr = 0;

	for_each_area(area, m)
		area->held |= area->kind == DECODED && !area->committed && was_reset(m, area);
	for_each_area(area, m)
		if (area->kind != DECODED || !area->held)
			m->areas[nr++] = *area;
	m->nr = nr;
}

static void gather_cxl(struct model *m, const char *dir, const char *name)
{
	bool region = !strncmp(name, "region", 6);
	u64 start, size, flag = 0;
	struct area *area;
	char mode[32];

	if (!region && strncmp(name, "decoder", 7))
		return;
	/* only a root decoder says what it is capable of */
	if (!get_u64(&flag, 0, dir, name, region ? "commit" : "cap_ram") && !region) {
		gather_decoder(m, dir, name);
		return;
	}
	if (!get_u64(&start, 0, dir, name, region ? "resource" : "start") ||
	    !get_u64(&size, 0, dir, name, "size"))
		return;
	/* a window for persistent memory alone has no room for a region of RAM */
	if (!region && !flag)
		return;
	area = add(m, region ? REGION : ROOT, start, size, name);
	if (!area)
		return;
	area->committed = flag;
	if (!region) {
		gather_targets(area, dir, name);
		return;
	}
	get_driver(area->driver, dir, name);
	area->persistent = get_text(mode, sizeof(mode), false, "%s/%s/mode", dir, name) &&
			   !strcmp(mode, "pmem");
}

/* The serial number from configuration space: it is there without a driver, too */
static u64 read_serial(const char *dir, const char *name)
{
	unsigned char config[4096];
	char path[PATH_MAX];
	unsigned int at = 0x100, id;
	size_t len;
	FILE *file;
	u64 serial = 0;

	snprintf(path, sizeof(path), "%s%s/%s/config", root, dir, name);
	file = fopen(path, "r");
	if (!file)
		return 0;
	len = fread(config, 1, sizeof(config), file);
	fclose(file);

	for (int i = 0; i < 64 && at >= 0x100 && at + 12 <= len; i++) {
		id = config[at] | config[at + 1] << 8;
		if (id == PCI_DEVICE_SERIAL) {
			for (int byte = 11; byte >= 4; byte--)
				serial = serial << 8 | config[at + byte];
			return serial;
		}
		at = (config[at + 2] >> 4 | config[at + 3] << 4) & ~3u;
	}
	return 0;
}

static bool is_numbered(const char *name, const char *prefix)
{
	size_t len = strlen(prefix);

	return !strncmp(name, prefix, len) && name[len] &&
	       strspn(name + len, "0123456789") == strlen(name + len);
}

static void find_memdev(struct model *m, const char *dir, const char *name)
{
	struct device *d = &m->devices[m->nr_devices - 1];

	(void)dir;
	if (is_numbered(name, "mem"))
		set_name(d->name, name);
}

static void gather_pci(struct model *m, const char *dir, const char *name)
{
	char path[PATH_MAX];
	struct device *d;
	u64 class;

	if (!get_u64(&class, 0, dir, name, "class") || class != PCI_CLASS_CXL_MEMORY)
		return;
	d = realloc(m->devices, (m->nr_devices + 1) * sizeof(*d));
	if (!d)
		die("out of memory");
	m->devices = d;
	d += m->nr_devices++;
	*d = (struct device) { };
	set_name(d->pci, name);
	get_driver(d->driver, dir, name);
	if (get_text(path, sizeof(path), true, "%s/%s", dir, name))
		component(d->bridge, path, "/pci");
	if (get_text(path, sizeof(path), false, "%s/%s/driver_override", dir, name) &&
	    strcmp(path, "(null)"))
		set_name(d->override, path);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	scan_dir(m, path, find_memdev);
	d->serial = read_serial(dir, name);
}

static void gather_memdev(struct model *m, const char *dir, const char *name)
{
	struct device *d = device_named(m, name);

	if (!d)
		return;
	get_u64(&d->serial, 0, dir, name, "serial");
	get_u64(&d->ram, 0, dir, name, "ram/size");
}

static void gather_endpoint(struct model *m, const char *dir, const char *name)
{
	char memdev[NAME_LEN];
	struct device *d;

	if (!is_numbered(name, "endpoint") || !get_link(memdev, dir, name, "uport"))
		return;
	d = device_named(m, memdev);
	if (d)
		d->ready = get_bridge(d->bridge, dir, name);
}

/* Which range an hmem device stands for is known only while it has a dax device */
static void gather_hmem(struct model *m, const char *dir, const char *name)
{
	char driver[NAME_LEN];

	if (!is_numbered(name, "hmem.") || get_driver(driver, dir, name))
		return;
	m->idle_hmem = realloc(m->idle_hmem, (m->nr_idle + 1) * sizeof(*m->idle_hmem));
	if (!m->idle_hmem)
		die("out of memory");
	set_name(m->idle_hmem[m->nr_idle++], name);
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
	/* what is at the edges of a region may be too small for one */
	dax->full = get_u64(&size, 0, dir, name, "../dax_region/available_size") && !size;
	get_driver(dax->driver, dir, name);
	dax->node = get_int(-1, dir, name, "target_node");
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

/* Most memory is ordinary: only what is in a frame matters */
static bool concerns(const struct model *m, u64 start, u64 end)
{
	const struct area *area;

	for_each_area(area, m)
		if (area->kind < CUTS && overlaps(area, start, end))
			return true;
	return false;
}

static int node_of_block(const char *dir, const char *name)
{
	char path[PATH_MAX];
	struct dirent *entry;
	int node = -1;
	DIR *d;

	snprintf(path, sizeof(path), "%s%s/%s", root, dir, name);
	d = opendir(path);
	if (!d)
		return -1;
	while ((entry = readdir(d)))
		if (is_numbered(entry->d_name, "node") && strlen(entry->d_name) < 12)
			node = atoi(entry->d_name + 4);
	closedir(d);
	return node;
}

static void gather_block(struct model *m, const char *dir, const char *name)
{
	char state[32], zone[64], *end;
	struct area *area;
	bool online;
	u64 index;

	if (!is_numbered(name, "memory") || !m->block)
		return;
	errno = 0;
	index = strtoull(name + 6, &end, 10);
	if (errno || index >= ULLONG_MAX / m->block ||
	    !concerns(m, index * m->block, index * m->block + m->block - 1) ||
	    !get_text(state, sizeof(state), false, "%s/%s/state", dir, name))
		return;
	online = !strcmp(state, "online");
	area = add(m, online ? ONLINE : OFFLINE, index * m->block, m->block,
		   online ? "online" : "offline");
	if (!area)
		return;
	area->node = node_of_block(dir, name);
	/* of a block that is offline, it is where it could go */
	if (online && get_text(zone, sizeof(zone), false, "%s/%s/valid_zones", dir, name)) {
		zone[strcspn(zone, " ")] = '\0';
		set_name(area->zone, zone);
	}
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
	return OTHER;
}

static enum piece_state state_called(const char *name)
{
	for (int i = UNKNOWN + 1; i < PIECE_STATES; i++)
		if (!strcmp(name, piece_names[i]))
			return i;
	return UNKNOWN;
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
		area->when = strtod(value_of(record, " since=", text), NULL);
	} else if (!strcmp(kind, "refused") && *value_of(record, " who=", text)) {
		area = add(m, REFUSAL, start, end - start + 1, text);
		if (!area)
			return;
		area->count = strtoull(value_of(record, " count=", text), NULL, 10);
		area->when = strtod(value_of(record, " last=", text), NULL);
		set_text(area->text, sizeof(area->text),
			 value_of(record, " owner=", text));
	} else if (!strcmp(kind, "soft-reserved")) {
		/* where firmware's memory map is not shown, this tells what it marked */
		if (!add(m, FIRMWARE, start, end - start + 1, "Soft Reserved"))
			return;
		area = add(m, PIECE, start, end - start + 1,
			   value_of(record, " state=", text));
		area->state = state_called(area->name);
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

	/* any directory of debugfs tells that it is mounted */
	if (exists("/sys/kernel/debug/bdi") || exists("/sys/kernel/debug/block"))
		m->source = NO_FILE;
	snprintf(path, sizeof(path), "%s/sys/kernel/debug/dax/regions", root);
	file = fopen(path, "r");
	if (!file)
		return;
	m->source = READ;
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

static int device_cmp(const void *_a, const void *_b)
{
	const struct device *a = _a, *b = _b;

	return strcmp(a->pci, b->pci);
}

static int name_cmp(const void *a, const void *b)
{
	return strcmp(a, b);
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
		    !has_name(area->kind) && area->node == last->node &&
		    !strcmp(area->zone, last->zone)) {
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
	scan_dir(m, "/sys/bus/pci/devices", gather_pci);
	scan_dir(m, "/sys/bus/cxl/devices", gather_memdev);
	scan_dir(m, "/sys/bus/cxl/devices", gather_endpoint);
	scan_dir(m, "/sys/bus/cxl/devices", gather_cxl);
	forget_reset(m);
	scan_dir(m, "/sys/bus/platform/devices", gather_hmem);
	m->has_hmem = exists("/sys/bus/platform/drivers/hmem");
	m->no_hmem = !device_exists("hmem_platform.0");
	m->has_dax_cxl = exists("/sys/bus/cxl/drivers/cxl_dax_region");
	m->has_cxl_pci = exists("/sys/bus/pci/drivers/cxl_pci");
	m->has_cxl_acpi = exists("/sys/bus/platform/drivers/cxl_acpi");
	m->has_cxl_mem = exists("/sys/bus/cxl/drivers/cxl_mem");
	scan_dir(m, "/sys/bus/dax/devices", gather_dax);
	gather_debugfs(m);
	get_u64(&m->block, 16, "/sys/devices/system/memory", ".", "block_size_bytes");
	scan_dir(m, "/sys/devices/system/memory", gather_block);
	tidy(m);
	if (m->nr_devices)
		qsort(m->devices, m->nr_devices, sizeof(*m->devices), device_cmp);
	if (m->nr_idle)
		qsort(m->idle_hmem, m->nr_idle, sizeof(*m->idle_hmem), name_cmp);
}

void forget(struct model *m)
{
	free(m->areas);
	free(m->devices);
	free(m->idle_hmem);
	*m = (struct model) { };
}

/* --- NUMA --------------------------------------------------------------- */

static int wanted_node, found_tier;

static bool in_list(const char *list, int node)
{
	char *end;
	long first, last;

	for (; *list; list = *end ? end + 1 : end) {
		first = strtol(list, &end, 10);
		if (end == list)
			return false;
		last = *end == '-' ? strtol(end + 1, &end, 10) : first;
		if (node >= first && node <= last)
			return true;
	}
	return false;
}

static void look_at_tier(struct model *m, const char *dir, const char *name)
{
	char list[256];

	(void)m;
	if (is_numbered(name, "memory_tier") && strlen(name) < 20 &&
	    get_text(list, sizeof(list), false, "%s/%s/nodelist", dir, name) &&
	    in_list(list, wanted_node))
		found_tier = atoi(name + strlen("memory_tier"));
}

int tier_of(int node)
{
	wanted_node = node;
	found_tier = -1;
	if (node >= 0)
		scan_dir(NULL, "/sys/devices/virtual/memory_tiering", look_at_tier);
	return found_tier;
}

bool node_usage(int node, u64 *used, u64 *all)
{
	char path[PATH_MAX], line[128], key[32];
	int found = 0;
	FILE *file;
	u64 kb;

	snprintf(path, sizeof(path), "%s/sys/devices/system/node/node%d/meminfo", root, node);
	file = node >= 0 ? fopen(path, "r") : NULL;
	if (!file)
		return false;
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "Node %*d %31[A-Za-z]: %llu kB", key, &kb) != 2 ||
		    kb > ULLONG_MAX / 1024)
			continue;
		if (!strcmp(key, "MemTotal"))
			*all = kb * 1024, found |= 1;
		else if (!strcmp(key, "MemUsed"))
			*used = kb * 1024, found |= 2;
	}
	fclose(file);
	return found == 3;
}

int node_of(const struct model *m, const struct segment *s)
{
	const struct area *area = find(m, ONLINE, s->start, s->end);

	area = area ?: find(m, OFFLINE, s->start, s->end);
	return area && area->node >= 0 ? area->node : s->at[DAX] ? s->at[DAX]->node : -1;
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

u64 lost_to_blocks(const struct model *m, const struct area *dax)
{
	u64 blocks = bytes_in(m, ONLINE, dax->start, dax->end) +
		     bytes_in(m, OFFLINE, dax->start, dax->end);
	u64 size = dax->end - dax->start + 1;

	return strcmp(dax->driver, "kmem") || blocks >= size ? 0 : size - blocks;
}

/* A kernel that tells of claims has no other ones */
const struct area *beside(const struct model *m, const struct segment *s)
{
	const struct area *dax, *region = s->at[REGION], *entry = s->at[PUBLISHED];

	if (m->source == READ)
		return NULL;
	for_each_area(dax, m) {
		if (dax->kind != DAX)
			continue;
		if (region && !strcmp(dax->parent, region->name))
			return dax;
		if (!region && entry && dax->owner == HMEM &&
		    overlaps(dax, entry->start, entry->end))
			return dax;
	}
	return NULL;
}

static enum owner owner_of(const struct model *m, const struct segment *s)
{
	const enum piece_state state = s->at[PIECE] ? s->at[PIECE]->state : UNKNOWN;
	const struct area *user;

	if (s->at[DAX])
		return s->at[DAX]->owner;
	if (s->at[CLAIM])
		return s->at[CLAIM]->owner;
	user = beside(m, s);
	if (user && !user->full)
		return user->owner;
	if (find(m, ADDED, s->start, s->end))
		return s->at[LINKED] ? CXL : s->at[PUBLISHED] ? HMEM : OTHER;
	if (s->at[LINKED] && !s->at[PUBLISHED] && (state == UNKNOWN || state == BY_CXL))
		return CXL;
	if (!marked(s) && !s->at[REGION] && !s->at[DECODED])
		return FREE;
	return NOBODY;
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
	s.owner = owner_of(m, &s);
	s.online = bytes_in(m, ONLINE, s.start, s.end);
	s.offline = bytes_in(m, OFFLINE, s.start, s.end);
	s.row = row_of(m, &s);
	return s;
}
