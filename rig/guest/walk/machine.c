// SPDX-License-Identifier: GPL-2.0
/*
 * Steps that plug devices, change their power, suspend; and one that reads all there is
 */
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "walk.h"

#define CXL	"/sys/bus/cxl/devices"
#define HOST	3	/* file descriptor: to the host, see boot.sh */

/* The machine: what can be plugged in where */
struct slot slots[16];
int nr_slots;
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

static bool mem_is(int serial, bool there)
{
	struct device *d;

	state_read(&now);
	d = device_by_serial(&now, serial);
	return there ? d && (d->mem[0] || !is_loaded("cxl_pci")) : !d;
}

static int wait_for_mem(int serial, bool there)
{
	for (int i = 0; i < 1200; i++) {
		if (mem_is(serial, there))
			return 0;
		usleep(100000);
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
	settle(&now);
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
		sprintf(text, "rescan");
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

static void draw_suspend(char *text) { sprintf(text, "suspend"); }

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

/* read_everything: that the kernel shows of CXL and DAX */
void read_everything(void)
{
	static const char * const dirs[] = { CXL, "/sys/bus/dax/devices", "/sys/bus/nd/devices" };
	static const char * const files[] = { "/proc/iomem", "/sys/kernel/debug/dax/regions",
					      "/sys/kernel/tracing/trace",
					      "/sys/kernel/debug/devices_deferred" };
	static char text[65536];
	char path[512];
	struct dirent *e;
	DIR *d;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		slurp(text, sizeof(text), "%s", files[i]);
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
}

static int run_read(int nr, char **word)
{
	(void)nr;
	(void)word;
	read_everything();
	return 0;
}

static void draw_read(char *text) { sprintf(text, "read"); }

struct kind machine_kinds[] = {
	{ "unplug", 1, draw_plug, run_unplug },
	{ "plug", 0, NULL, run_plug },
	{ "remove", 1, draw_remove, run_remove },
	{ "rescan", 0, NULL, run_rescan },
	{ "power", 1, draw_power, run_power },
	{ "suspend", 1, draw_suspend, run_suspend },
	{ "read", 1, draw_read, run_read },
	{ }
};
