/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The HDM decoders of the machine, read from their registers
 *
 * Host bridges have their component registers where the CHBS structures of the CEDT
 * say (CXL 3.1 section 9.18.1.2), QEMU's switches and type 3 devices in BAR 0. The HDM
 * decoder capability in them is that of section 8.2.4.20.
 */
#ifndef HDM_H
#define HDM_H

#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HDM_CACHE_MEM		0x1000
#define HDM_SIZE		0x2000
#define HDM_CAP			5

#define HDM_GLOBAL_ENABLE	(1u << 1)
#define HDM_LOCK		(1u << 8)
#define HDM_COMMITTED		(1u << 10)

/* One that is committed */
struct hdm_decoder {
	const char *of;			/* PCI address, or "hb" and a number */
	unsigned int number, ways;
	uint64_t start, end;
	bool locked, off;		/* off: the capability is not enabled */
	volatile uint32_t *control;
};

typedef void hdm_fn(const struct hdm_decoder *decoder, void *data);

static inline uint64_t hdm_read64(const volatile uint32_t *reg)
{
	return reg[0] | (uint64_t)reg[1] << 32;
}

/* hdm_ways: as the register has it (CXL 3.1 section 8.2.4.20.7) */
static inline unsigned int hdm_ways(uint32_t control)
{
	unsigned int code = control >> 4 & 0xf;

	return code < 8 ? 1u << code : 3u << (code - 8);
}

static inline void hdm_capability(const char *name, volatile uint32_t *hdm, hdm_fn *see,
				  void *data)
{
	unsigned int count = hdm[0] & 0xf;

	count = count ? 2 * count : 1;
	for (unsigned int i = 0; i < count; i++) {
		volatile uint32_t *reg = hdm + 4 + 8 * i;
		struct hdm_decoder d = { .of = name, .number = i, .control = &reg[4] };

		if (!(reg[4] & HDM_COMMITTED))
			continue;
		d.start = hdm_read64(reg);
		d.end = d.start + hdm_read64(reg + 2) - 1;
		d.ways = hdm_ways(reg[4]);
		d.locked = reg[4] & HDM_LOCK;
		d.off = !(hdm[1] & HDM_GLOBAL_ENABLE);
		see(&d, data);
	}
}

/* hdm_component: false if it has no registers */
static inline bool hdm_component(const char *name, const char *file, off_t offset, hdm_fn *see,
				 void *data)
{
	int fd = open(file, O_RDWR | O_SYNC | O_CLOEXEC);
	volatile uint32_t *cap;
	void *map;

	if (fd < 0)
		return false;
	map = mmap(NULL, HDM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
	close(fd);
	if (map == MAP_FAILED)
		return false;
	cap = (volatile uint32_t *)map + HDM_CACHE_MEM / 4;
	/* without access to its memory all bits of it are set */
	for (unsigned int i = ~cap[0] ? cap[0] >> 24 : 0; i > 0; i--)
		if ((cap[i] & 0xffff) == HDM_CAP)
			hdm_capability(name, cap + (cap[i] >> 20) / 4, see, data);
	munmap(map, HDM_SIZE);
	return true;
}

static inline void hdm_host_bridges(hdm_fn *see, void *data)
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
			if (!hdm_component(name, "/dev/mem", chbs.base, see, data))
				err(1, "/dev/mem");
		}
		at += chbs.length;
	}
	fclose(cedt);
}

/* hdm_function: those of a PCI function */
static inline bool hdm_function(const char *pci, hdm_fn *see, void *data)
{
	char file[512];

	snprintf(file, sizeof(file), "/sys/bus/pci/devices/%s/resource0", pci);
	return hdm_component(pci, file, 0, see, data);
}

#endif
