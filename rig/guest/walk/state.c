// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel and the registers say. Objects are told apart by what stays the same
 * from boot to boot, serial numbers and addresses, since their names do not.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../hdm.h"
#include "walk.h"

#define CXL	"/sys/bus/cxl/devices"
#define DSN	3	/* extended capability: serial number */
#define PCI_EXPRESS	0x10	/* capability, and a type of port in it */
#define UPSTREAM_PORT	5
#define MEMORY		5	/* class */

u64 block_size;

/* Names of hmem devices, and where what they serve starts: sysfs does not tell */
static struct {
	char name[NAME];
	u64 start;
} known_hmem[MAX];
static int nr_known_hmem;

void set_name(char *to, const char *name) { snprintf(to, NAME, "%.39s", name); }

/* slurp: a file without its last newline; empty if it cannot be read */
char *slurp(char *buf, size_t size, const char *format, ...)
{
	char path[256];
	va_list args;
	ssize_t n = 0, got = 0;
	int fd;

	va_start(args, format);
	vsnprintf(path, sizeof(path), format, args);
	va_end(args);
	buf[0] = 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return buf;
	while (got < (ssize_t)size - 1 &&
	       (n = read(fd, buf + got, size - 1 - got)) > 0)
		got += n;
	close(fd);
	buf[got] = 0;
	if (got && buf[got - 1] == '\n')
		buf[got - 1] = 0;
	return buf;
}

/* number: what a file of sysfs has; 0 if it cannot be read */
static u64 number(const char *dir, const char *name, const char *file)
{
	char buf[64];

	return strtoull(slurp(buf, sizeof(buf), "%s/%s/%s", dir, name, file), NULL, 0);
}

static char *word(char *to, const char *dir, const char *name, const char *file)
{
	return slurp(to, NAME, "%s/%s/%s", dir, name, file);
}

/* last_part: of a path, which is cut off there */
static char *last_part(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash)
		return path;
	*slash = 0;
	return slash + 1;
}

/* read_link: where a link leads to; false if there is none */
static bool read_link(const char *path, char to[256])
{
	ssize_t n = readlink(path, to, 255);

	to[n < 0 ? 0 : n] = 0;
	return n >= 0;
}

/* link_name: the last part of where a link leads to; empty if there is none */
void link_name(char *name, const char *format, ...)
{
	char path[256], to[256];
	va_list args;

	va_start(args, format);
	vsnprintf(path, sizeof(path), format, args);
	va_end(args);
	name[0] = 0;
	if (read_link(path, to))
		set_name(name, last_part(to));
}

/* parent_name: the directory above the one that a link leads to */
static void parent_name(char *name, const char *dir, const char *link)
{
	char path[256], to[256];

	snprintf(path, sizeof(path), "%s/%s", dir, link);
	name[0] = 0;
	if (!read_link(path, to) || last_part(to) == to)
		return;
	set_name(name, last_part(to));
}

static int by_version(const struct dirent **a, const struct dirent **b)
{
	return strverscmp((*a)->d_name, (*b)->d_name);
}

typedef void (*see_fn)(struct state *s, const char *name);

/* each_name: call these, one after the other, for all names in a directory, sorted */
static void each_name(struct state *s, const char *dir, const see_fn *see)
{
	struct dirent **list;
	int n = scandir(dir, &list, NULL, by_version);

	for (; *see; see++)
		for (int i = 0; i < n; i++)
			if (list[i]->d_name[0] != '.')
				(*see)(s, list[i]->d_name);
	for (int i = 0; i < n; i++)
		free(list[i]);
	if (n >= 0)
		free(list);
}

#define EACH_NAME(s, dir, ...)				\
do {							\
	const see_fn see[] = { __VA_ARGS__, NULL };	\
							\
	each_name(s, dir, see);				\
} while (0)

