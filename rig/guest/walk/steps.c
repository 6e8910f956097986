// SPDX-License-Identifier: GPL-2.0
/*
 * What steps there are. Each is a line of words: to be printed, and read again. Where a
 * word names an object, it is a serial number, or an address: @120000000.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "walk.h"

#define TEXT	160
#define CXL	"/sys/bus/cxl/devices"
#define HOST	3	/* file descriptor: to the host, see boot.sh */

/* The machine: what can be plugged in where */
static struct slot {
	int serial;
	char bus[NAME];
	int ram, pmem;		/* MiB */
	bool plugged;
} slots[16];
static int nr_slots;
static int nr_plugged;		/* so far, for names of what backs them */

/* machine_device SERIAL:BUS:RAM:PMEM */
void machine_device(const char *spec)
{
	struct slot *s = &slots[nr_slots++];

	if (sscanf(spec, "%d:%39[^:]:%d:%d", &s->serial, s->bus, &s->ram, &s->pmem) != 4)
		die("%s is no device", spec);
	s->plugged = true;
}

static struct slot *slot_of(int serial)
{
	for (int i = 0; i < nr_slots; i++)
		if (slots[i].serial == serial)
			return &slots[i];
	return NULL;
}

/* put: a line into a file of sysfs; 0, or an error code */
int put(const char *value, const char *format, ...)
{
	char path[256], line[256];
	va_list args;
	int fd, error = 0, n;

	va_start(args, format);
	vsnprintf(path, sizeof(path), format, args);
	va_end(args);
	n = snprintf(line, sizeof(line), "%s\n", value);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return -errno;
	if (write(fd, line, n) < 0)
		error = -errno;
	close(fd);
	return error;
}

static int put_number(u64 value, const char *name, const char *file)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", value);
	return put(text, CXL "/%s/%s", name, file);
}

