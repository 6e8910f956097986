// SPDX-License-Identifier: GPL-2.0
/*
 * Steps that bind and unbind drivers, and load and unload modules
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "walk.h"

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
	struct namespace n;
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
	} else if (!strcmp(class, "namespace")) {
		r = region_by_word(&now, word);
		return r && find_namespace(&n, r) && found(b, "nd", n.wants, n.name, n.driver);
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
bool pick(char *word, const char *class)
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
			sprintf(word, "%s", name);
	} else if (!strcmp(class, "namespace")) {
		struct region *r = any_pmem();

		if (r)
			sprintf(word, "@%llx", r->range.start);
	} else if (!strcmp(class, "region") && now.nr_regions) {
		struct region *r = &now.regions[draw(now.nr_regions)];

		if (r->has_range)
			sprintf(word, "@%llx", r->range.start);
		else
			sprintf(word, "bare");
	} else if (!strcmp(class, "port") && now.nr_ports) {
		sprintf(word, "%s", now.ports[draw(now.nr_ports)].uport);
	} else if (now.nr_devices && (!strcmp(class, "pci") || !strcmp(class, "mem") ||
				      !strcmp(class, "endpoint"))) {
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
		{ "namespace", 3 },
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
						"platform", "hmem", "region", "namespace" };
	char word[NAME];
	struct bound b;

	for (int i = 0; i < nr_slots; i++)
		if (!slots[i].plugged && chance(15)) {
			sprintf(text, "plug %d", slots[i].serial);
			return;
		}
	/* without it there is nothing to bind to */
	if (!now.acpi_driver[0] && chance(50)) {
		sprintf(text, "%s", is_loaded("cxl_acpi") ? "bind acpi" : "load cxl_acpi");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
		const char *class = classes[draw(ARRAY_SIZE(classes))];

		if (!pick(word, class) || !find(&b, class, word) || b.is_bound || !has_driver(&b))
			continue;
		sprintf(text, "bind %s%s%s", class, word[0] ? " " : "", word);
		return;
	}
}

const char * const modules[] = {
	"cxl_acpi", "cxl_port", "cxl_pci", "cxl_mem", "cxl_pmem", "dax_cxl", "kmem",
	"device_dax", "dax_hmem", "nd_pmem", "dax_pmem", NULL
};

#define NR_MODULES	(ARRAY_SIZE(modules) - 1)

bool is_loaded(const char *module)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/module/%s", module);
	return !access(path, F_OK);
}

/* modules_dir: of the kernel that runs, as a file descriptor */
static int modules_dir(void)
{
	static int fd = -1;
	struct utsname u;
	char dir[128];

	if (fd < 0 && !uname(&u)) {
		snprintf(dir, sizeof(dir), "/lib/modules/%.65s", u.release);
		fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	return fd;
}

/* is_of: the line of modules.dep begins with that module's file */
static bool is_of(char *line, const char *module)
{
	char *end = strstr(line, ".ko:"), *name = end;

	while (end && name > line && name[-1] != '/')
		name--;
	if (!end || (size_t)(end - name) != strlen(module))
		return false;
	for (; *module; module++, name++)
		if (*module != *name && (*module != '_' || *name != '-'))
			return false;
	return true;
}

/* module_files: it, and what it needs, in one line; false if there is none */
static bool module_files(const char *module, char *line, int size)
{
	int fd = openat(modules_dir(), "modules.dep", O_RDONLY | O_CLOEXEC);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	bool found = false;

	while (f && !found && fgets(line, size, f)) {
		line[strcspn(line, "\n")] = 0;
		found = is_of(line, module);
	}
	if (f)
		fclose(f);
	return found;
}

static int insert(const char *file)
{
	int fd = openat(modules_dir(), file, O_RDONLY | O_CLOEXEC), error;

	if (fd < 0)
		return -errno;
	error = syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST ? -errno : 0;
	close(fd);
	return error;
}

/* load: as modprobe does, but by this process, so that an allocation can fail in it */
static int load(const char *module)
{
	char line[1024], *file[16], *save;
	int nr = 0, error = 0;

	if (!module_files(module, line, sizeof(line)))
		return NOTHING;
	for (char *at = strtok_r(line, ": ", &save); at && nr < 16; at = strtok_r(NULL, " ", &save))
		file[nr++] = at;
	/* what is needed first stands last */
	while (!error && nr > 0)
		error = insert(file[--nr]);
	return error;
}

static int run_module(int nr, char **word)
{
	if (nr < 2)
		return NOTHING;
	if (!strcmp(word[0], "load"))
		return is_loaded(word[1]) ? NOTHING : load(word[1]);
	if (!is_loaded(word[1]))
		return NOTHING;
	return syscall(SYS_delete_module, word[1], O_NONBLOCK) ? -errno : 0;
}

/* Modules that nothing loads by alias: the kernel, when it wants one, and drivers' devices */
static bool blacklisted[NR_MODULES];

static int write_blacklist(void)
{
	FILE *f;

	mkdir("/run/modprobe.d", 0755);
	f = fopen("/run/modprobe.d/walk.conf", "we");
	if (!f)
		return -errno;
	for (size_t i = 0; i < NR_MODULES; i++)
		if (blacklisted[i])
			fprintf(f, "blacklist %s\n", modules[i]);
	fclose(f);
	return 0;
}

void allow_all(void)
{
	memset(blacklisted, 0, sizeof(blacklisted));
	write_blacklist();
}

static int run_blacklist(int nr, char **word)
{
	const bool on = !strcmp(word[0], "blacklist");

	for (size_t i = 0; nr > 1 && i < NR_MODULES; i++) {
		if (strcmp(modules[i], word[1]) || blacklisted[i] == on)
			continue;
		blacklisted[i] = on;
		return write_blacklist();
	}
	return NOTHING;
}

static void draw_blacklist(char *text)
{
	int i = draw(NR_MODULES);

	sprintf(text, "%s %s", blacklisted[i] ? "allow" : "blacklist", modules[i]);
}

static void draw_unload(char *text)
{
	const char *module = modules[draw(NR_MODULES)];

	if (is_loaded(module))
		sprintf(text, "unload %s", module);
}

static void draw_load(char *text)
{
	for (int i = 0; i < 12; i++) {
		const char *module = modules[draw(NR_MODULES)];

		if (is_loaded(module))
			continue;
		sprintf(text, "load %s", module);
		return;
	}
}

struct kind bind_kinds[] = {
	{ "unbind", 26, draw_bind, run_bind },
	{ "bind", 28, draw_bind_again, run_bind },
	{ "unload", 3, draw_unload, run_module },
	{ "load", 6, draw_load, run_module },
	{ "blacklist", 1, draw_blacklist, run_blacklist },
	{ "allow", 0, NULL, run_blacklist },
	{ }
};
