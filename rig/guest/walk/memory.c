// SPDX-License-Identifier: GPL-2.0
/*
 * Steps with memory, dax devices, and namespaces of persistent memory
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "walk.h"

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

/*
 * find_namespace: what has a driver there. One whose pages have a map is of pfn, or of
 * dax; these are also there without a namespace, for the next one to be made.
 */
bool find_namespace(struct namespace *n, const struct region *r)
{
	static const struct { const char *prefix, *file, *wants; } kinds[] = {
		{ "pfn", "namespace", "nd_pmem" }, { "dax", "namespace", "dax_pmem" },
		{ "namespace", "size", "nd_pmem" },
	};
	const char *dir = "/sys/bus/nd/devices";
	char region[NAME], name[2 * NAME], buf[64];

	if (!nd_region(region, r))
		return false;
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++)
		for (int i = 0; i < 4; i++) {
			snprintf(name, sizeof(name), "%s%s.%d", kinds[k].prefix,
				 region + strlen("region"), i);
			slurp(buf, sizeof(buf), "%s/%s/%s", dir, name, kinds[k].file);
			if (!buf[0] || !strcmp(buf, "0"))
				continue;
			set_name(n->name, name);
			link_name(n->driver, "%s/%s/driver", dir, name);
			n->wants = kinds[k].wants;
			return true;
		}
	return false;
}

/*
 * namespace REGION MODE: one over all of it, for a file system (fsdax), for programs
 * (devdax); or, none, it is destroyed
 */
static int run_namespace(int nr, char **word)
{
	struct region *r = nr > 2 ? region_by_word(&now, word[1]) : NULL;
	struct namespace n;
	char name[NAME];

	if (!r || !nd_region(name, r))
		return NOTHING;
	if (!strcmp(word[2], "none"))
		return !find_namespace(&n, r) ? NOTHING :
			run_command("ndctl", "destroy-namespace", "-f", "-r", name, "all",
				    (char *)NULL);
	if (find_namespace(&n, r) || !decoded(&now, &r->range))
		return NOTHING;
	return run_command("ndctl", "create-namespace", "-r", name, "-m", word[2], "--map=mem",
			   "-f", (char *)NULL);
}

struct region *any_pmem(void)
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
	struct namespace n;
	char block[NAME];

	if (!r)
		return;
	if (!find_namespace(&n, r))
		sprintf(text, "namespace @%llx %s", r->range.start, chance(60) ? "fsdax" : "devdax");
	else if (pmem_block(block, r) && chance(75))
		sprintf(text, "use file @%llx", r->range.start);
	else
		sprintf(text, "namespace @%llx none", r->range.start);
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
	return strcmp(d->driver, "device_dax") ? NOTHING :
		use_dax(d, step_number + 1, !strcmp(word[1], "open"));
}

/*
 * resize ADDRESS MIB: a dax device gets another size, and its driver again. 0: all that its
 * dax region has
 */
static int run_resize(int nr, char **word)
{
	struct dax *d = dax_word(nr, word, 1);
	char size[32], driver[NAME];
	struct claim *c;
	u64 mib = nr > 2 ? strtoull(word[2], NULL, 0) : 0;
	int error = 0;

	if (!d || nr < 3)
		return NOTHING;
	for_each(c, &now, claims)
		if (!mib && c->range.start == d->range.start)
			mib = (c->range.end - c->range.start + 1) / M;
	set_name(driver, d->driver);
	if (driver[0])
		error = put(d->name, "/sys/bus/dax/drivers/%s/unbind", driver);
	if (error)
		return error;
	sprintf(size, "%llu", mib * M);
	error = put(size, "/sys/bus/dax/devices/%s/size", d->name);
	if (driver[0])
		put(d->name, "/sys/bus/dax/drivers/%s/bind", driver);
	return error;
}

static int run_drop(int nr, char **word)
{
	return nr > 2 ? use_drop(word[1], strtoull(word[2] + 1, NULL, 16)) : NOTHING;
}

/* any_dax: one that fits; drawn */
struct dax *any_dax(bool (*fits)(const struct dax *dax))
{
	int first = now.nr_daxs ? draw(now.nr_daxs) : 0;

	for (int i = 0; i < now.nr_daxs; i++) {
		struct dax *d = &now.daxs[(first + i) % now.nr_daxs];

		if (!fits || fits(d))
			return d;
	}
	return NULL;
}

static bool is_offline(const struct dax *d) { return !range_online(&now, &d->range); }

/* fits_online: it can come online, or go offline */
static bool fits_online(const struct dax *d)
{
	return !strcmp(d->driver, "kmem") && (!is_offline(d) || decoded(&now, &d->range));
}

static bool fits_use(const struct dax *d)
{
	return decoded(&now, &d->range) && (!strcmp(d->driver, "device_dax") || !is_offline(d));
}

static void draw_online(char *text)
{
	struct dax *d = any_dax(fits_online);

	if (d)
		sprintf(text, "%sline @%llx", is_offline(d) ? "on" : "off", d->range.start);
}

/* A driver that lets go of memory which is online holds it until reboot: not too often */
static void draw_driver(char *text)
{
	struct dax *d = any_dax(chance(5) ? NULL : is_offline);

	if (d)
		sprintf(text, "%s @%llx", strcmp(d->driver, "kmem") ? "kmem" : "device_dax",
			d->range.start);
}

static void draw_resize(char *text)
{
	struct dax *d = any_dax(is_offline);

	if (d)
		sprintf(text, "resize @%llx %d", d->range.start, chance(50) ? 0 : 128 << draw(2));
}

static void draw_use(char *text)
{
	struct dax *d = any_dax(fits_use);

	if (!d)
		return;
	if (strcmp(d->driver, "device_dax"))
		sprintf(text, "use memory @%llx", d->range.start);
	else
		sprintf(text, "use %s @%llx", chance(80) ? "mapping" : "open", d->range.start);
}

static void draw_drop(char *text)
{
	sprintf(text, "drop ");
	if (!use_pick(text + 5))
		text[0] = 0;
}

struct kind memory_kinds[] = {
	{ "online", 16, draw_online, run_online },
	{ "offline", 0, NULL, run_online },
	{ "device_dax", 8, draw_driver, run_driver },
	{ "kmem", 0, NULL, run_driver },
	{ "resize", 2, draw_resize, run_resize },
	{ "use", 14, draw_use, run_use },
	{ "namespace", 12, draw_namespace, run_namespace },
	{ "drop", 6, draw_drop, run_drop },
	{ }
};
