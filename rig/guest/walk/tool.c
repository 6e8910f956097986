// SPDX-License-Identifier: GPL-2.0
/*
 * Steps that go through cxl and daxctl, which do several things each
 */
#include <stdlib.h>
#include <string.h>
#include "walk.h"

/* cxl create WINDOW MODE MIB SERIAL,SERIAL */
static int create(int nr, char **word)
{
	char size[32], list[NAME], *save, *name[2] = { NULL, NULL };
	struct device *d;
	int ways = 0;

	if (nr < 6 || atoi(word[2]) >= now.nr_windows)
		return NOTHING;
	set_name(list, word[5]);
	for (char *serial = strtok_r(list, ",", &save); serial && ways < 2;
	     serial = strtok_r(NULL, ",", &save)) {
		d = device_by_serial(&now, atoi(serial));
		if (!d || !d->mem[0])
			return NOTHING;
		name[ways++] = d->mem;
	}
	snprintf(size, sizeof(size), "%.10sM", word[4]);
	return run_command("cxl", "create-region", "-t", word[3], "-s", size, "-d",
			   now.windows[atoi(word[2])].name, "-m", name[0], name[1], (char *)NULL);
}

/* cxl COMMAND REGION|SERIAL */
static int run_cxl(int nr, char **word)
{
	struct device *d;
	struct region *r;
	char *name, *force = NULL;

	if (nr > 2 && !strcmp(word[1], "create-region"))
		return create(nr, word);
	if (nr < 3)
		return NOTHING;
	if (strstr(word[1], "region")) {
		r = region_by_word(&now, word[2]);
		name = r ? r->name : NULL;
	} else {
		d = device_by_serial(&now, atoi(word[2]));
		name = !d ? NULL : strstr(word[1], "memdev") ? d->mem : d->endpoint;
	}
	if (!name || !name[0])
		return NOTHING;
	if (strncmp(word[1], "enable", 6))
		force = "-f";
	if (strstr(word[1], "port"))
		return run_command("cxl", word[1], "-e", name, force, (char *)NULL);
	return run_command("cxl", word[1], name, force, (char *)NULL);
}

static void draw_cxl(char *text)
{
	static const char * const commands[] = {
		"disable-region", "enable-region", "destroy-region",
		"disable-memdev", "enable-memdev", "disable-port", "enable-port",
	};
	const char *command;
	char word[NAME];

	if (chance(30)) {
		if (draw_region(word))
			sprintf(text, "cxl create-region %s", word);
		return;
	}
	command = commands[draw(ARRAY_SIZE(commands))];
	if (pick(word, strstr(command, "region") ? "region" : "mem") && strcmp(word, "bare"))
		sprintf(text, "cxl %s %s", command, word);
}

/* daxctl COMMAND ADDRESS: what is online has to be decoded, see decoded() */
static int run_daxctl(int nr, char **word)
{
	struct dax *d = nr < 3 ? NULL : dax_at(&now, strtoull(word[2] + 1, NULL, 16));

	if (!d)
		return NOTHING;
	if (!strcmp(word[1], "devdax"))
		return run_command("daxctl", "reconfigure-device", "-m", "devdax", "-f", d->name,
				   (char *)NULL);
	if (!strcmp(word[1], "offline"))
		return run_command("daxctl", "offline-memory", d->name, (char *)NULL);
	if (!decoded(&now, &d->range))
		return NOTHING;
	if (!strcmp(word[1], "online"))
		return run_command("daxctl", "online-memory", d->name, (char *)NULL);
	return run_command("daxctl", "reconfigure-device", "-m", "system-ram", d->name,
			   (char *)NULL);
}

static void draw_daxctl(char *text)
{
	static const char * const commands[] = { "online", "offline", "devdax", "system-ram" };
	struct dax *d = any_dax(NULL);

	if (d)
		sprintf(text, "daxctl %s @%llx", commands[draw(ARRAY_SIZE(commands))], d->range.start);
}

struct kind tool_kinds[] = {
	{ "cxl", 8, draw_cxl, run_cxl },
	{ "daxctl", 4, draw_daxctl, run_daxctl },
	{ }
};