/* run_command PATH WORD... NULL: 0 if it succeeds */
int run_command(const char *path, ...)
{
	char *word[16];
	va_list args;
	int n = 0, status;
	pid_t pid;

	va_start(args, path);
	word[n++] = (char *)path;
	while (n < 15 && (word[n] = va_arg(args, char *)))
		n++;
	word[n] = NULL;
	va_end(args);
	pid = fork();
	if (pid == 0) {
		for (int fd = 0; fd < 3; fd++) {
			close(fd);
			open("/dev/null", O_RDWR);
		}
		execvp(path, word);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -errno;
	return status ? -EIO : 0;
}

/* ask_host: run a command of QEMU's monitor */
static int ask_host(const char *format, ...)
{
	char line[512];
	va_list args;
	int n = 0;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	dprintf(HOST, "@host %s\n", line);
	while (n < (int)sizeof(line) - 1 && read(HOST, line + n, 1) == 1 && line[n] != '\n')
		n++;
	line[n] = 0;
	if (!strncmp(line, "ok", 2))
		return 0;
	say("the host says: %s", line);
	return -EIO;
}

/* --- Binding and unbinding --------------------------------------------------- */

/* A device and its driver, which the words of a step name */
struct bound {
	const char *bus;
	char driver[NAME], device[NAME];
	bool is_bound;
};

static bool found(struct bound *b, const char *bus, const char *driver,
		  const char *device, const char *driver_now)
{
	b->bus = bus;
	set_name(b->driver, driver);
	set_name(b->device, device);
	b->is_bound = driver_now[0];
	return device[0];
}

/* find: what CLASS and WORD name */
static bool find(struct bound *b, const char *class, const char *word)
{
	struct device *d = device_by_serial(&now, atoi(word));
	const char *name;
	struct region *r;
	struct port *p;
	struct hmem *h;

	if (!strcmp(class, "platform"))
		return now.has_platform && found(b, "platform", "hmem_platform",
						 "hmem_platform.0", now.platform_driver);
	if (!strcmp(class, "acpi"))
		return found(b, "platform", "cxl_acpi", "ACPI0017:00", now.acpi_driver);
	if (!strcmp(class, "pci"))
		return d && found(b, "pci", "cxl_pci", d->pci, d->pci_driver);
	if (!strcmp(class, "mem"))
		return d && found(b, "cxl", "cxl_mem", d->mem, d->mem_driver);
	if (!strcmp(class, "endpoint"))
		return d && found(b, "cxl", "cxl_port", d->endpoint, d->endpoint_driver);
	if (!strcmp(class, "port")) {
		for_each(p, &now, ports)
			if (!strcmp(p->uport, word))
				return found(b, "cxl", "cxl_port", p->name, p->driver);
	} else if (!strcmp(class, "region")) {
		r = region_by_word(&now, word);
		return r && found(b, "cxl", "cxl_region", r->name, r->driver);
	} else if (!strcmp(class, "hmem")) {
		name = word[0] == '@' ? hmem_name(strtoull(word + 1, NULL, 16)) : word;
		for_each(h, &now, hmems)
			if (name && !strcmp(h->name, name))
				return found(b, "platform", "hmem", h->name, h->driver);
	}
	return false;
}

static int run_bind(int nr, char **word)
{
	struct bound b;

	if (nr < 2 || !find(&b, word[1], nr > 2 ? word[2] : ""))
		return NOTHING;
	return put(b.device, "/sys/bus/%s/drivers/%s/%s", b.bus, b.driver, word[0]);
}

/* pick: a word for an object of that class, drawn from those there are */
static bool pick(char *word, const char *class)
{
	u64 start;

	word[0] = 0;
	if (!strcmp(class, "platform") || !strcmp(class, "acpi"))
		return true;
	if (!strcmp(class, "hmem") && now.nr_hmems) {
		const char *name = now.hmems[draw(now.nr_hmems)].name;

		if (hmem_start(name, &start))
			sprintf(word, "@%llx", start);
		else
			strcpy(word, name);
	} else if (!strcmp(class, "region") && now.nr_regions) {
		struct region *r = &now.regions[draw(now.nr_regions)];

		if (r->has_range)
			sprintf(word, "@%llx", r->range.start);
		else
			strcpy(word, "bare");
	} else if (!strcmp(class, "port") && now.nr_ports) {
		strcpy(word, now.ports[draw(now.nr_ports)].uport);
	} else if (now.nr_devices && strcmp(class, "hmem") && strcmp(class, "region") &&
		   strcmp(class, "port")) {
		sprintf(word, "%d", now.devices[draw(now.nr_devices)].serial);
	}
	return word[0];
}

/* draw_bind: mostly what makes sense, the one or the other */
static void draw_bind(char *text)
{
	static const struct { const char *class; int weight; } classes[] = {
		{ "hmem", 12 }, { "platform", 4 }, { "region", 12 }, { "mem", 10 },
		{ "pci", 4 }, { "endpoint", 4 }, { "port", 3 }, { "acpi", 2 },
	};
	char word[NAME];
	struct bound b;
	int at = 0, i;

	for (size_t c = 0; c < ARRAY_SIZE(classes); c++)
		at += classes[c].weight;
	at = draw(at);
	for (i = 0; at >= classes[i].weight; i++)
		at -= classes[i].weight;
	if (!pick(word, classes[i].class) || !find(&b, classes[i].class, word))
		return;
	sprintf(text, "%s %s%s%s", b.is_bound ^ chance(5) ? "unbind" : "bind",
		classes[i].class, word[0] ? " " : "", word);
}

static bool has_driver(const struct bound *b)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/bus/%s/drivers/%s", b->bus, b->driver);
	return !access(path, F_OK);
}

/* What was taken away is given back more often than by chance */
static void draw_bind_again(char *text)
{
	static const char * const classes[] = { "acpi", "port", "pci", "mem", "endpoint",
						"platform", "hmem", "region" };
	char word[NAME];
	struct bound b;

	for (int i = 0; i < nr_slots; i++)
		if (!slots[i].plugged && chance(15)) {
			sprintf(text, "plug %d", slots[i].serial);
			return;
		}
	/* without it there is nothing to bind to */
	if (!now.acpi_driver[0] && chance(50)) {
		strcpy(text, is_loaded("cxl_acpi") ? "bind acpi" : "load cxl_acpi");
		return;
	}
	for (int i = 0; i < 8; i++) {
		const char *class = classes[draw(ARRAY_SIZE(classes))];

		if (!pick(word, class) || !find(&b, class, word) || b.is_bound || !has_driver(&b))
			continue;
		sprintf(text, "bind %s%s%s", class, word[0] ? " " : "", word);
		return;
	}
}

/* --- Modules ------------------------------------------------------------------ */

const char * const modules[] = {
	"cxl_acpi", "cxl_port", "cxl_pci", "cxl_mem", "cxl_pmem", "dax_cxl", "kmem",
	"device_dax", "dax_hmem", NULL
};

bool is_loaded(const char *module)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/module/%s", module);
	return !access(path, F_OK);
}

static int run_module(int nr, char **word)
{
	if (nr < 2)
		return NOTHING;
	if (!strcmp(word[0], "load"))
		return is_loaded(word[1]) ? NOTHING : run_command("modprobe", word[1], NULL);
	if (!is_loaded(word[1]))
		return NOTHING;
	return syscall(SYS_delete_module, word[1], O_NONBLOCK) ? -errno : 0;
}

