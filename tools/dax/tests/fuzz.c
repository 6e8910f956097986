// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz SEED CASES TREE...: recorded trees, see unpack, mutated at random: lines dropped,
 * doubled, swapped, cut off, numbers at their ends. Whatever the machine looks like then,
 * softres must not crash or hang, must print no command for a device that is not there,
 * and none that unbinds what has memory online, unless that is taken offline before.
 * Built with sanitizers; it does in one process what softres does in many, since that is
 * what makes 100,000 cases possible.
 *
 * A case that fails can be had again, and its files stay.
 */
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE
#include <ctype.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include "../softres.h"

#define MAX_LINES	1024
#define MAX_TREES	64
#define LINE_LEN	512

struct tree {
	char *line[MAX_LINES];
	int nr;
};

struct options options = { .node = -1 };

static struct tree trees[MAX_TREES];
static char dir[PATH_MAX / 4];
static u64 state;
static u64 steps, current;

void die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs("fuzz: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
	fprintf(stderr, "fuzz: seed %llu, see %s\n", current, dir);
	va_end(args);
	exit(1);
}

static unsigned int below(unsigned int n)
{
	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (state >> 33) % n;
}

static void read_tree(struct tree *t, const char *path)
{
	char line[8192];
	FILE *file = fopen(path, "r");

	if (!file)
		die("%s: %s", path, strerror(errno));
	while (t->nr < MAX_LINES && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line && *line != '#')
			t->line[t->nr++] = strdup(line);
	}
	fclose(file);
}

/* --- Mutation ----------------------------------------------------------- */

/* Of the line's numbers one at random becomes an odd one */
static void mutate_number(char *line, size_t len)
{
	static const char *const odd[] = {
		"0", "1", "-1", "7fffffffffffffff", "8000000000000000",
		"fffffffffffffffe", "ffffffffffffffff", "10000000000000000", "",
		"9223372036854775807", "18446744073709551615", "2147483648", "0x",
		"120000000", "13fffffff", "140000000", "160000000", "999999",
	};
	char *at[64], *end, rest[LINE_LEN];
	int nr = 0;

	for (char *p = line; *p && nr < 64; p++)
		if (isxdigit((unsigned char)*p) && (p == line || !isalnum((unsigned char)p[-1])))
			at[nr++] = p;
	if (!nr)
		return;
	end = at[below(nr)];
	snprintf(rest, sizeof(rest), "%s", end + strspn(end, "0123456789abcdefx"));
	snprintf(end, len - (end - line), "%s%s", odd[below(ARRAY_SIZE(odd))], rest);
}

static void mutate(struct tree *t)
{
	int i = below(t->nr), j = below(t->nr);
	char *line, text[LINE_LEN];

	switch (below(6)) {
	case 0:
		t->line[i] = t->line[--t->nr];
		break;
	case 1:
		if (t->nr < MAX_LINES)
			t->line[t->nr++] = t->line[i];
		break;
	case 2:
		line = t->line[i];
		t->line[i] = t->line[j];
		t->line[j] = line;
		break;
	case 3:
		/* all of one device or file goes */
		snprintf(text, sizeof(text), "%.*s", 12 + (int)below(50), t->line[i]);
		for (j = 0; j < t->nr && t->nr > 1; j++)
			if (!strncmp(t->line[j], text, strlen(text)))
				t->line[j--] = t->line[--t->nr];
		break;
	default:
		/* never freed: a case is forgotten as a whole */
		line = malloc(LINE_LEN);
		snprintf(line, LINE_LEN, "%s", t->line[i]);
		if (below(4))
			mutate_number(line, LINE_LEN);
		else if (*line)
			line[below(strlen(line))] = '\0';
		t->line[i] = line;
	}
}

/* --- The tree as files -------------------------------------------------- */

static void make_dirs(char *path)
{
	for (char *slash = strchr(path + strlen(dir) + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
}

static void make(const char *line)
{
	const char *equals = strstr(line, " = "), *arrow = strstr(line, " -> ");
	const char *end = equals ?: arrow ?: line + strlen(line);
	char path[PATH_MAX];
	FILE *file;

	if (strstr(line, "..") && (!arrow || strstr(line, "..") < arrow))
		return;
	snprintf(path, sizeof(path), "%s/%.*s", dir, (int)(end - line), line);
	make_dirs(path);
	if (equals) {
		file = fopen(path, "a");
		if (!file)
			return;
		fprintf(file, "%s\n", equals + 3);
		fclose(file);
	} else if (arrow && symlink(arrow + 4, path)) {
		/* one that is there already, or has no place */
	}
}

/* {FIRST..LAST} stands for each number between them */
static void make_all(const char *line)
{
	const char *open = strchr(line, '{'), *close = open ? strchr(open, '}') : NULL;
	char text[8192];
	int first, last;

	if (!close || sscanf(open, "{%d..%d}", &first, &last) != 2) {
		make(line);
		return;
	}
	for (int i = first; i <= last && i - first < 100; i++) {
		snprintf(text, sizeof(text), "%.*s%d", (int)(open - line), line, i);
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s", close + 1);
		if (strchr(text, '{'))
			snprintf(strchr(text, '{'), 16, "%d", i);
		make(text);
	}
}

/* --- What must hold ----------------------------------------------------- */

static bool there(const char *bus, const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "%s/sys/bus/%s/devices/%s", dir, bus, name);
	return !lstat(path, &st);
}

/* A word of a command: if it is a device, it is there */
static void check_word(const char *step, const char *word)
{
	static const struct { const char *prefix, *bus; } names[] = {
		{ "region", "cxl" }, { "mem", "cxl" }, { "decoder", "cxl" },
		{ "dax", "dax" }, { "hmem.", "platform" }, { "hmem_platform.", "platform" },
	};
	const size_t pci = strspn(word, "0123456789abcdef");

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *number = word + strlen(names[i].prefix);

		if (strncmp(word, names[i].prefix, strlen(names[i].prefix)) ||
		    !isdigit((unsigned char)*number))
			continue;
		if (!there(names[i].bus, word))
			die("no device %s, for: %s", word, step);
		return;
	}
	if (pci && word[pci] == ':' && !there("pci", word))
		die("no device %s, for: %s", word, step);
}

