// SPDX-License-Identifier: GPL-2.0
/*
 * hdm: what the HDM decoders of the machine decode, read from their registers
 *
 * One line for each that is committed, host bridges first:
 *
 *	hb 0 decoder0 5b0000000-5cfffffff
 *	0000:21:00.0 decoder0 5b0000000-5cfffffff locked
 *
 * "off" at its end: the capability as a whole is not enabled.
 *
 * hdm lock: lock all that are committed. hdm ways: at the end of each line, how many
 * devices its set has.
 *
 * Host bridges have their component registers where the CHBS structures of the
 * CEDT say (CXL 3.1 section 9.18.1.2), QEMU's type 3 devices in BAR 0. The HDM
 * decoder capability in them is that of section 8.2.4.20.
 */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define CACHE_MEM	0x1000
#define SIZE		0x2000
#define CAP_HDM		5

#define GLOBAL_ENABLE	(1u << 1)
#define CTRL_LOCK	(1u << 8)
#define CTRL_COMMITTED	(1u << 10)

static int lock, ways;

static uint64_t read64(const volatile uint32_t *reg)
{
	return reg[0] | (uint64_t)reg[1] << 32;
}

/* ways_of: as the register has it (CXL 3.1 section 8.2.4.20.7) */
static unsigned int ways_of(uint32_t control)
{
	unsigned int code = control >> 4 & 0xf;

	return code < 8 ? 1u << code : 3u << (code - 8);
}

static void decoders(const char *name, const volatile uint32_t *hdm)
{
	unsigned int count = hdm[0] & 0xf;

	count = count ? 2 * count : 1;
	for (unsigned int i = 0; i < count; i++) {
		volatile uint32_t *reg = (uint32_t *)hdm + 4 + 8 * i;
		uint64_t base = read64(reg), size = read64(reg + 2);

		if (!(reg[4] & CTRL_COMMITTED))
			continue;
		if (lock)
			reg[4] |= CTRL_LOCK;
		printf("%s decoder%u %jx-%jx%s%s", name, i, (uintmax_t)base,
		       (uintmax_t)(base + size - 1),
		       reg[4] & CTRL_LOCK ? " locked" : "",
		       hdm[1] & GLOBAL_ENABLE ? "" : " off");
		if (ways)
			printf(" ways %u", ways_of(reg[4]));
		putchar('\n');
	}
}

static void component(const char *name, const char *file, off_t offset)
{
	int fd = open(file, O_RDWR | O_SYNC);
	volatile uint32_t *cap;

	if (fd < 0)
		err(1, "%s", file);
	cap = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
	if (cap == MAP_FAILED)
		err(1, "cannot map %s", file);
	close(fd);

	cap += CACHE_MEM / 4;
	for (unsigned int i = cap[0] >> 24; i > 0; i--)
		if ((cap[i] & 0xffff) == CAP_HDM)
			decoders(name, cap + (cap[i] >> 20) / 4);
}

static void host_bridges(void)
{
	struct {
		uint8_t type, reserved;
		uint16_t length;
		uint32_t uid, version, reserved2;
		uint64_t base, size;
	} chbs;
	FILE *cedt = fopen("/sys/firmware/acpi/tables/CEDT", "r");
	long at = 36;
	char name[32];

	if (!cedt)
		err(1, "CEDT");
	while (fseek(cedt, at, SEEK_SET) == 0 &&
	       fread(&chbs, sizeof(chbs), 1, cedt) == 1 && chbs.length) {
		if (chbs.type == 0) {
			snprintf(name, sizeof(name), "hb %u", chbs.uid);
			component(name, "/dev/mem", chbs.base);
		}
		at += chbs.length;
	}
	fclose(cedt);
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
	struct dirent **entry;
	char file[512];
	int n;

	lock = argc == 2 && !strcmp(argv[1], "lock");
	ways = argc == 2 && !strcmp(argv[1], "ways");
	if (argc > 1 && !lock && !ways)
		errx(2, "usage: hdm [lock|ways]");

	host_bridges();
	n = scandir("/sys/bus/pci/devices", &entry, is_memdev, alphasort);
	for (int i = 0; i < n; i++) {
		snprintf(file, sizeof(file), "/sys/bus/pci/devices/%s/resource0",
			 entry[i]->d_name);
		component(entry[i]->d_name, file, 0);
	}
	return 0;
}
