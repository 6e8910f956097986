// SPDX-License-Identifier: GPL-2.0
/*
 * daxcheck FILE OFFSET BYTES: map that part of a dax device, or of a file, write a
 * random pattern, say "written", and read it back when a line comes in on stdin.
 * With "open" in place of OFFSET and BYTES: open it, say "open", and close it then.
 *
 * FILE is kept open and mapped meanwhile. A mapping that is taken away ends it with
 * "gone".
 */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

static void gone(int signal)
{
	(void)signal;
	if (write(STDOUT_FILENO, "gone\n", 5) != 5)
		_exit(2);
	_exit(1);
}

static uint64_t random_word(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void wait_for_line(const char *what)
{
	puts(what);
	fflush(stdout);
	getchar();
}

int main(int argc, char **argv)
{
	uint64_t seed, state;
	uint64_t *map;
	size_t bytes;
	int fd;

	if (argc < 3)
		return 2;
	fd = open(argv[1], O_RDWR);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	if (!strcmp(argv[2], "open")) {
		wait_for_line("open");
		return 0;
	}
	if (argc != 4 || getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		return 2;

	bytes = strtoul(argv[3], NULL, 0);
	map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		   strtoul(argv[2], NULL, 0));
	if (map == MAP_FAILED) {
		perror("daxcheck: mmap");
		return 1;
	}
	signal(SIGBUS, gone);

	state = seed | 1;
	for (size_t i = 0; i < bytes / sizeof(*map); i++)
		map[i] = random_word(&state);
	msync(map, bytes, MS_SYNC);
	wait_for_line("written");

	state = seed | 1;
	for (size_t i = 0; i < bytes / sizeof(*map); i++) {
		if (map[i] != random_word(&state)) {
			fprintf(stderr, "daxcheck: wrong data at %zu\n",
				i * sizeof(*map));
			return 1;
		}
	}
	puts("intact");
	return 0;
}