#define ADD(s, list)	\
	((s)->nr_##list < (int)ARRAY_SIZE((s)->list) ?	\
	 &(s)->list[(s)->nr_##list++] : (die("too many: " #list), (s)->list))

bool overlap(const struct range *a, const struct range *b)
{
	return a->start <= b->end && b->start <= a->end;
}

bool within(const struct range *in, const struct range *out)
{
	return in->start >= out->start && in->end <= out->end;
}

static struct range sized(u64 start, u64 size)
{
	return (struct range){ start, start + size - 1 };
}

static bool begins(const char *name, const char *with)
{
	return !strncmp(name, with, strlen(with));
}

static void read_iomem(struct state *s)
{
	static char text[65536];
	int path[16], name;
	char *save, *line;

	slurp(text, sizeof(text), "/proc/iomem");
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		int depth = strspn(line, " ") / 2;
		struct range r;
		struct entry *e;

		if (depth > 15 || sscanf(line, "%llx-%llx : %n", &r.start, &r.end, &name) != 2)
			continue;
		path[depth] = -1;
		/* no memory, but registers */
		if (r.start < ABOVE || begins(line + name, "PCI") || begins(line + name, "0000:") ||
		    begins(line + name, "mem") || begins(line + name, "port"))
			continue;
		path[depth] = s->nr_iomem;
		e = ADD(s, iomem);
		e->range = r;
		e->depth = depth;
		e->parent = depth ? path[depth - 1] : -1;
		set_name(e->name, line + name);
	}
}

static void know_hmem(const char *name, u64 start)
{
	int i = 0;

	while (i < nr_known_hmem && strcmp(known_hmem[i].name, name))
		i++;
	if (i == MAX)
		return;
	if (i == nr_known_hmem)
		nr_known_hmem++;
	set_name(known_hmem[i].name, name);
	known_hmem[i].start = start;
}

/* value KEY: of a line of key=value words */
static void value(char *to, const char *line, const char *key)
{
	char pattern[NAME];
	const char *at;

	snprintf(pattern, sizeof(pattern), " %s=", key);
	at = strstr(line, pattern);
	to[0] = 0;
	if (at)
		sscanf(at + strlen(pattern), "%39s", to);
}

static void read_debugfs(struct state *s)
{
	static char text[65536];
	char *save, *line, state[NAME];
	struct range r;

	slurp(text, sizeof(text), "/sys/kernel/debug/dax/regions");
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (sscanf(line, "claim range=%llx-%llx", &r.start, &r.end) == 2) {
			struct claim *c = ADD(s, claims);

			c->range = r;
			value(c->kind, line, "kind");
			value(c->owner, line, "owner");
			value(state, line, "state");
			c->held = !strcmp(state, "held");
			/* what is held has the name of one that may be another's now */
			if (!strcmp(c->kind, "hmem") && !c->held)
				know_hmem(c->owner, r.start);
		} else if (sscanf(line, "soft-reserved range=%llx-%llx", &r.start, &r.end) == 2) {
			struct piece *p = ADD(s, pieces);

			p->range = r;
			value(p->state, line, "state");
			value(p->cause, line, "cause");
		}
	}
}

/* Switches, by the PCI addresses of their upstream ports; they stay */
static struct {
	char pci[NAME];
	int first, last;	/* buses below it */
} switches[4];
static int nr_switches;

static void see_hdm(const struct hdm_decoder *from, void *data)
{
	struct state *s = data;
	struct decoder *d = ADD(s, decoders);

	d->range = (struct range){ from->start, from->end };
	set_name(d->of, from->of);
	d->kind = begins(d->of, "hb") ? BRIDGE : DEVICE;
	for (int i = 0; i < nr_switches; i++)
		if (!strcmp(d->of, switches[i].pci))
			d->kind = SWITCH;
	d->number = from->number;
	d->ways = from->ways;
	d->locked = from->locked;
}

static void read_decoders(struct state *s)
{
	struct device *d;

	hdm_host_bridges(see_hdm, s);
	for (int i = 0; i < nr_switches; i++)
		hdm_function(switches[i].pci, see_hdm, s);
	for_each(d, s, devices)
		hdm_function(d->pci, see_hdm, s);
}

/* PCI functions that are no memory devices; they stay, too */
static char others[MAX][NAME];
static int nr_others;

/* know_function: if it is an upstream port, or no memory device */
static void know_function(struct state *s, const char *name)
{
	unsigned char config[256];
	char path[512];
	int fd, at;

	(void)s;
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || pread(fd, config, sizeof(config), 0) != sizeof(config))
		memset(config, 0, sizeof(config));
	close(fd);
	if (config[0x0b] != MEMORY && nr_others < MAX)
		set_name(others[nr_others++], name);
	for (at = config[0x34]; at >= 0x40 && config[at] != PCI_EXPRESS; )
		at = config[at + 1];
	if (at < 0x40 || config[at + 2] >> 4 != UPSTREAM_PORT ||
	    nr_switches == ARRAY_SIZE(switches))
		return;
	set_name(switches[nr_switches].pci, name);
	switches[nr_switches].first = config[0x19];
	switches[nr_switches++].last = config[0x1a];
}

