// SPDX-License-Identifier: GPL-2.0
/*
 * What is in use: pages of a memory block that is online, a dax device that is open and
 * mapped, or a file in a file system on persistent memory, which is mounted; each with a
 * pattern that has to be there until it is let go of, unless the device behind it is
 * unplugged. Or a dax device that is open, and nothing else.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "walk.h"

#define PAGE	4096UL
#define WORDS	(PAGE / sizeof(u64))
#define PAGES	4
#define TRIES	64
#define BIND	2	/* MPOL_BIND; no libnuma needed */

struct use {
	struct range range;	/* of the dax device */
	char name[NAME];	/* its name */
	enum { MEMORY, MAPPING, FILESYSTEM, OPEN } what;
	int fd;
	u64 seed;
	u64 *page[PAGES];
	bool gone;		/* the mapping was taken away */
};

static const char * const names[] = { "memory", "mapping", "file", "open" };

static struct use uses[16];
static int nr_uses;
static sigjmp_buf on_bus_error;

static void bus_error(int signal)
{
	(void)signal;
	siglongjmp(on_bus_error, 1);
}

/* bus_error_in: touch() gets SIGBUS; what it finds is in *result */
static bool bus_error_in(int (*touch)(struct use *u), struct use *u, int *result)
{
	bool error = sigsetjmp(on_bus_error, 1);

	if (!error) {
		signal(SIGBUS, bus_error);
		*result = touch(u);
	}
	signal(SIGBUS, SIG_DFL);
	return error;
}