static void draw_unload(char *text)
{
	const char *module = modules[draw(ARRAY_SIZE(modules) - 1)];

	if (is_loaded(module))
		sprintf(text, "unload %s", module);
}

static void draw_load(char *text)
{
	for (int i = 0; i < 12; i++) {
		const char *module = modules[draw(ARRAY_SIZE(modules) - 1)];

		if (is_loaded(module))
			continue;
		sprintf(text, "load %s", module);
		return;
	}
}

/* --- Regions ------------------------------------------------------------------ */

/* unused_decoder: of a device, the lowest that has no capacity */
static struct dpa *unused_decoder(int serial)
{
	struct device *d = device_by_serial(&now, serial);
	struct dpa *p;

	for_each(p, &now, dpas)
		if (d && p->device == d - now.devices && !p->size && !p->region[0])
			return p;
	return NULL;
}

static void region_uuid(const char *region)
{
	char text[64];

	sprintf(text, "%08x-0000-4000-8000-%012x", step_number, step_number + 1);
	put(text, CXL "/%s/uuid", region);
}

/*
 * create WINDOW MODE MIB SERIAL,SERIAL UPTO: as cxl create-region does it, and no
 * further than stage UPTO. What is refused is taken back.
 */
static int run_create(int nr, char **word)
{
	struct dpa *decoder[4];
	char name[NAME], file[NAME], list[NAME], *save, *serial;
	struct window *w;
	int ways = 0, upto, error, made = 0;
	u64 size;

	if (nr < 6 || (w = &now.windows[atoi(word[1])]) >= now.windows + now.nr_windows)
		return NOTHING;
	size = strtoull(word[3], NULL, 0) * M;
	upto = atoi(word[5]);
	set_name(list, word[4]);
	for (serial = strtok_r(list, ",", &save); serial && ways < 4;
	     serial = strtok_r(NULL, ",", &save)) {
		decoder[ways] = unused_decoder(atoi(serial));
		if (!decoder[ways++])
			return NOTHING;
	}
	if (!ways)
		return NOTHING;

	slurp(name, sizeof(name), CXL "/%s/create_%s_region", w->name, word[2]);
	if (!name[0])
		return NOTHING;
	error = put(name, CXL "/%s/create_%s_region", w->name, word[2]);
	if (error)
		return error;
	if (upto > 0) {
		if (!strcmp(word[2], "pmem"))
			region_uuid(name);
		error = put_number(256, name, "interleave_granularity");
		if (!error)
			error = put_number(ways, name, "interleave_ways");
	}
	if (!error && upto > 1)
		error = put_number(size, name, "size");
	for (int i = 0; !error && upto > 2 && i < ways; i++) {
		error = put(word[2], CXL "/%s/mode", decoder[i]->name);
		if (!error) {
			error = put_number(size / ways, decoder[i]->name, "dpa_size");
			made += !error;
		}
	}
	for (int i = 0; !error && upto > 3 && i < ways; i++) {
		snprintf(file, sizeof(file), "target%d", i);
		error = put(decoder[i]->name, CXL "/%s/%s", name, file);
	}
	if (!error && upto > 4)
		error = put_number(1, name, "commit");
	if (!error && upto > 5)
		error = put(name, "/sys/bus/cxl/drivers/cxl_region/bind");
	if (error) {
		put(name, CXL "/%s/delete_region", w->name);
		while (made > 0)
			put_number(0, decoder[--made]->name, "dpa_size");
	}
	return error;
}

/* below: a device below that bridge, which has a decoder to spare; 0 if there is none */
static int below(int bridge)
{
	int first = now.nr_devices ? draw(now.nr_devices) : 0;

	for (int i = 0; i < now.nr_devices; i++) {
		struct device *d = &now.devices[(first + i) % now.nr_devices];
		int bus = strtol(d->pci + 5, NULL, 16);

		/* the buses of a bridge are counted from its own number on */
		if (bus > bridge && bus < bridge + 64 && unused_decoder(d->serial))
			return d->serial;
	}
	return 0;
}