/* serial_of: as its PCIe extended capability has it */
static int serial_of(const char *pci)
{
	char path[512];
	uint32_t cap = 0, serial = 0;
	int at = 0x100, fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config", pci);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	while (at >= 0x100 && pread(fd, &cap, 4, at) == 4 && cap && cap != ~0u) {
		if ((cap & 0xffff) == DSN) {
			pread(fd, &serial, 4, at + 4);
			break;
		}
		at = cap >> 20;
	}
	close(fd);
	return serial;
}

static void see_pci(struct state *s, const char *name)
{
	const char *dir = "/sys/bus/pci/devices";
	struct device *d;

	for (int i = 0; i < nr_others; i++)
		if (!strcmp(name, others[i]))
			return;
	if (number(dir, name, "class") != 0x050210)
		return;
	d = ADD(s, devices);
	set_name(d->pci, name);
	d->serial = serial_of(name);
	link_name(d->pci_driver, "%s/%s/driver", dir, name);
}

/* The memdev is seen before its endpoint and its decoders: see order below */
static void see_mem(struct state *s, const char *name)
{
	char parent[NAME];
	struct device *d;

	if (!begins(name, "mem"))
		return;
	parent_name(parent, CXL, name);
	for_each(d, s, devices) {
		if (strcmp(d->pci, parent))
			continue;
		set_name(d->mem, name);
		link_name(d->mem_driver, CXL "/%s/driver", name);
	}
}

static void see_port(struct state *s, const char *name)
{
	char uport[NAME];
	struct device *d;
	struct port *p;

	if (begins(name, "endpoint")) {
		link_name(uport, CXL "/%s/uport", name);
		for_each(d, s, devices) {
			if (!d->mem[0] || strcmp(d->mem, uport))
				continue;
			set_name(d->endpoint, name);
			link_name(d->endpoint_driver, CXL "/%s/driver", name);
		}
	} else if (begins(name, "port")) {
		p = ADD(s, ports);
		set_name(p->name, name);
		link_name(p->uport, CXL "/%s/uport", name);
		link_name(p->driver, CXL "/%s/driver", name);
	}
}

/* see_window: what it was when it was first seen, since firmware's windows stay */
static void see_window(struct state *s, const char *name)
{
	static struct window known[16];
	static int nr_known;
	struct window *w = ADD(s, windows);
	char targets[NAME];

	for (int i = 0; i < nr_known; i++)
		if (!strcmp(known[i].name, name)) {
			*w = known[i];
			return;
		}
	set_name(w->name, name);
	w->range = sized(number(CXL, name, "start"), number(CXL, name, "size"));
	w->volatile_ok = number(CXL, name, "cap_ram");
	w->persistent_ok = number(CXL, name, "cap_pmem");
	word(targets, CXL, name, "target_list");
	w->ways = sscanf(targets, "%d,%d", &w->bridge[0], &w->bridge[1]);
	if (w->ways > 0 && nr_known < (int)ARRAY_SIZE(known))
		known[nr_known++] = *w;
}

static void see_decoder(struct state *s, const char *name)
{
	char parent[NAME];
	struct link *l;
	u64 size;

	if (!begins(name, "decoder"))
		return;
	parent_name(parent, CXL, name);
	if (begins(parent, "root")) {
		see_window(s, name);
	} else if (begins(parent, "port")) {
		size = number(CXL, name, "size");
		if (!size)
			return;
		l = ADD(s, links);
		set_name(l->port, parent);
		l->range = sized(number(CXL, name, "start"), size);
	} else if (begins(parent, "endpoint")) {
		struct dpa *p = ADD(s, dpas);

		set_name(p->name, name);
		p->device = -1;
		for (int i = 0; i < s->nr_devices; i++)
			if (!strcmp(s->devices[i].endpoint, parent))
				p->device = i;
		size = number(CXL, name, "size");
		if (size)
			p->range = sized(number(CXL, name, "start"), size);
		p->size = number(CXL, name, "dpa_size");
		if (!p->size && !size)
			return;
		word(p->mode, CXL, name, "mode");
		word(p->region, CXL, name, "region");
	}
}

