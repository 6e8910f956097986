// SPDX-License-Identifier: GPL-2.0
/*
 * hdm: what the HDM decoders of bridges and devices decode, read from their registers
 *
 * One line for each that is committed, host bridges first:
 *
 *	hb 0 decoder0 5b0000000-5cfffffff
 *	0000:21:00.0 decoder0 5b0000000-5cfffffff locked
 *
 * "off" at its end: the capability as a whole is not enabled.
 *
 * hdm lock: lock all that are committed.
 */
#include "hdm.h"

static void see(const struct hdm_decoder *d, void *lock)
{
	if (lock)
		*d->control |= HDM_LOCK;
	printf("%s decoder%u %jx-%jx%s%s\n", d->of, d->number, (uintmax_t)d->start,
	       (uintmax_t)d->end, *d->control & HDM_LOCK ? " locked" : "", d->off ? " off" : "");
}

static int is_memdev(const struct dirent *entry)
{
	char file[512], class[16] = "";
	FILE *f;

	snprintf(file, sizeof(file), "/sys/bus/pci/devices/%s/class", entry->d_name);
	f = fopen(file, "r");
	if (!f)
		return 0;
	if (!fgets(class, sizeof(class), f))
		class[0] = 0;
	fclose(f);
	return !strcmp(class, "0x050210\n");
}

int main(int argc, char **argv)
{
	void *lock = argc == 2 && !strcmp(argv[1], "lock") ? argv : NULL;
	struct dirent **entry;
	int n;

	if (argc > 1 && !lock)
		errx(2, "usage: hdm [lock]");

	hdm_host_bridges(see, lock);
	n = scandir("/sys/bus/pci/devices", &entry, is_memdev, alphasort);
	for (int i = 0; i < n; i++)
		if (!hdm_function(entry[i]->d_name, see, lock))
			err(1, "%s", entry[i]->d_name);
	return 0;
}