/* draw_create: mostly where it is possible */
static void draw_create(char *text)
{
	static const int sizes[] = { 256, 512, 256, 512, 128, 1024 };
	int n = 0, serial, ways;
	struct window *w;
	char list[64];

	if (!now.nr_windows || !nr_slots)
		return;
	w = &now.windows[draw(now.nr_windows)];
	ways = w->ways == 2 ? 2 : 1 + chance(25);
	for (int i = 0; i < ways; i++) {
		serial = chance(90) ? below(w->bridge[w->ways == 2 ? i : 0]) :
			 slots[draw(nr_slots)].serial;
		if (!serial)
			return;
		n += sprintf(list + n, "%s%d", i ? "," : "", serial);
	}
	sprintf(text, "create %d %s %d %s %d", (int)(w - now.windows), chance(20) ? "pmem" : "ram",
		sizes[draw(ARRAY_SIZE(sizes))], list, chance(80) ? 6 : draw(6));
}

static int run_commit(int nr, char **word)
{
	struct region *r = nr > 2 ? region_by_word(&now, word[1]) : NULL;

	return r ? put(word[2], CXL "/%s/commit", r->name) : NOTHING;
}

static int run_size(int nr, char **word)
{
	struct region *r = nr > 2 ? region_by_word(&now, word[1]) : NULL;

	return r ? put_number(strtoull(word[2], NULL, 0) * M, r->name, "size") : NOTHING;
}

static int run_delete(int nr, char **word)
{
	struct region *r = nr > 1 ? region_by_word(&now, word[1]) : NULL;

	return r ? put(r->name, CXL "/%s/delete_region", r->root) : NOTHING;
}

/*
 * target REGION POSITION SERIAL|-: attach a decoder of that device that is the region's,
 * or is idle and has capacity; or detach
 */
static int run_target(int nr, char **word)
{
	struct region *r = nr > 3 ? region_by_word(&now, word[1]) : NULL;
	struct device *d;
	struct dpa *p;

	if (!r)
		return NOTHING;
	if (word[3][0] == '-')
		return put("", CXL "/%s/target%s", r->name, word[2]);
	d = device_by_serial(&now, atoi(word[3]));
	for_each(p, &now, dpas)
		if (d && p->device == d - now.devices && p->size &&
		    (!p->region[0] || !strcmp(p->region, r->name)))
			return put(p->name, CXL "/%s/target%s", r->name, word[2]);
	return NOTHING;
}

/* dpa SERIAL MODE MIB: the next decoder gets that capacity, or, 0, the last loses it */
static int run_dpa(int nr, char **word)
{
	struct device *d = nr > 3 ? device_by_serial(&now, atoi(word[1])) : NULL;
	struct dpa *p, *last = NULL;
	int error;

	if (!d)
		return NOTHING;
	if (atoi(word[3])) {
		last = unused_decoder(d->serial);
		if (!last)
			return NOTHING;
		error = put(word[2], CXL "/%s/mode", last->name);
		return error ? error : put_number(strtoull(word[3], NULL, 0) * M, last->name,
						  "dpa_size");
	}
	for_each(p, &now, dpas)
		if (p->device == d - now.devices && p->size)
			last = p;
	return last ? put_number(0, last->name, "dpa_size") : NOTHING;
}

static void draw_commit(char *text)
{
	char word[NAME];

	if (pick(word, "region"))
		sprintf(text, "commit %s %d", word, draw(2));
}

static void draw_size(char *text)
{
	char word[NAME];

	if (pick(word, "region"))
		sprintf(text, "size %s %d", word, chance(50) ? 0 : 256 << draw(2));
}

static void draw_delete(char *text)
{
	char word[NAME];

	if (pick(word, "region"))
		sprintf(text, "delete %s", word);
}

static void draw_target(char *text)
{
	char word[NAME];

	if (!pick(word, "region"))
		return;
	if (chance(50))
		sprintf(text, "target %s %d -", word, draw(2));
	else
		sprintf(text, "target %s %d %d", word, draw(2), slots[draw(nr_slots)].serial);
}

static void draw_dpa(char *text)
{
	sprintf(text, "dpa %d %s %d", slots[draw(nr_slots)].serial,
		chance(80) ? "ram" : "pmem", chance(60) ? 0 : 256);
}

/* --- Memory and dax devices --------------------------------------------------- */

static struct dax *dax_word(int nr, char **word, int at)
{
	if (nr <= at || word[at][0] != '@')
		return NULL;
	return dax_at(&now, strtoull(word[at] + 1, NULL, 16));
}

/* online or offline: what lies inside; and online is only what can be touched */
static int run_online(int nr, char **word)
{
	const bool online = !strcmp(word[0], "online");
	struct dax *d = dax_word(nr, word, 1);
	int error = NOTHING, e;
	struct block *b;

	if (!d || (online && !decoded(&now, &d->range)))
		return NOTHING;
	for_each(b, &now, blocks) {
		const struct range r = { b->number * block_size,
					 (b->number + 1) * block_size - 1 };

		if (!overlap(&r, &d->range) || b->online == online)
			continue;
		e = put(online ? "online_movable" : "offline",
			"/sys/devices/system/memory/memory%d/state", b->number);
		if (e || error == NOTHING)
			error = e;
	}
	return error;
}

