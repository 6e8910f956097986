// SPDX-License-Identifier: GPL-2.0
/*
 * Steps that make regions, change and delete them, by sysfs
 */
#include <stdlib.h>
#include <string.h>
#include "walk.h"

#define CXL	"/sys/bus/cxl/devices"

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
 * create WINDOW MODE MIB SERIAL,SERIAL STAGE: as cxl create-region does it, and no
 * further than STAGE. What is refused is taken back.
 */
static int run_create(int nr, char **word)
{
	struct dpa *decoder[4];
	char name[NAME], file[NAME], list[NAME], *save, *serial;
	struct window *w;
	int ways = 0, stage, error, made = 0;
	u64 size;

	if (nr < 6 || atoi(word[1]) >= now.nr_windows)
		return NOTHING;
	w = &now.windows[atoi(word[1])];
	size = strtoull(word[3], NULL, 0) * M;
	stage = atoi(word[5]);
	set_name(list, word[4]);
	for (serial = strtok_r(list, ",", &save); serial && ways < 4;
	     serial = strtok_r(NULL, ",", &save)) {
		/* 0: as many devices, which it does not come to */
		decoder[ways] = unused_decoder(atoi(serial));
		if (!decoder[ways++] && atoi(serial))
			return NOTHING;
	}
	if (!ways || (!decoder[0] && stage > 2))
		return NOTHING;

	slurp(name, sizeof(name), CXL "/%s/create_%s_region", w->name, word[2]);
	if (!name[0])
		return NOTHING;
	error = put(name, CXL "/%s/create_%s_region", w->name, word[2]);
	if (error)
		return error;
	if (stage > 0) {
		if (!strcmp(word[2], "pmem"))
			region_uuid(name);
		error = put_number(256, name, "interleave_granularity");
		if (!error)
			error = put_number(ways, name, "interleave_ways");
	}
	if (!error && stage > 1)
		error = put_number(size, name, "size");
	for (int i = 0; !error && stage > 2 && i < ways; i++) {
		error = put(word[2], CXL "/%s/mode", decoder[i]->name);
		if (!error) {
			error = put_number(size / ways, decoder[i]->name, "dpa_size");
			made += !error;
		}
	}
	for (int i = 0; !error && stage > 3 && i < ways; i++) {
		snprintf(file, sizeof(file), "target%d", i);
		error = put(decoder[i]->name, CXL "/%s/%s", name, file);
	}
	if (!error && stage > 4)
		error = put_number(1, name, "commit");
	if (!error && stage > 5)
		error = put(name, "/sys/bus/cxl/drivers/cxl_region/bind");
	if (error) {
		put(name, CXL "/%s/delete_region", w->name);
		while (made > 0)
			put_number(0, decoder[--made]->name, "dpa_size");
	}
	return error;
}

/* below_bridge: the buses of a bridge are counted from its own number on */
bool below_bridge(const struct device *d, int bridge)
{
	int bus = strtol(d->pci + 5, NULL, 16);

	return bus > bridge && bus < bridge + 64;
}

/* below: a device below that bridge, which has a decoder to spare; 0 if there is none */
static int below(int bridge)
{
	int first = now.nr_devices ? draw(now.nr_devices) : 0;

	for (int i = 0; i < now.nr_devices; i++) {
		struct device *d = &now.devices[(first + i) % now.nr_devices];

		if (below_bridge(d, bridge) && unused_decoder(d->serial))
			return d->serial;
	}
	return 0;
}

/* mode_for: mostly one of which the device has capacity */
static const char *mode_for(int serial)
{
	for (int i = 0; i < nr_slots; i++)
		if (slots[i].serial == serial && !slots[i].ram != !slots[i].pmem && chance(92))
			return slots[i].ram ? "ram" : "pmem";
	return chance(50) ? "pmem" : "ram";
}

/* draw_region: WINDOW MODE MIB SERIAL,SERIAL; mostly where it is possible */
bool draw_region(char *text)
{
	static const int sizes[] = { 256, 512, 256, 512, 256, 512, 256, 128 };
	int n = 0, serial = 0, ways;
	struct window *w;
	char list[64];

	if (!now.nr_windows || !nr_slots)
		return false;
	w = &now.windows[draw(now.nr_windows)];
	ways = w->ways == 2 ? 2 : 1 + chance(25);
	for (int i = 0; i < ways; i++) {
		serial = chance(90) ? below(w->bridge[w->ways == 2 ? i : 0]) :
			 slots[draw(nr_slots)].serial;
		if (!serial)
			return false;
		n += sprintf(list + n, "%s%d", i ? "," : "", serial);
	}
	return sprintf(text, "%d %s %d %s", (int)(w - now.windows), mode_for(serial),
		       sizes[draw(ARRAY_SIZE(sizes))] * ways, list);
}

static void draw_create(char *text)
{
	char region[NAME];

	if (draw_region(region))
		sprintf(text, "create %s %d", region, chance(80) ? 6 : draw(6));
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

struct kind region_kinds[] = {
	{ "create", 20, draw_create, run_create },
	{ "commit", 5, draw_commit, run_commit },
	{ "size", 3, draw_size, run_size },
	{ "delete", 4, draw_delete, run_delete },
	{ "target", 5, draw_target, run_target },
	{ "dpa", 3, draw_dpa, run_dpa },
	{ }
};
