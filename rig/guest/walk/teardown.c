// SPDX-License-Identifier: GPL-2.0
/*
 * Promise f: what is idle can be taken down, and set up again. All drivers are bound,
 * all that is in use is let go of, and then nothing may be left: no dax device, no
 * claim, no region, no decoder, no capacity that is taken. All capacity of each device
 * can be given to a region, and each address of the windows too. What is held cannot be
 * taken down until reboot, and what of the machine is behind that is left alone.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "walk.h"

static bool held(const struct range *r)
{
	const struct claim *c;

	for_each(c, &now, claims)
		if (c->held && overlap(&c->range, r))
			return true;
	return false;
}

/* any_held: anywhere */
static bool any_held(void)
{
	return held(&(struct range){ 0, ~0ULL });
}

/* pinned: a decoder of it, a bridge or a device, stays under what is held */
static bool pinned(const char *of)
{
	const struct decoder *d;

	for_each(d, &now, decoders)
		if (!strcmp(d->of, of) && held(&d->range))
			return true;
	return false;
}

/* step: as any other, with the oracle behind it */
static int step(const char *text)
{
	int result = 0;

	oracle_end();	/* what was found so far */
	if (failed)
		return NOTHING;
	before = now;
	alive();
	log_start();
	if (strcmp(text, "drop all"))
		result = step_run(text);
	else
		use_drop_all();
	say("  %s -> %s", text, error_name(result));
	settle(&now);
	if (result != NOTHING)
		oracle(text, result);
	return result;
}

/* each step is text with a word for each object that is not bound */
static void bind_all(void)
{
	struct device *d;
	struct port *p;
	char text[160];

	allow_all();
	for (int i = 0; modules[i]; i++) {
		if (is_loaded(modules[i]))
			continue;
		sprintf(text, "load %s", modules[i]);
		step(text);
	}
	if (!now.acpi_driver[0])
		step("bind acpi");
	step("rescan");
	for_each(p, &now, ports)
		if (!p->driver[0]) {
			snprintf(text, sizeof(text), "bind port %s", p->uport);
			step(text);
		}
	for_each(d, &now, devices)
		if (!d->pci_driver[0]) {
			sprintf(text, "bind pci %d", d->serial);
			step(text);
		}
	for_each(d, &now, devices)
		if (!d->mem_driver[0]) {
			sprintf(text, "bind mem %d", d->serial);
			step(text);
		}
	for_each(d, &now, devices)
		if (!d->endpoint_driver[0]) {
			sprintf(text, "unbind mem %d", d->serial);
			step(text);
			sprintf(text, "bind mem %d", d->serial);
			step(text);
		}
	for_each(d, &now, devices)
		if (!d->endpoint_driver[0])
			broken('f', "device %d has no endpoint, although its drivers were bound", d->serial);
}

static void offline_all(void)
{
	struct dax *d;
	char text[160];

	for_each(d, &now, daxs)
		if (range_online(&now, &d->range)) {
			sprintf(text, "offline @%llx", d->range.start);
			step(text);
		}
}

/* Regions are deleted from the highest decoder down: until nothing changes */
static void delete_all(void)
{
	char text[160];
	int left;

	do {
		left = now.nr_regions;
		for (int i = now.nr_regions - 1; i >= 0; i--) {
			struct region *r = &now.regions[i];

			if (i >= now.nr_regions || (r->has_range && held(&r->range)))
				continue;
			if (!r->has_range) {
				step("delete bare");
				continue;
			}
			sprintf(text, "delete @%llx", r->range.start);
			/* a namespace goes with the driver */
			if (!strcmp(r->mode, "pmem") && r->driver[0]) {
				char unbind[160];

				sprintf(unbind, "unbind region @%llx", r->range.start);
				step(unbind);
			}
			step(text);
		}
	} while (now.nr_regions && now.nr_regions < left);
}