/* kmem or device_dax ADDRESS: that driver gets the dax device */
static int run_driver(int nr, char **word)
{
	struct dax *d = dax_word(nr, word, 1);
	int error = 0;

	if (!d || !strcmp(d->driver, word[0]))
		return NOTHING;
	if (d->driver[0])
		error = put(d->name, "/sys/bus/dax/drivers/%s/unbind", d->driver);
	if (error)
		return error;
	put(d->name, "/sys/bus/dax/drivers/device_dax/remove_id");
	if (strcmp(word[0], "kmem")) {
		error = put(d->name, "/sys/bus/dax/drivers/device_dax/new_id");
		return error;
	}
	return put(d->name, "/sys/bus/dax/drivers/kmem/bind");
}

/* nd_region: libnvdimm's name for a region of persistent memory */
static bool nd_region(char *name, const struct region *r)
{
	const char *dir = "/sys/bus/nd/devices";
	char buf[64];
	struct dirent *e;
	DIR *d = opendir(dir);

	name[0] = 0;
	while (d && (e = readdir(d)))
		if (!strncmp(e->d_name, "region", 6) && r->has_range &&
		    strtoull(slurp(buf, sizeof(buf), "%s/%s/resource", dir, e->d_name), NULL, 0) ==
			    r->range.start)
			set_name(name, e->d_name);
	if (d)
		closedir(d);
	return name[0];
}

/* pmem_block: the block device of its namespace */
static bool pmem_block(char *name, const struct region *r)
{
	char path[64], to[512], part[NAME + 2], region[NAME];
	struct dirent *e;
	ssize_t n;
	DIR *d;

	name[0] = 0;
	if (!nd_region(region, r))
		return false;
	snprintf(part, sizeof(part), "/%s/", region);
	d = opendir("/sys/block");
	while (d && (e = readdir(d))) {
		if (strncmp(e->d_name, "pmem", 4))
			continue;
		snprintf(path, sizeof(path), "/sys/block/%.40s", e->d_name);
		n = readlink(path, to, sizeof(to) - 1);
		to[n < 0 ? 0 : n] = 0;
		if (strstr(to, part))
			set_name(name, e->d_name);
	}
	if (d)
		closedir(d);
	return name[0];
}

/* namespace REGION: one over all of it */
static int run_namespace(int nr, char **word)
{
	struct region *r = nr > 1 ? region_by_word(&now, word[1]) : NULL;
	char name[NAME];

	if (!r || pmem_block(name, r) || !nd_region(name, r))
		return NOTHING;
	if (!is_loaded("nd_pmem"))
		run_command("modprobe", "nd_pmem", NULL);
	return run_command("ndctl", "create-namespace", "-r", name, "-m", "fsdax", "--map=mem", "-f",
			   NULL);
}

static struct region *any_pmem(void)
{
	int first = now.nr_regions ? draw(now.nr_regions) : 0;

	for (int i = 0; i < now.nr_regions; i++) {
		struct region *r = &now.regions[(first + i) % now.nr_regions];

		if (!strcmp(r->mode, "pmem") && r->has_range && r->driver[0])
			return r;
	}
	return NULL;
}

static void draw_namespace(char *text)
{
	struct region *r = any_pmem();
	char block[NAME];

	if (r)
		sprintf(text, pmem_block(block, r) ? "use file @%llx" : "namespace @%llx", r->range.start);
}

static int run_use(int nr, char **word)
{
	struct dax *d = dax_word(nr, word, 2);
	struct region *r;
	char block[NAME];

	if (nr > 2 && !strcmp(word[1], "file")) {
		r = region_by_word(&now, word[2]);
		return r && pmem_block(block, r) ? use_file(block, &r->range, step_number + 1) : NOTHING;
	}
	if (!d)
		return NOTHING;
	if (!strcmp(word[1], "memory"))
		return strcmp(d->driver, "kmem") ? NOTHING : use_memory(d, step_number + 1);
	return strcmp(d->driver, "device_dax") ? NOTHING : use_dax(d, step_number + 1);
}

static int run_drop(int nr, char **word)
{
	return nr > 2 ? use_drop(word[1], strtoull(word[2] + 1, NULL, 16)) : NOTHING;
}