static void see_region(struct state *s, const char *name)
{
	char file[NAME], buf[NAME];
	struct dax_region *d;
	struct region *r;
	u64 size;

	if (begins(name, "dax_region")) {
		d = ADD(s, dax_regions);
		set_name(d->name, name);
		link_name(d->driver, CXL "/%s/driver", name);
	}
	if (!begins(name, "region"))
		return;
	r = ADD(s, regions);
	set_name(r->name, name);
	link_name(r->driver, CXL "/%s/driver", name);
	parent_name(r->root, CXL, name);
	word(r->mode, CXL, name, "mode");
	word(buf, CXL, name, "resource");
	size = number(CXL, name, "size");
	r->has_range = size && begins(buf, "0x");
	if (r->has_range)
		r->range = sized(strtoull(buf, NULL, 0), size);
	r->committed = number(CXL, name, "commit");
	r->ways = number(CXL, name, "interleave_ways");
	for (int i = 0; i < r->ways && i < 4; i++) {
		snprintf(file, sizeof(file), "target%d", i);
		word(r->target[i], CXL, name, file);
	}
}

static void see_platform(struct state *s, const char *name)
{
	const char *dir = "/sys/bus/platform/devices";
	struct hmem *h;

	if (!strcmp(name, "hmem_platform.0")) {
		s->has_platform = true;
		link_name(s->platform_driver, "%s/%s/driver", dir, name);
	} else if (!strcmp(name, "ACPI0017:00")) {
		link_name(s->acpi_driver, "%s/%s/driver", dir, name);
	} else if (begins(name, "hmem.")) {
		h = ADD(s, hmems);
		set_name(h->name, name);
		link_name(h->driver, "%s/%s/driver", dir, name);
	}
}

bool hmem_start(const char *name, u64 *start)
{
	for (int i = 0; i < nr_known_hmem; i++)
		if (!strcmp(known_hmem[i].name, name)) {
			*start = known_hmem[i].start;
			return true;
		}
	return false;
}

/* hmem_name: of the one that is there and serves what starts there */
const char *hmem_name(u64 start)
{
	u64 other;
	struct hmem *h;

	for_each(h, &now, hmems)
		if (hmem_start(h->name, &other) && other == start)
			return h->name;
	return NULL;
}

static void see_dax(struct state *s, const char *name)
{
	const char *dir = "/sys/bus/dax/devices";
	struct dax *d;
	u64 size = number(dir, name, "size");

	if (!size)
		return;
	d = ADD(s, daxs);
	set_name(d->name, name);
	d->range = sized(number(dir, name, "resource"), size);
	d->target_node = number(dir, name, "target_node");
	link_name(d->driver, "%s/%s/driver", dir, name);
	parent_name(d->parent, dir, name);
	if (stock && begins(d->parent, "hmem."))
		know_hmem(d->parent, d->range.start);
}

static void see_block(struct state *s, const char *name)
{
	const char *dir = "/sys/devices/system/memory";
	struct block *b;
	char buf[NAME];
	int nr;

	if (sscanf(name, "memory%d", &nr) != 1 || nr * block_size < ABOVE)
		return;
	b = ADD(s, blocks);
	b->number = nr;
	word(buf, dir, name, "state");
	b->online = strcmp(buf, "offline");
}

/* print: all of it as text, to be compared, and for whoever reads what has changed */
static void print(struct state *s)
{
	char *at = s->text, *end = s->text + sizeof(s->text);
	struct entry *e;
	struct claim *c;
	struct piece *p;
	struct decoder *d;
	struct device *v;
	struct port *o;
	struct dpa *a;
	struct region *r;
	struct hmem *h;
	struct dax *x;
	struct block *b;

#define PRINT(...)	(at += snprintf(at, at < end ? end - at : 0, __VA_ARGS__))
	for_each(e, s, iomem)
		PRINT("iomem %*s%llx-%llx %s\n", 2 * e->depth, "", e->range.start,
		      e->range.end, e->name);
	for_each(c, s, claims)
		PRINT("claim %llx-%llx %s %s%s\n", c->range.start, c->range.end,
		      c->kind, c->owner, c->held ? " held" : "");
	for_each(p, s, pieces)
		PRINT("piece %llx-%llx %s %s\n", p->range.start, p->range.end,
		      p->state, p->cause);
	for_each(d, s, decoders)
		PRINT("committed %s decoder%d %llx-%llx\n", d->of, d->number,
		      d->range.start, d->range.end);
	for_each(v, s, devices)
		PRINT("device %d %s %s %s %s %s %s\n", v->serial, v->pci, v->pci_driver,
		      v->mem, v->mem_driver, v->endpoint, v->endpoint_driver);
	for_each(o, s, ports)
		PRINT("port %s %s %s\n", o->name, o->uport, o->driver);
	for_each(a, s, dpas)
		PRINT("dpa %s %llx %s %s %llx\n", a->name, a->size, a->mode, a->region,
		      a->range.start);
	for_each(r, s, regions)
		PRINT("%s %s %llx-%llx %s%s %s %s %s %s\n", r->name, r->mode,
		      r->range.start, r->range.end, r->driver,
		      r->committed ? " committed" : "", r->target[0], r->target[1],
		      r->target[2], r->target[3]);
	for_each(h, s, hmems)
		PRINT("hmem %s %s\n", h->name, h->driver);
	for_each(x, s, daxs)
		PRINT("dax %s %llx-%llx %s\n", x->name, x->range.start, x->range.end,
		      x->driver);
	for_each(b, s, blocks)
		PRINT("block %d %s\n", b->number, b->online ? "online" : "offline");
	PRINT("platform %s\nacpi %s\n", s->platform_driver, s->acpi_driver);
}

