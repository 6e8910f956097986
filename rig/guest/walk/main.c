// SPDX-License-Identifier: GPL-2.0
/*
 * walk seed SEED STEPS [DEVICE...]: draw STEPS steps
 * walk list FILE [DEVICE...]: do those in FILE, a line for each
 *
 * A DEVICE is SERIAL:BUS:RAM:PMEM, with sizes in MiB, for what can be unplugged and
 * plugged. Each step is printed with what came of it; the first that breaks a promise
 * is the last. The file "broken" says which promises are, one line for each.
 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>
#include "walk.h"

/* Looks, 5 s apart, that find nobody at work; and seconds, if somebody is */
#define STANDS_STILL	12
#define HANGS		1200

bool stock, early, may_be_short;
int step_number;
struct state before, now;

static u64 seed;
static volatile time_t *last_sign;	/* of life; shared with the watch */

/* draw: splitmix64; whatever is drawn depends on the seed alone */
int draw(int below)
{
	u64 z = (seed += 0x9e3779b97f4a7c15ULL);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	z ^= z >> 31;
	return below ? z % below : 0;
}

bool chance(int percent) { return draw(100) < percent; }

void say(const char *format, ...)
{
	va_list args;

	fputs("# ", stdout);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

void die(const char *format, ...)
{
	va_list args;

	fputs("# walk: ", stdout);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
	exit(2);
}

void alive(void) { *last_sign = time(NULL); }

/*
 * watch: a process that has an eye on this one, and tells where the kernel is. On a host
 * that has other things to do each step takes long; but if nobody wants to run, for so
 * long, it will never end.
 */
static void watch(void)
{
	pid_t walker = getpid();
	time_t seen = 0;
	int still = 0;
	FILE *f;

	last_sign = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (last_sign == MAP_FAILED)
		die("no memory");
	alive();
	if (fork())
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (getppid() == walker) {
		sleep(5);
		if (seen != *last_sign)
			still = 0;
		seen = *last_sign;
		still += runs_alone();
		if (still < STANDS_STILL && time(NULL) - seen < HANGS)
			continue;
		put("w", "/proc/sysrq-trigger");
		put("l", "/proc/sysrq-trigger");
		sleep(3); /* it is a slow console */
		f = fopen("broken", "a");
		if (f) {
			fprintf(f, "g\n");
			fclose(f);
		}
		printf("# broken: g a step hangs: see the console\n");
		printf("@fail walk: (g) nothing hangs: the last step does\n");
		fflush(stdout);
		_exit(1);
	}
	_exit(0);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* note_held: memory that is held is so until reboot, and ever less can be done */
static void note_held(void)
{
	static bool noted;
	const struct claim *c;

	for_each(c, &now, claims)
		if (c->held && !noted) {
			say("memory is held from step %d on", step_number);
			noted = true;
		}
}

static int do_step(const char *text)
{
	const double from = seconds();
	int result;

	alive();
	before = now;
	/* what is said before it is done is known if the machine dies */
	printf("# step %d: %s\n", step_number, text);
	fflush(stdout);
	put(text, "/dev/kmsg");
	log_start();
	result = step_run(text);
	if (result == NOTHING) {
		say("    -> nothing there");
		return result;
	}
	settle(&now);
	oracle(text, result);
	note_held();
	say("    -> %s, %.2f s", error_name(result), seconds() - from);
	if (failed)
		printf("%s", diff(before.text, now.text));
	return result;
}

static int one(const char *text)
{
	if (!strcmp(text, "tear down"))
		tear_down(false);
	else if (!strcmp(text, "tear down all"))
		tear_down(true);
	else
		return do_step(text);
	return 0;
}

/* Steps without an object are no steps. All is torn down once on the way, and at the end */
static void by_seed(int steps)
{
	char text[200];

	for (step_number = 1; step_number <= steps && !failed; step_number++) {
		if (step_number == steps || step_number == steps * 3 / 4) {
			one("tear down all");
		} else if (step_number % 50 == 0) {
			one("tear down");
		} else {
			do
				step_draw(text);
			while (one(text) == NOTHING);
		}
	}
}

static void by_list(const char *file)
{
	char line[200];
	FILE *f = fopen(file, "r");

	if (!f)
		die("cannot read %s", file);
	for (step_number = 1; !failed && fgets(line, sizeof(line), f); step_number++) {
		line[strcspn(line, "\n")] = 0;
		if (line[0] && line[0] != '#')
			one(line);
	}
	fclose(f);
}

static void sum_up(double took)
{
	FILE *f = fopen("broken", "a");

	step_counts();
	say("walked %d steps in %.0f s", step_number - 1, took);
	for (char p = 'a'; f && p <= 'g'; p++)
		if (violations(p))
			fprintf(f, "%c\n", p);
	if (f)
		fclose(f);
}

int main(int argc, char **argv)
{
	char words[4096];
	double from;
	int devices;

	if (argc < 3)
		die("usage: walk seed SEED STEPS DEVICE... | walk list FILE DEVICE...");
	stock = access("/sys/kernel/tracing/events/soft_reserve", F_OK);
	early = strstr(slurp(words, sizeof(words), "/proc/cmdline"), "soft_reserve=early");
	devices = !strcmp(argv[1], "seed") ? 4 : 3;
	for (int i = devices; i < argc; i++)
		machine_device(argv[i]);
	seed = strtoull(argv[2], NULL, 0);
	watch();
	state_init();
	steps_init();
	log_start();
	settle(&now);
	before = now;
	oracle("", 0);
	from = seconds();
	if (devices == 4)
		by_seed(atoi(argv[3]));
	else
		by_list(argv[2]);
	use_drop_all();
	sum_up(seconds() - from);
	return failed;
}