static struct dax *any_dax(const char *driver)
{
	int first = now.nr_daxs ? draw(now.nr_daxs) : 0;

	for (int i = 0; i < now.nr_daxs; i++) {
		struct dax *d = &now.daxs[(first + i) % now.nr_daxs];

		if (!driver || !strcmp(d->driver, driver))
			return d;
	}
	return NULL;
}

static void draw_online(char *text)
{
	struct dax *d = any_dax("kmem");

	if (d)
		sprintf(text, "%sline @%llx", range_online(&now, &d->range) ? "off" : "on",
			d->range.start);
}

/* A driver that lets go of memory which is online holds it until reboot: not too often */
static void draw_driver(char *text)
{
	struct dax *d = any_dax(NULL);

	if (d && (!range_online(&now, &d->range) || chance(5)))
		sprintf(text, "%s @%llx", strcmp(d->driver, "kmem") ? "kmem" : "device_dax",
			d->range.start);
}

static void draw_use(char *text)
{
	struct dax *d = any_dax(NULL);

	if (!d)
		return;
	if (!strcmp(d->driver, "device_dax"))
		sprintf(text, "use mapping @%llx", d->range.start);
	else if (range_online(&now, &d->range))
		sprintf(text, "use memory @%llx", d->range.start);
}

static void draw_drop(char *text)
{
	strcpy(text, "drop ");
	if (!use_pick(text + 5))
		text[0] = 0;
}

/* --- Plugging, power, sleep --------------------------------------------------- */

static bool mem_is(int serial, bool there)
{
	struct device *d;

	state_read(&now);
	d = device_by_serial(&now, serial);
	return there ? d && (d->mem[0] || !is_loaded("cxl_pci")) : !d;
}

static int wait_for_mem(int serial, bool there)
{
	for (int i = 0; i < 120; i++) {
		if (mem_is(serial, there))
			return 0;
		usleep(250000);
		alive();
	}
	return -ETIMEDOUT;
}

/* What reads through the device will be lost with it */
static void lose(int serial)
{
	struct device *v = device_by_serial(&now, serial);
	struct decoder *d;

	for_each(d, &now, decoders)
		if (v && !strcmp(d->of, v->pci))
			use_lose(&d->range);
}

static int run_unplug(int nr, char **word)
{
	struct slot *s = nr > 1 ? slot_of(atoi(word[1])) : NULL;
	int error;

	if (!s || !s->plugged || !device_by_serial(&now, s->serial))
		return NOTHING;
	lose(s->serial);
	settle(&now, true);
	before = now;
	error = ask_host("device_del dev%d", s->serial);
	if (error)
		return error;
	s->plugged = false;
	return wait_for_mem(s->serial, false);
}

static int run_plug(int nr, char **word)
{
	struct slot *s = nr > 1 ? slot_of(atoi(word[1])) : NULL;
	char ram[64] = "", pmem[96] = "";
	int error, k = ++nr_plugged;

	if (!s || s->plugged)
		return NOTHING;
	if (s->ram) {
		error = ask_host("object_add memory-backend-ram,id=v%d,size=%dM,share=on", 1000 + k, s->ram);
		if (error)
			return error;
		sprintf(ram, ",volatile-memdev=v%d", 1000 + k);
	}
	if (s->pmem) {
		error = ask_host("object_add memory-backend-ram,id=p%d,size=%dM,share=on", 1000 + k, s->pmem);
		if (!error)
			error = ask_host("object_add memory-backend-ram,id=l%d,size=1M,share=on", 1000 + k);
		if (error)
			return error;
		sprintf(pmem, ",persistent-memdev=p%d,lsa=l%d", 1000 + k, 1000 + k);
	}
	for (int i = 0; i < 40; i++) {
		error = ask_host("device_add cxl-type3,id=dev%d,bus=%s,sn=%d%s%s", s->serial, s->bus,
				 s->serial, ram, pmem);
		if (!error)
			break;
		usleep(250000);
	}
	if (error)
		return error;
	s->plugged = true;
	return wait_for_mem(s->serial, true);
}

static void draw_plug(char *text)
{
	struct slot *s;

	if (!nr_slots)
		return;
	s = &slots[draw(nr_slots)];
	/* below a switch nothing is plugged */
	if (strncmp(s->bus, "rp", 2))
		return;
	sprintf(text, "%s %d", s->plugged ? "unplug" : "plug", s->serial);
}

/* remove SERIAL: as the PCI core does; rescan finds it again */
static int run_remove(int nr, char **word)
{
	struct device *d = nr > 1 ? device_by_serial(&now, atoi(word[1])) : NULL;

	return d ? put("1", "/sys/bus/pci/devices/%s/remove", d->pci) : NOTHING;
}