static void check_step(const char *step)
{
	char text[512], *save, *word;

	if (strpbrk(step, "`$;&|<\\'\"(){}*?\n") || strlen(step) >= sizeof(text))
		die("not to be typed: %s", step);
	snprintf(text, sizeof(text), "%s", step);
	for (word = strtok_r(text, " /", &save); word; word = strtok_r(NULL, " /", &save))
		check_word(step, word);
	steps++;
}

static bool is_offlined(const struct plan *p, int before, const char *dax)
{
	char text[NAME_LEN + 32];

	snprintf(text, sizeof(text), "daxctl offline-memory %s", dax);
	for (int i = 0; i < before; i++)
		if (!strcmp(p->steps[i], text))
			return true;
	return false;
}

/* What a step unbinds has no memory online then */
static void check_unbind(const struct model *m, const struct plan *p, int step)
{
	const struct area *dax;
	char name[NAME_LEN];

	if (sscanf(p->steps[step], "cxl disable-region %31s", name) != 1 &&
	    (sscanf(p->steps[step], "echo %31s >", name) != 1 ||
	     !strstr(p->steps[step], "/unbind")))
		return;
	for_each_area(dax, m)
		if (dax->kind == DAX && (!strcmp(dax->parent, name) ||
					 (dax->owner == HMEM &&
					  !strncmp(name, "hmem_platform", 13))) &&
		    bytes_in(m, ONLINE, dax->start, dax->end) &&
		    !is_offlined(p, step, dax->name))
			die("%s has memory online, for: %s", dax->name, p->steps[step]);
}

static void check(const struct model *m)
{
	struct advice a;
	struct segment s;
	struct frame f;

	for_each_frame(&f, m)
		for_each_segment(s, m, &f) {
			advise(&a, m, &s);
			for (int i = 0; i < a.nr; i++)
				for (int j = 0; j < a.plans[i].nr; j++) {
					check_step(a.plans[i].steps[j]);
					check_unbind(m, &a.plans[i], j);
				}
		}
}

static int take_away(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	return ftw->level ? remove(path) : 0;
}

static void empty(void)
{
	if (nftw(dir, take_away, 16, FTW_DEPTH | FTW_PHYS))
		die("%s cannot be emptied: %s", dir, strerror(errno));
}

static void try(const struct tree *t)
{
	static const char *const selectors[] = {
		"region0", "mem0", "mem2", "hmem.5", "dax0.0", "decoder0.0", "140000000",
		"0000:22:00.0", "",
	};
	struct model m = { };
	char *text, path[PATH_MAX];
	size_t size;
	FILE *out;

	empty();
	for (int i = 0; i < t->nr; i++)
		make_all(t->line[i]);
	snprintf(path, sizeof(path), "%s/proc/iomem", dir);
	if (access(path, F_OK))
		return;

	out = open_memstream(&text, &size);
	gather(&m, dir);
	draw_map(out, &m);
	options.selector = selectors[below(ARRAY_SIZE(selectors))];
	write_details(out, &m);
	write_check(out, &m);
	options.selector = NULL;
	write_list(out, &m);
	write_check(out, &m);
	write_json(out, &m);
	write_svg(out, &m);
	check(&m);
	forget(&m);
	fclose(out);
	free(text);
}

static void no_end(int sig)
{
	static const char text[] = "fuzz: no end after 20 s\n";

	(void)sig;
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(2);
	abort();
}

int main(int argc, char **argv)
{
	const struct itimerval limit = { .it_value.tv_sec = 20 };
	unsigned long cases;
	u64 seed;
	int nr;

	if (argc < 4 || argc - 3 > MAX_TREES)
		die("usage: fuzz SEED CASES TREE...");
	seed = strtoull(argv[1], NULL, 10);
	cases = strtoul(argv[2], NULL, 10);
	for (nr = 0; nr < argc - 3; nr++)
		read_tree(&trees[nr], argv[3 + nr]);
	snprintf(dir, sizeof(dir), "%s/softres-fuzz-XXXXXX", getenv("TMPDIR") ?: "/dev/shm");
	if (!mkdtemp(dir))
		die("%s: %s", dir, strerror(errno));

	signal(SIGPROF, no_end);
	options.verbose = true;
	options.width = 80;
	options.columns = "+WHY,TIER,ZONE,CAUSE,STATUS";
	for (unsigned long i = 0; i < cases; i++) {
		struct tree t;

		/* each case can be had alone: SEED + its number, 1 */
		state = seed + i;
		below(1);
		t = trees[below(nr)];
		options.utf8 = below(2);
		options.width = MIN_WIDTH + below(100);
		for (unsigned int n = 1 + below(6); n && t.nr > 1; n--)
			mutate(&t);
		current = seed + i;
		/* of CPU: on a busy machine, each may take long */
		setitimer(ITIMER_PROF, &limit, NULL);
		try(&t);
	}
	printf("%lu cases from seed %llu, %llu commands, no crash, no hang, no device that is not there, no memory unbound that is online\n",
	       cases, seed, steps);
	empty();
	return rmdir(dir) != 0;
}