void state_read(struct state *s)
{
	char buf[64];

	memset(s, 0, sizeof(*s));
	read_iomem(s);
	read_debugfs(s);
	EACH_NAME(s, "/sys/bus/pci/devices", see_pci);
	EACH_NAME(s, CXL, see_mem, see_port, see_decoder, see_region);
	EACH_NAME(s, "/sys/bus/dax/devices", see_dax);
	EACH_NAME(s, "/sys/bus/platform/devices", see_platform);
	EACH_NAME(s, "/sys/devices/system/memory", see_block);
	read_decoders(s);
	s->deep = strstr(slurp(buf, sizeof(buf), "/sys/power/mem_sleep"), "deep");
	print(s);
}

/* Windows, as firmware's table has them: iomem does not, without cxl_acpi */
static struct range cfmws[16];
static int nr_cfmws;

static void know_windows(void)
{
	struct {
		uint8_t type, reserved;
		uint16_t length;
		uint32_t reserved2;
		uint64_t base, size;
	} entry;
	FILE *cedt = fopen("/sys/firmware/acpi/tables/CEDT", "re");
	long at = 36;

	while (cedt && !fseek(cedt, at, SEEK_SET) && fread(&entry, sizeof(entry), 1, cedt) == 1 &&
	       entry.length) {
		if (entry.type == 1 && nr_cfmws < (int)ARRAY_SIZE(cfmws))
			cfmws[nr_cfmws++] = sized(entry.base, entry.size);
		at += entry.length;
	}
	if (cedt)
		fclose(cedt);
}

void state_init(void)
{
	char buf[64];

	slurp(buf, sizeof(buf), "/sys/devices/system/memory/block_size_bytes");
	block_size = strtoull(buf, NULL, 16);
	if (!block_size)
		die("there are no memory blocks");
	know_windows();
	EACH_NAME(&now, "/sys/bus/pci/devices", know_function);
}

/* runs_alone: no other task wants a CPU */
bool runs_alone(void)
{
	char buf[64];
	int running = 0;

	return sscanf(slurp(buf, sizeof(buf), "/proc/loadavg"), "%*s %*s %*s %d/", &running) == 1 &&
	       running == 1;
}

/*
 * busy: a task runs, or waits for something inside of the kernel which does not take
 * forever, as those do who wait for work; or a module is on its way
 */
static bool busy(const char *pid)
{
	char buf[512], *name, *end;

	if (pid[0] < '0' || pid[0] > '9' || atoi(pid) == getpid())
		return false;
	name = strchr(slurp(buf, sizeof(buf), "/proc/%.16s/stat", pid), '(');
	end = strrchr(buf, ')');
	return name && end && (end[2] == 'R' || end[2] == 'D' || begins(name, "(modprobe"));
}

static bool nobody_busy(void)
{
	struct dirent *e;
	DIR *d = opendir("/proc");
	bool found = false;

	while (d && !found && (e = readdir(d)))
		found = busy(e->d_name);
	if (d)
		closedir(d);
	return !found;
}

static u64 milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ULL + t.tv_nsec / 1000000;
}

static bool is_quiet(void) { return runs_alone() && nobody_busy(); }

/* wait_quiet: until nobody is busy; false if that is never so */
static bool wait_quiet(void)
{
	const u64 end = milliseconds() + 60000;

	put("1", "/sys/bus/cxl/flush");
	while (!is_quiet()) {
		if (milliseconds() > end)
			return false;
		usleep(1000);
		alive();
	}
	return true;
}