static int run_rescan(int nr, char **word)
{
	(void)nr;
	(void)word;
	return put("1", "/sys/bus/pci/rescan");
}

static void draw_remove(char *text)
{
	char word[NAME];

	if (now.nr_devices < nr_slots && chance(70))
		strcpy(text, "rescan");
	else if (pick(word, "pci"))
		sprintf(text, "remove %s", word);
}

static int run_power(int nr, char **word)
{
	struct device *d = nr > 2 ? device_by_serial(&now, atoi(word[1])) : NULL;
	int error;

	if (!d)
		return NOTHING;
	error = put(word[2], "/sys/bus/pci/devices/%s/power/control", d->pci);
	return error ? error : put(word[2], "/sys/bus/pci/devices/%s/../power/control", d->pci);
}

static void draw_power(char *text)
{
	char word[NAME];

	if (pick(word, "pci"))
		sprintf(text, "power %s %s", word, chance(50) ? "auto" : "on");
}

/* suspend: only where it is not offered, so that it has to be refused */
static int run_suspend(int nr, char **word)
{
	(void)nr;
	(void)word;
	return now.deep ? NOTHING : put("mem", "/sys/power/state");
}

static void draw_suspend(char *text) { strcpy(text, "suspend"); }

static void read_all(const char *dir)
{
	char path[800], buf[4096];
	struct dirent *e;
	struct stat st;
	DIR *d = opendir(dir);

	while (d && (e = readdir(d))) {
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		if (lstat(path, &st) || !S_ISREG(st.st_mode) || !(st.st_mode & 0400))
			continue;
		slurp(buf, sizeof(buf), "%s", path);
	}
	if (d)
		closedir(d);
}

/* read: all attributes of CXL's and DAX's devices */
static int run_read(int nr, char **word)
{
	static const char * const dirs[] = { CXL, "/sys/bus/dax/devices", "/sys/bus/nd/devices" };
	char path[512];
	struct dirent *e;
	DIR *d;

	(void)nr;
	(void)word;
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		d = opendir(dirs[i]);
		while (d && (e = readdir(d))) {
			if (e->d_name[0] == '.')
				continue;
			snprintf(path, sizeof(path), "%s/%s", dirs[i], e->d_name);
			read_all(path);
		}
		if (d)
			closedir(d);
	}
	return 0;
}

static void draw_read(char *text) { strcpy(text, "read"); }

/* --- The table ---------------------------------------------------------------- */

static int run_both(int nr, char **word);

static void draw_both(char *text);

const struct kind kinds[] = {
	{ "unbind", 26, draw_bind, run_bind, true },
	{ "bind", 28, draw_bind_again, run_bind, true },
	{ "unload", 3, draw_unload, run_module, true },
	{ "load", 6, draw_load, run_module, true },
	{ "create", 20, draw_create, run_create, true },
	{ "commit", 5, draw_commit, run_commit, true },
	{ "size", 3, draw_size, run_size },
	{ "delete", 4, draw_delete, run_delete, true },
	{ "target", 5, draw_target, run_target },
	{ "dpa", 3, draw_dpa, run_dpa },
	{ "online", 16, draw_online, run_online },
	{ "offline", 0, NULL, run_online },
	{ "device_dax", 8, draw_driver, run_driver },
	{ "kmem", 0, NULL, run_driver },
	{ "use", 14, draw_use, run_use },
	{ "namespace", 4, draw_namespace, run_namespace, true },
	{ "drop", 6, draw_drop, run_drop, true },
	{ "unplug", 1, draw_plug, run_unplug, true },
	{ "plug", 0, NULL, run_plug, true },
	{ "remove", 1, draw_remove, run_remove, true },
	{ "rescan", 0, NULL, run_rescan, true },
	{ "power", 1, draw_power, run_power },
	{ "suspend", 1, draw_suspend, run_suspend },
	{ "read", 1, draw_read, run_read },
	{ "both", 5, draw_both, run_both, true },
};

const int nr_kinds = ARRAY_SIZE(kinds);

