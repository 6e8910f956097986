// SPDX-License-Identifier: GPL-2.0
/*
 * What all steps share: how one is drawn, read and run. Each is a line of words, to be
 * printed, and read again. Where a word names an object, it is a serial number, or an
 * address: @120000000.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "walk.h"

#define TEXT	160
#define CXL	"/sys/bus/cxl/devices"

/* put: a line into a file of sysfs; 0, or an error code */
int put(const char *value, const char *format, ...)
{
	char path[256], line[256];
	va_list args;
	int fd, error = 0, n;

	va_start(args, format);
	vsnprintf(path, sizeof(path), format, args);
	va_end(args);
	n = snprintf(line, sizeof(line), "%s\n", value);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return -errno;
	if (write(fd, line, n) < 0)
		error = -errno;
	close(fd);
	return error;
}

int put_number(u64 value, const char *name, const char *file)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", value);
	return put(text, CXL "/%s/%s", name, file);
}

/* run_command PATH WORD... NULL: 0 if it succeeds */
int run_command(const char *path, ...)
{
	char *word[16];
	va_list args;
	int n = 0, status;
	pid_t pid;

	va_start(args, path);
	word[n++] = (char *)path;
	while (n < 15 && (word[n] = va_arg(args, char *)))
		n++;
	word[n] = NULL;
	va_end(args);
	pid = fork();
	if (pid == 0) {
		for (int fd = 0; fd < 3; fd++) {
			close(fd);
			open("/dev/null", O_RDWR);
		}
		execvp(path, word);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -errno;
	return status ? -EIO : 0;
}

static int run_both(int nr, char **word);
static void draw_both(char *text);

/* The latter two stand before another step, and are never drawn alone */
static struct kind steps_kinds[] = {
	{ "both", 8, draw_both, run_both },
	{ "fail", 0, NULL, NULL },
	{ "watched", 0, NULL, NULL },
	{ }
};

static struct kind * const tables[] = {
	bind_kinds, region_kinds, memory_kinds, machine_kinds, tool_kinds, steps_kinds
};

/* all of them */
static struct kind *kinds[64];
static int nr_kinds;

void steps_init(void)
{
	for (size_t t = 0; t < ARRAY_SIZE(tables); t++)
		for (struct kind *k = tables[t]; k->name; k++)
			kinds[nr_kinds++] = k;
}

static struct kind *kind_of(const char *name)
{
	for (int i = 0; i < nr_kinds; i++)
		if (!strcmp(kinds[i]->name, name))
			return kinds[i];
	return NULL;
}

void step_counts(void)
{
	for (int i = 0; i < nr_kinds; i++) {
		const struct kind *k = kinds[i];

		if (k->done + k->refused + k->nothing)
			say("walked %s: %d done, %d refused, %d without an object", k->name,
			    k->done, k->refused, k->nothing);
	}
}

/*
 * both A ; B: at once. B is done by a process of its own, and what it holds is lost
 * with that: so it is no use or drop.
 */
static int run_both(int nr, char **word)
{
	struct kind *a, *b;
	int semicolon = 1, error, status;
	pid_t pid;

	while (semicolon < nr && strcmp(word[semicolon], ";"))
		semicolon++;
	if (semicolon < 2 || semicolon + 1 >= nr)
		return NOTHING;
	a = kind_of(word[1]);
	b = kind_of(word[semicolon + 1]);
	if (!a || !b)
		return NOTHING;
	pid = fork();
	if (pid == 0)
		_exit(b->run(nr - semicolon - 1, word + semicolon + 1) == NOTHING);
	error = a->run(semicolon - 1, word + 1);
	waitpid(pid, &status, 0);
	return error == NOTHING && !status ? 0 : error;
}

static void draw_kind(char *text);

static bool alone(const char *text)
{
	static const char * const not[] = { "both", "use", "drop", "plug", "unplug", "suspend" };

	for (size_t i = 0; i < ARRAY_SIZE(not); i++)
		if (!strncmp(text, not[i], strlen(not[i])))
			return true;
	return false;
}

/* same_object: that both name, by address, or as the last word */
static bool same_object(const char *one, const char *other)
{
	const char *a = strchr(one, '@'), *b = strchr(other, '@');

	a = a ? a : strrchr(one, ' ');
	b = b ? b : strrchr(other, ' ');
	return a && b && strcspn(a + 1, " ") == strcspn(b + 1, " ") &&
	       !strncmp(a, b, 1 + strcspn(a + 1, " "));
}

/* draw_both: mostly with the same memory */
static void draw_both(char *text)
{
	char one[TEXT] = "", other[TEXT] = "";

	draw_kind(one);
	for (int i = 0; i < 8; i++) {
		draw_kind(other);
		if (same_object(one, other))
			break;
	}
	if (!alone(one) && !alone(other))
		snprintf(text, TEXT, "both %.70s ; %.70s", one, other);
}

static void draw_kind(char *text)
{
	int sum = 0, at, i;

	for (i = 0; i < nr_kinds; i++)
		sum += kinds[i]->weight;
	do {
		text[0] = 0;
		at = draw(sum);
		for (i = 0; at >= kinds[i]->weight; i++)
			at -= kinds[i]->weight;
		kinds[i]->draw(text);
	} while (!text[0]);
}

/* would_hold: memory is online, and the step takes a driver away, maybe from it */
static struct dax *would_hold(const char *text)
{
	struct dax *d;

	if (strncmp(text, "un", 2) && !strstr(text, " un") && strncmp(text, "remove", 6) &&
	    !strstr(text, "disable-memdev") && !strstr(text, "disable-port"))
		return NULL;
	for_each(d, &now, daxs)
		if (range_online(&now, &d->range))
			return d;
	return NULL;
}

/*
 * step_draw: what is held is so until reboot, and little can be done with it; so memory
 * is mostly taken offline before
 */
void step_draw(char *text)
{
	char step[TEXT];
	struct dax *d;

	draw_kind(step);
	d = would_hold(step);
	if (d && chance(95)) {
		sprintf(text, "offline @%llx", d->range.start);
		return;
	}
	text[0] = 0;
	if (chance(5) && !alone(step))
		sprintf(text, "watched ");
	if (chance(8) && !alone(step))
		sprintf(text + strlen(text), "fail %d ", 1 + draw(2 << draw(9)));
	strcat(text, step);
}

/* fail_nth: the N-th allocation of this process from now on fails; 0: no more of them */
static void fail_nth(int n)
{
	char text[16];
	int fd = open("/proc/self/fail-nth", O_WRONLY | O_CLOEXEC);
	int length = sprintf(text, "%d", n);

	if (fd < 0)
		return;
	if (write(fd, text, length) != length)
		say("no allocation fails");
	close(fd);
}

/* has_failed: it had so many of them */
static bool has_failed(void)
{
	char text[16];

	return !strcmp(slurp(text, sizeof(text), "/proc/self/fail-nth"), "0");
}

static void trace(const char *on)
{
	put(on, "/sys/kernel/tracing/events/soft_reserve/enable");
}

/* start_watch: somebody reads all there is, again and again, while the step is done */
static pid_t start_watch(void)
{
	pid_t pid;

	trace("1");
	pid = fork();
	if (pid)
		return pid;
	for (;;)
		read_everything();
}

static void end_watch(pid_t pid)
{
	if (pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	trace("0");
}

static void count(struct kind *kind, int error)
{
	(*(!error ? &kind->done : error < 0 ? &kind->refused : &kind->nothing))++;
}

/* step_run: 0, an error code, or NOTHING */
int step_run(const char *text)
{
	char copy[TEXT], *word[24] = {}, *save, **w = word;
	int nr = 0, error, nth = 0;
	bool watched = false;
	struct kind *kind;
	pid_t pid = 0;

	may_be_short = false;
	snprintf(copy, sizeof(copy), "%s", text);
	for (char *at = strtok_r(copy, " ", &save); at && nr < 24; at = strtok_r(NULL, " ", &save))
		word[nr++] = at;
	if (nr > 1 && !strcmp(w[0], "watched")) {
		watched = true;
		w++;
		nr--;
	}
	if (nr > 2 && !strcmp(w[0], "fail")) {
		nth = atoi(w[1]);
		w += 2;
		nr -= 2;
	}
	kind = nr ? kind_of(w[0]) : NULL;
	if (!kind || !kind->run)
		return NOTHING;
	if (watched)
		pid = start_watch();
	if (nth)
		fail_nth(nth);
	error = kind->run(nr, w);
	if (nth) {
		may_be_short = has_failed();
		fail_nth(0);
		count(kind_of("fail"), !may_be_short);
	}
	if (watched) {
		end_watch(pid);
		count(kind_of("watched"), error);
	}
	count(kind, error);
	return error;
}

const char *error_name(int error)
{
	static const struct { int error; const char *name; } names[] = {
		{ 0, "ok" }, { NOTHING, "nothing there" }, { -EBUSY, "EBUSY" },
		{ -EINVAL, "EINVAL" }, { -ENXIO, "ENXIO" }, { -ENODEV, "ENODEV" },
		{ -ENOMEM, "ENOMEM" }, { -ENOENT, "ENOENT" }, { -ERANGE, "ERANGE" },
		{ -ENOSPC, "ENOSPC" }, { -EAGAIN, "EAGAIN" }, { -EPERM, "EPERM" },
		{ -EACCES, "EACCES" }, { -EIO, "EIO" }, { -517, "EPROBE_DEFER" },
		{ -EFAULT, "EFAULT" }, { -ETIMEDOUT, "ETIMEDOUT" }, { -EEXIST, "EEXIST" },
	};
	static char number[16];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].error == error)
			return names[i].name;
	sprintf(number, "%d", error);
	return number;
}
