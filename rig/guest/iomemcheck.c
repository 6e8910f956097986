// SPDX-License-Identifier: GPL-2.0
/*
 * iomemcheck FROM SECONDS: look at /proc/iomem from address FROM (hex) on, again and
 * again, for memory that has two owners: System RAM in a dax device, this in a
 * region or in Soft Reserved, these in a CXL window or nowhere, and no two of a
 * kind overlap. Print each line that stands elsewhere, and how often the owner
 * of some dax device's memory was another one than just before.
 *
 * One read(2) is one look: the kernel locks iomem for a page of text.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PAGE	4096
#define DEPTH	16
/* What stands before FROM varies by some lines, as drivers come and go */
#define SLACK	600

static unsigned long long from;

static bool begins(const char *name, const char *with)
{
	return !strncmp(name, with, strlen(with));
}

static bool is_owner(const char *name)
{
	return begins(name, "region") || begins(name, "Soft Reserved");
}

static bool in_place(const char *name, const char *parent)
{
	if (begins(name, "System RAM"))
		return begins(parent, "dax");
	if (begins(name, "dax"))
		return is_owner(parent);
	if (is_owner(name))
		return !*parent || begins(parent, "CXL Window");
	return true;
}

/* Look at one page of text; its first line may be incomplete. */
static int look(char *text, char *owners)
{
	char path[DEPTH + 1][64] = { "" };
	unsigned long long last[DEPTH] = { 0 }, start, end;
	int wrong = 0, depth, name;
	char *line;

	*owners = 0;
	strtok(text, "\n");
	while ((line = strtok(NULL, "\n"))) {
		depth = strspn(line, " ") / 2;
		if (depth >= DEPTH ||
		    sscanf(line, "%llx-%llx : %n", &start, &end, &name) != 2 ||
		    start < from)
			continue;
		if (start <= last[depth] ||
		    !in_place(line + name, path[depth])) {
			printf("not alone: %s\n", line);
			wrong = 1;
		}
		if (begins(line + name, "dax"))
			owners += sprintf(owners, "%llx %s\n", start, path[depth]);
		snprintf(path[depth + 1], sizeof(path[0]), "%s", line + name);
		last[depth] = end;
		memset(last + depth + 1, 0, sizeof(last) - (depth + 1) * sizeof(last[0]));
	}
	return wrong;
}

static off_t offset(void)
{
	FILE *f = fopen("/proc/iomem", "r");
	char line[256];
	off_t at = 0;

	while (f && fgets(line, sizeof(line), f) && strtoull(line, NULL, 16) < from)
		at += strlen(line);
	if (f)
		fclose(f);
	return at > SLACK ? at - SLACK : 0;
}

int main(int argc, char **argv)
{
	char text[PAGE + 1], owners[PAGE], before[PAGE] = "";
	int fd = open("/proc/iomem", O_RDONLY), wrong = 0;
	unsigned long looks = 0, changes = 0;
	time_t end;
	ssize_t n;
	off_t at;

	if (argc != 3 || fd < 0)
		return 2;
	from = strtoull(argv[1], NULL, 16);
	end = time(NULL) + atoi(argv[2]);
	at = offset();

	while (time(NULL) < end) {
		n = pread(fd, text, PAGE, at);
		if (n <= 0)
			return 2;
		text[n] = 0;
		wrong |= look(text, owners);
		if (looks++ && strcmp(owners, before))
			changes++;
		memcpy(before, owners, sizeof(before));
	}
	printf("%lu looks, %lu changes of owner\n", looks, changes);
	return wrong;
}