/*
 * settle: what the step has set going is over. Drivers probe asynchronously, from
 * workqueues, and as modules that the kernel asks for; all of that is done by tasks, and
 * none of them is busy any more. If one is after the state was read, two looks have to
 * see the same.
 */
void settle(struct state *s)
{
	static struct state again;

	wait_quiet();
	state_read(s);
	while (!runs_alone() && wait_quiet()) {
		state_read(&again);
		if (!strcmp(s->text, again.text))
			return;
		*s = again;
	}
}

struct device *device_by_serial(struct state *s, int serial)
{
	struct device *d;

	for_each(d, s, devices)
		if (d->serial == serial)
			return d;
	return NULL;
}

/* region_by_word: @ADDRESS, or "bare", the last one that has no address */
struct region *region_by_word(struct state *s, const char *word)
{
	struct region *r, *found = NULL;

	for_each(r, s, regions)
		if (word[0] == '@' ? r->has_range &&
		    r->range.start == strtoull(word + 1, NULL, 16) : !r->has_range)
			found = r;
	return found;
}

struct dax *dax_at(struct state *s, u64 start)
{
	struct dax *d;

	for_each(d, s, daxs)
		if (d->range.start == start)
			return d;
	return NULL;
}

static bool in_a_window(const struct range *r)
{
	for (int i = 0; i < nr_cfmws; i++)
		if (overlap(&cfmws[i], r))
			return true;
	return false;
}

/* below_switch: the index of the one above that device, or -1 */
static int below_switch(const char *pci)
{
	int bus = strtol(pci + 5, NULL, 16);

	for (int i = 0; i < nr_switches; i++)
		if (bus >= switches[i].first && bus <= switches[i].last)
			return i;
	return -1;
}

static bool has_decoder(const struct state *s, const char *of, u64 address)
{
	const struct decoder *d;

	for_each(d, s, decoders)
		if (!strcmp(d->of, of) && d->range.start <= address && address <= d->range.end)
			return true;
	return false;
}

/*
 * decoded_at: an address reaches as many devices as its set is wide, through a bridge,
 * and a switch if one is above the device
 */
static bool decoded_at(const struct state *s, u64 address)
{
	const struct decoder *d;
	int ways = 0, devices = 0, bridges = 0, above;

	for_each(d, s, decoders) {
		if (address < d->range.start || address > d->range.end)
			continue;
		bridges += d->kind == BRIDGE;
		if (d->kind != DEVICE)
			continue;
		devices++;
		ways = d->ways;
		above = below_switch(d->of);
		if (above >= 0 && !has_decoder(s, switches[above].pci, address))
			return false;
	}
	return bridges && devices && devices == ways;
}

/*
 * decoded: all of the range can be touched. Sets begin and end at multiples of 256M,
 * and so it is enough to look at each 64M.
 */
bool decoded(const struct state *s, const struct range *r)
{
	if (!in_a_window(r))
		return true;
	for (u64 at = r->start; at <= r->end; at += 64 * M)
		if (!decoded_at(s, at))
			return false;
	return decoded_at(s, r->end);
}

bool range_online(const struct state *s, const struct range *r)
{
	const struct block *b;

	for_each(b, s, blocks) {
		struct range blk = sized(b->number * block_size, block_size);

		if (b->online && overlap(&blk, r))
			return true;
	}
	return false;
}

/* has_line: one of the lines of text is this */
static bool has_line(const char *text, const char *line, size_t length)
{
	while (*text) {
		size_t n = strcspn(text, "\n");

		if (n == length && !memcmp(text, line, n))
			return true;
		text += n + (text[n] == '\n');
	}
	return false;
}

/* diff: lines that one has and the other has not; in a static buffer */
const char *diff(const char *old, const char *new)
{
	static char out[8192];
	const char *text[2] = { old, new };
	size_t used = 0;

	out[0] = 0;
	for (int i = 0; i < 2; i++)
		for (const char *at = text[i]; *at; ) {
			size_t n = strcspn(at, "\n");

			if (!has_line(text[!i], at, n) && used + n + 8 < sizeof(out))
				used += snprintf(out + used, sizeof(out) - used, "  %c %.*s\n",
						 i ? '+' : '-', (int)n, at);
			at += n + (at[n] == '\n');
		}
	return out;
}