/* Capacity is freed from the highest decoder down */
static void free_all(void)
{
	char text[160];

	for (int i = now.nr_dpas - 1; i >= 0; i--) {
		struct dpa *p = &now.dpas[i];

		if (i >= now.nr_dpas || !p->size || p->region[0] || p->device < 0)
			continue;
		sprintf(text, "dpa %d %s 0", now.devices[p->device].serial, p->mode);
		step(text);
	}
}

static void nothing_left(void)
{
	struct region *r;
	struct dpa *p;
	struct decoder *d;
	struct dax *x;
	struct entry *e;

	for_each(r, &now, regions)
		if (!r->has_range || !held(&r->range))
			broken('f', "%s %llx-%llx cannot be deleted", r->name, r->range.start,
			       r->range.end);
	for_each(p, &now, dpas)
		if (p->size && !(p->device >= 0 && pinned(now.devices[p->device].pci)))
			broken('f', "%s has %llx of capacity, which is not freed", p->name, p->size);
	for_each(d, &now, decoders)
		if (!d->locked && !pinned(d->of))
			broken('f', "%s decoder%d %llx-%llx is committed, for nobody", d->of, d->number,
			       d->range.start, d->range.end);
	for_each(x, &now, daxs)
		if (!held(&x->range))
			broken('f', "%s %llx-%llx is left", x->name, x->range.start, x->range.end);
	for_each(e, &now, iomem)
		if ((!strncmp(e->name, "region", 6) || !strncmp(e->name, "dax", 3)) &&
		    !held(&e->range))
			broken('f', "iomem: %s %llx-%llx is left", e->name, e->range.start, e->range.end);
}

/* Nobody uses any memory: without drivers of its devices, the machine may suspend */
static void may_suspend(void)
{
	char text[160];
	struct device *d;

	for_each(d, &now, devices)
		if (d->mem_driver[0]) {
			sprintf(text, "unbind mem %d", d->serial);
			step(text);
		}
	if (!now.deep)
		broken('f', "suspend to RAM is not offered, and nobody uses anything");
	for_each(d, &now, devices) {
		sprintf(text, "bind mem %d", d->serial);
		step(text);
	}
}

static int entries(const char *dir)
{
	int n = 0;
	DIR *d = opendir(dir);

	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n;
}

/* What there is when all is torn down is as much as the last time */
static void nothing_leaks(void)
{
	static const char * const dirs[] = { "/sys/bus/cxl/devices", "/sys/bus/dax/devices",
					     "/sys/bus/nd/devices", "/sys/bus/platform/devices" };
	static int last[32];
	static char plugged[256];
	char buf[64], there[256] = "";
	int count[32] = { 0 }, n = 0;
	struct device *d;

	for_each(d, &now, devices)
		sprintf(there + strlen(there), "%d ", d->serial);
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		count[n++] = entries(dirs[i]);
	count[n++] = now.nr_iomem;
	for (int i = 0; modules[i]; i++)
		count[n++] = atoi(slurp(buf, sizeof(buf), "/sys/module/%s/refcnt", modules[i]));
	count[n++] = atoi(slurp(buf, sizeof(buf), "/sys/module/cxl_core/refcnt"));
	for (int i = 0; i < n && !strcmp(plugged, there); i++)
		if (count[i] != last[i])
			broken('g', "%s: there are %d, and were %d when all was torn down before",
			       i < 4 ? dirs[i] : i == 4 ? "iomem" : i - 5 < n - 6 ? modules[i - 5] :
			       "cxl_core", count[i], last[i]);
	memcpy(last, count, sizeof(last));
	sprintf(plugged, "%s", there);
}

static bool has_dax(const struct range *r)
{
	struct dax *d;

	for_each(d, &now, daxs)
		if (overlap(&d->range, r))
			return true;
	return false;
}

static bool has_bridge(const struct window *w, int bridge)
{
	return w->bridge[0] == bridge || (w->ways == 2 && w->bridge[1] == bridge);
}

/*
 * spoiled: there may be no room in that window, since decoders of a bridge ascend, and one
 * of its bridges has some that stay, or something else is held in it
 */
static bool spoiled(const struct window *w)
{
	const struct window *o;

	for_each(o, &now, windows)
		if (held(&o->range) && (has_bridge(o, w->bridge[0]) ||
					(w->ways == 2 && has_bridge(o, w->bridge[1]))))
			return true;
	return false;
}

