// SPDX-License-Identifier: GPL-2.0
/*
 * memcheck NODE START END BYTES [hold]: get BYTES of anonymous memory on NODE
 * whose pages lie in the physical range START-END (hex, inclusive), as pagemap
 * shows, write a random pattern to all of it, then read it back; with "hold",
 * not before a line comes in on stdin: until then it says where the first word
 * is, and what it is.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE	4096UL
#define WORDS	(PAGE / sizeof(uint64_t))
#define BIND	2	/* MPOL_BIND; no libnuma needed */
/* Pages outside the range are kept, so that the next ones come from elsewhere */
#define TRIES	16

static uint64_t random_word(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static uint64_t phys_addr(int pagemap, void *page)
{
	uint64_t entry;

	if (pread(pagemap, &entry, sizeof(entry),
		  (uintptr_t)page / PAGE * sizeof(entry)) != sizeof(entry) ||
	    !(entry >> 63))
		return 0;
	return (entry & ((1ULL << 55) - 1)) * PAGE;
}

static uint64_t *get_page(unsigned long node)
{
	unsigned long mask[16] = { 0 };
	uint64_t *page;

	mask[node / 64] = 1UL << node % 64;
	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED ||
	    syscall(SYS_mbind, page, PAGE, BIND, mask, 1024UL, 0)) {
		perror("memcheck: mbind");
		exit(1);
	}
	*page = 1;
	return page;
}

int main(int argc, char **argv)
{
	uint64_t start, end, addr, seed, state;
	unsigned long want, got = 0, i, j;
	uint64_t **pages;
	int pagemap;

	if (argc != 5 && argc != 6)
		return 2;
	start = strtoull(argv[2], NULL, 16);
	end = strtoull(argv[3], NULL, 16);
	want = strtoul(argv[4], NULL, 0) / PAGE;
	pages = calloc(want, sizeof(*pages));
	pagemap = open("/proc/self/pagemap", O_RDONLY);
	if (!pages || pagemap < 0 ||
	    getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		return 2;

	for (i = 0; got < want && i < want * TRIES; i++) {
		pages[got] = get_page(strtoul(argv[1], NULL, 0));
		addr = phys_addr(pagemap, pages[got]);
		if (addr >= start && addr < end)
			got++;
	}
	if (got < want) {
		fprintf(stderr, "memcheck: %lu of %lu pages lie in the range\n",
			got, want);
		return 1;
	}

	state = seed | 1;
	for (i = 0; i < want; i++)
		for (j = 0; j < WORDS; j++)
			pages[i][j] = random_word(&state);

	if (argc == 6) {
		printf("written %#llx %#llx\n",
		       (unsigned long long)phys_addr(pagemap, pages[0]),
		       (unsigned long long)pages[0][0]);
		fflush(stdout);
		getchar();
	}

	state = seed | 1;
	for (i = 0; i < want; i++)
		for (j = 0; j < WORDS; j++)
			if (pages[i][j] != random_word(&state)) {
				fprintf(stderr, "memcheck: wrong data at %#llx\n",
					(unsigned long long)(phys_addr(pagemap, pages[i]) +
							     j * sizeof(uint64_t)));
				return 1;
			}
	puts("intact");
	return 0;
}