static const struct kind *kind_of(const char *name)
{
	for (int i = 0; i < nr_kinds; i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

/*
 * both A ; B: at once. B is done by a process of its own, and what it holds is lost
 * with that: so it is no use or drop.
 */
static int run_both(int nr, char **word)
{
	const struct kind *a, *b;
	int semicolon = 1, error, status;
	pid_t pid;

	while (semicolon < nr && strcmp(word[semicolon], ";"))
		semicolon++;
	if (semicolon < 2 || semicolon + 1 >= nr)
		return NOTHING;
	a = kind_of(word[1]);
	b = kind_of(word[semicolon + 1]);
	if (!a || !b)
		return NOTHING;
	pid = fork();
	if (pid == 0)
		_exit(b->run(nr - semicolon - 1, word + semicolon + 1) == NOTHING);
	error = a->run(semicolon - 1, word + 1);
	waitpid(pid, &status, 0);
	return error == NOTHING && !status ? 0 : error;
}

static void draw_kind(char *text);

static bool alone(const char *text)
{
	static const char * const not[] = { "both", "use", "drop", "namespace", "plug", "unplug", "suspend" };

	for (size_t i = 0; i < ARRAY_SIZE(not); i++)
		if (!strncmp(text, not[i], strlen(not[i])))
			return true;
	return false;
}

static void draw_both(char *text)
{
	char one[TEXT] = "", other[TEXT] = "";

	draw_kind(one);
	draw_kind(other);
	if (!alone(one) && !alone(other))
		snprintf(text, TEXT, "both %.70s ; %.70s", one, other);
}

static void draw_kind(char *text)
{
	int sum = 0, at, i;

	for (i = 0; i < nr_kinds; i++)
		sum += kinds[i].weight;
	do {
		text[0] = 0;
		at = draw(sum);
		for (i = 0; at >= (int)kinds[i].weight; i++)
			at -= kinds[i].weight;
		kinds[i].draw(text);
	} while (!text[0]);
}

/* would_hold: memory is online, and the step takes a driver away, maybe from it */
static struct dax *would_hold(const char *text)
{
	struct dax *d;

	if (strncmp(text, "un", 2) && !strstr(text, " un"))
		return NULL;
	for_each(d, &now, daxs)
		if (range_online(&now, &d->range))
			return d;
	return NULL;
}

/*
 * step_draw: what is held is so until reboot, and little can be done with it; so memory
 * is mostly taken offline before
 */
void step_draw(char *text)
{
	char step[TEXT];
	struct dax *d;

	draw_kind(step);
	d = would_hold(step);
	if (d && chance(85)) {
		sprintf(text, "offline @%llx", d->range.start);
		return;
	}
	if (chance(6) && !alone(step))
		sprintf(text, "fail %d %s", 1 + draw(40), step);
	else
		strcpy(text, step);
}

/* fail_nth: the N-th allocation of this process from now on fails */
static void fail_nth(int n)
{
	char text[16];
	int fd = open("/proc/self/fail-nth", O_WRONLY), length = sprintf(text, "%d", n);

	if (fd < 0)
		return;
	if (write(fd, text, length) != length)
		say("no allocation fails");
	close(fd);
}

/* step_run: 0, an error code, or NOTHING */
int step_run(const char *text, const struct kind **kind)
{
	char copy[TEXT], *word[24], *save, **w = word;
	int nr = 0, error, nth = 0;

	*kind = NULL;
	snprintf(copy, sizeof(copy), "%s", text);
	for (char *at = strtok_r(copy, " ", &save); at && nr < 24; at = strtok_r(NULL, " ", &save))
		word[nr++] = at;
	if (nr > 2 && !strcmp(w[0], "fail")) {
		nth = atoi(w[1]);
		w += 2;
		nr -= 2;
	}
	if (!nr || !(*kind = kind_of(w[0])))
		return NOTHING;
	may_be_short = nth;
	if (nth)
		fail_nth(nth);
	error = (*kind)->run(nr, w);
	if (nth)
		fail_nth(0);
	return error;
}

const char *error_name(int error)
{
	static const struct { int error; const char *name; } names[] = {
		{ 0, "ok" }, { NOTHING, "nothing there" }, { -EBUSY, "EBUSY" },
		{ -EINVAL, "EINVAL" }, { -ENXIO, "ENXIO" }, { -ENODEV, "ENODEV" },
		{ -ENOMEM, "ENOMEM" }, { -ENOENT, "ENOENT" }, { -ERANGE, "ERANGE" },
		{ -ENOSPC, "ENOSPC" }, { -EAGAIN, "EAGAIN" }, { -EPERM, "EPERM" },
		{ -EACCES, "EACCES" }, { -EIO, "EIO" }, { -517, "EPROBE_DEFER" },
		{ -EFAULT, "EFAULT" }, { -ETIMEDOUT, "ETIMEDOUT" }, { -EEXIST, "EEXIST" },
	};
	static char number[16];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].error == error)
			return names[i].name;
	sprintf(number, "%d", error);
	return number;
}