static u64 next(u64 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static int fill(struct use *u)
{
	u64 state = u->seed | 1;

	for (int i = 0; i < PAGES; i++)
		for (size_t j = 0; j < WORDS; j++)
			u->page[i][j] = next(&state);
	return 0;
}

/* first_wrong: the page that has not what was written; -1 if all have */
static int first_wrong(struct use *u)
{
	u64 state = u->seed | 1;

	for (int i = 0; i < PAGES; i++)
		for (size_t j = 0; j < WORDS; j++)
			if (((volatile u64 *)u->page[i])[j] != next(&state))
				return i;
	return -1;
}

static u64 physical(void *page)
{
	static int pagemap = -1;
	u64 entry;

	if (pagemap < 0)
		pagemap = open("/proc/self/pagemap", O_RDONLY);
	if (pread(pagemap, &entry, sizeof(entry),
		  (uintptr_t)page / PAGE * sizeof(entry)) != sizeof(entry) ||
	    !(entry >> 63))
		return 0;
	return (entry & ((1ULL << 55) - 1)) * PAGE;
}

static void forget(struct use *u)
{
	char path[NAME + 8];

	if (u->what == MEMORY) {
		for (int i = 0; i < PAGES; i++)
			if (u->page[i])
				munmap(u->page[i], PAGE);
	} else {
		if (u->what != OPEN)
			munmap(u->page[0], 2 * M);
		close(u->fd);
	}
	if (u->what == FILESYSTEM) {
		snprintf(path, sizeof(path), "/tmp/%s", u->name);
		if (umount(path))
			say("%s is not unmounted: %s", path, error_name(-errno));
	}
	*u = uses[--nr_uses];
}

/* use_memory: pages of what is online of a dax device */
int use_memory(struct dax *dax, unsigned int seed)
{
	unsigned long mask[16] = { 0 };
	struct use *u = &uses[nr_uses];
	u64 *other[TRIES], *page, at;
	int got = 0, others = 0;

	if (nr_uses == ARRAY_SIZE(uses))
		return NOTHING;
	if (!range_online(&now, &dax->range) || !decoded(&now, &dax->range))
		return NOTHING;
	*u = (struct use){ .range = dax->range, .what = MEMORY, .seed = seed };
	set_name(u->name, dax->name);
	mask[dax->target_node / 64] = 1UL << dax->target_node % 64;
	while (got < PAGES && others < TRIES) {
		page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (page == MAP_FAILED)
			break;
		if (syscall(SYS_mbind, page, PAGE, BIND, mask, 1024UL, 0)) {
			munmap(page, PAGE);
			break;
		}
		*page = 1;
		at = physical(page);
		if (at >= dax->range.start && at <= dax->range.end)
			u->page[got++] = page;
		else
			other[others++] = page;
	}
	while (others > 0)
		munmap(other[--others], PAGE);
	nr_uses++;
	if (got < PAGES) {
		forget(u);
		return NOTHING;
	}
	fill(u);
	return 0;
}

/*
 * use_map: what is open is mapped, and gets its pattern. A mapping that cannot be
 * touched although nothing has changed since is none.
 */
static int use_map(struct use *u, off_t offset)
{
	char *map = mmap(NULL, 2 * M, PROT_READ | PROT_WRITE, MAP_SHARED, u->fd, offset);
	int result;

	if (map == MAP_FAILED)
		return -errno;
	for (int i = 0; i < PAGES; i++)
		u->page[i] = (u64 *)(map + i * 2 * M / PAGES);
	if (bus_error_in(fill, u, &result)) {
		munmap(map, 2 * M);
		return -EFAULT;
	}
	nr_uses++;
	return 0;
}

/* use_dax: open it, and map it at an offset that the seed tells, unless it is only opened */
int use_dax(struct dax *dax, unsigned int seed, bool only_open)
{
	struct use *u = &uses[nr_uses];
	u64 size = dax->range.end - dax->range.start + 1;
	char path[64];
	int error = 0;

	if (nr_uses == ARRAY_SIZE(uses) || (!only_open && !decoded(&now, &dax->range)))
		return NOTHING;
	snprintf(path, sizeof(path), "/dev/%s", dax->name);
	*u = (struct use){ .range = dax->range, .what = only_open ? OPEN : MAPPING, .seed = seed };
	set_name(u->name, dax->name);
	u->fd = open(path, O_RDWR | O_CLOEXEC);
	if (u->fd < 0)
		return -errno;
	if (only_open)
		nr_uses++;
	else
		error = use_map(u, seed % (size / (2 * M)) * 2 * M);
	if (error)
		close(u->fd);
	return error;
}

/* use_file: make a file system on a block device that has that range, and map a file */
int use_file(const char *block, const struct range *r, unsigned int seed)
{
	struct use *u = &uses[nr_uses];
	char device[64], dir[64], file[80];
	int error;

	if (nr_uses == ARRAY_SIZE(uses) || !decoded(&now, r))
		return NOTHING;
	snprintf(device, sizeof(device), "/dev/%s", block);
	snprintf(dir, sizeof(dir), "/tmp/%s", block);
	snprintf(file, sizeof(file), "%s/file", dir);
	mkdir(dir, 0700);
	error = run_command("mkfs.ext2", "-q", "-F", device, (char *)NULL);
	if (error)
		return error;
	if (mount(device, dir, "ext2", 0, "dax"))
		return -errno;
	*u = (struct use){ .range = *r, .what = FILESYSTEM, .seed = seed };
	set_name(u->name, block);
	u->fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	error = u->fd < 0 || ftruncate(u->fd, 2 * M) ? -errno : use_map(u, 0);
	if (error) {
		close(u->fd);
		umount(dir);
	}
	return error;
}

int use_drop(const char *what, u64 start)
{
	for (int i = 0; i < nr_uses; i++)
		if (uses[i].range.start == start && !strcmp(names[uses[i].what], what)) {
			forget(&uses[i]);
			return 0;
		}
	return NOTHING;
}

void use_drop_all(void)
{
	while (nr_uses)
		forget(&uses[0]);
}

/* use_lose: what the range has will be lost, and is not to be looked at any more */
void use_lose(const struct range *r)
{
	for (int i = 0; i < nr_uses; i++)
		if (overlap(&uses[i].range, r))
			forget(&uses[i--]);
}

/* use_pick: a word for one of those; false if there is none */
bool use_pick(char *text)
{
	struct use *u;

	if (!nr_uses)
		return false;
	u = &uses[draw(nr_uses)];
	sprintf(text, "%s @%llx", names[u->what], u->range.start);
	return true;
}

/* in_use: a dax device is open there, or a file system is mounted */
bool in_use(const struct range *r)
{
	for (int i = 0; i < nr_uses; i++)
		if (uses[i].what != MEMORY && overlap(&uses[i].range, r))
			return true;
	return false;
}

/*
 * A mapping is taken away, with SIGBUS for who looks, when the driver of its dax device
 * is unbound: that is no loss of data.
 */
static bool driver_went(struct use *u)
{
	char path[64];
	struct dax *d;

	if (u->what == FILESYSTEM) {
		snprintf(path, sizeof(path), "/sys/block/%s", u->name);
		return access(path, F_OK);
	}
	for_each(d, &now, daxs)
		if (!strcmp(d->name, u->name) && d->range.start == u->range.start)
			return strcmp(d->driver, "device_dax");
	return true;
}

/* check: false if it is not to be looked at again */
static bool check(struct use *u)
{
	const char *what = names[u->what];
	int wrong;

	if (bus_error_in(first_wrong, u, &wrong)) {
		if (!driver_went(u))
			broken('c', "%llx-%llx: SIGBUS in %s of %s", u->range.start,
			       u->range.end, what, u->name);
		u->gone = true;
		return true;
	}
	if (wrong < 0)
		return true;
	broken('c', "%llx-%llx: other data in %s of %s, at %llx", u->range.start, u->range.end,
	       what, u->name, u->what == MEMORY ? physical(u->page[wrong]) : u->range.start);
	return false;
}

void use_check(void)
{
	for (int i = 0; i < nr_uses; i++)
		if (uses[i].what != OPEN && !uses[i].gone && !check(&uses[i]))
			forget(&uses[i--]);
}