/* of_device: it can be in that window alone, with that much capacity */
static bool of_device(const struct window *w, const struct device *d, const char *mode, u64 size)
{
	return w->ways == 1 && below_bridge(d, w->bridge[0]) &&
	       (mode[0] == 'r' ? w->volatile_ok : w->persistent_ok) &&
	       size <= w->range.end - w->range.start + 1;
}

/* give: all of a device to a region, in each window in turn. One of RAM has a dax device */
static void give(const char *mode, const struct device *d, u64 size)
{
	char text[160];
	int error;

	for (int w = 0; w < now.nr_windows; w++) {
		if (!of_device(&now.windows[w], d, mode, size) || spoiled(&now.windows[w]))
			continue;
		sprintf(text, "create %d %s %llu %d 6", w, mode, size / M, d->serial);
		error = step(text);
		if (error)
			broken('f', "device %d: its %s capacity of %lluM cannot be used: %s", d->serial,
			       mode, size / M, error_name(error));
		else if (mode[0] == 'r' && !has_dax(&now.windows[w].range))
			broken('f', "a new region of device %d has no dax device", d->serial);
		delete_all();
		free_all();
	}
}

static void give_all(void)
{
	struct device devices[MAX];
	int nr = now.nr_devices;
	char buf[64];

	memcpy(devices, now.devices, sizeof(devices));
	for (int i = 0; i < nr; i++) {
		static const char * const mode[] = { "ram", "pmem" };

		for (int m = 0; m < 2; m++) {
			u64 size = strtoull(slurp(buf, sizeof(buf), "/sys/bus/cxl/devices/%s/%s/size",
						  devices[i].mem, mode[m]), NULL, 0);

			if (size && !pinned(devices[i].pci))
				give(mode[m], &devices[i], size);
		}
	}
}

/* All addresses of a window can be given to a region, which has no devices yet */
static void give_windows(void)
{
	char text[160];
	int error;

	for (int i = 0; i < now.nr_windows; i++) {
		const struct window *w = &now.windows[i];
		struct range range = w->range;

		if (!w->volatile_ok || spoiled(w))
			continue;
		sprintf(text, "create %d ram %llu %s 2", i, (range.end - range.start + 1) / M,
			w->ways == 2 ? "0,0" : "0");
		error = step(text);
		if (error)
			broken('f', "all of %llx-%llx cannot be given to a region: %s", range.start,
			       range.end, error_name(error));
		delete_all();
	}
}

/* tear_down: regions and decoders stay, unless it is all */
void tear_down(bool all)
{
	struct region *r;
	char text[160];

	say("tear down%s", all ? " all" : "");
	step("drop all");
	bind_all();
	offline_all();
	if (now.has_platform && now.platform_driver[0])
		step("unbind platform");
	offline_all();
	if (all) {
		delete_all();
		free_all();
		nothing_left();
		give_all();
		give_windows();
		nothing_left();
		if (!any_held()) {
			may_suspend();
			nothing_leaks();
		}
	} else {
		for_each(r, &now, regions)
			if (r->driver[0] && r->has_range) {
				sprintf(text, "unbind region @%llx", r->range.start);
				step(text);
			}
		for (int i = 0; i < now.nr_daxs; i++)
			if (!held(&now.daxs[i].range))
				broken('f', "%s %llx-%llx is left", now.daxs[i].name,
				       now.daxs[i].range.start, now.daxs[i].range.end);
		for (int i = 0; i < now.nr_claims; i++)
			if (!now.claims[i].held)
				broken('f', "%s still claims %llx-%llx", now.claims[i].owner,
				       now.claims[i].range.start, now.claims[i].range.end);
		for_each(r, &now, regions)
			if (r->has_range && r->committed) {
				sprintf(text, "bind region @%llx", r->range.start);
				step(text);
			}
	}
	step("load dax_hmem");
	if (!now.platform_driver[0])
		step("bind platform");
	oracle_end();
}
