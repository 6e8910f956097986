// SPDX-License-Identifier: GPL-2.0
/*
 * softres: who owns CXL windows and Soft Reserved memory, as a map. Only reads.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include "softres.h"

enum { OK, FAILED, USAGE, NO_ADDRESSES };	/* exit status */

enum format { MAP, JSON, SVG };

static enum format format;
static struct options options;
static int width;			/* 0: the terminal's */
static const char *root = "", *svg_file;
static double interval;			/* of --watch, in seconds, else 0 */
static bool hidden;			/* what render() saw: no addresses */

void die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs("softres: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
	va_end(args);
	exit(FAILED);
}

static void usage(FILE *to)
{
	fputs("Usage: softres [OPTION...]\n"
	      "Draw CXL windows and Soft Reserved memory: who owns what, and what to type next.\n"
	      "  -b, --brief           do not say what to type\n"
	      "  -j, --json            as JSON\n"
	      "  -s, --svg=FILE        as a picture; - for standard output\n"
	      "  -W, --watch[=SECONDS] again whenever it has changed; look each second\n"
	      "  -w, --width=N         columns; else $COLUMNS, the terminal's, or 80\n"
	      "  -c, --color           also if the output is no terminal\n"
	      "      --no-color        not on a terminal either\n"
	      "  -u, --utf8            box characters, whatever the locale\n"
	      "  -a, --ascii           none\n"
	      "  -r, --root=DIR        look at DIR/proc and DIR/sys\n"
	      "  -h, --help\n", to);
}

static bool locale_is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *locale;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		locale = getenv(names[i]);
		if (locale && *locale)
			return strstr(locale, "UTF-8") || strstr(locale, "utf8");
	}
	return false;
}

static bool wants_colour(void)
{
	const char *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && !(no && *no);
}

/* The terminal's may change while it is watched */
static int columns(void)
{
	struct winsize size = { };
	const char *env = getenv("COLUMNS");
	long n = env ? strtol(env, NULL, 10) : 0;

	if (n <= 0 && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		n = size.ws_col;
	if (n <= 0)
		return 80;
	if (n < MIN_WIDTH)
		return MIN_WIDTH;
	return n > MAX_WIDTH ? MAX_WIDTH : n;
}

static double parse_number(const char *text, double min, double max)
{
	char *end;
	double n = strtod(text, &end);

	if (end == text || *end || !(n >= min && n <= max)) {
		fprintf(stderr, "softres: a number from %g to %g, not %s\n", min, max, text);
		exit(USAGE);
	}
	return n;
}

static const struct option long_options[] = {
	{ "brief",    no_argument,	 NULL, 'b' },
	{ "json",     no_argument,	 NULL, 'j' },
	{ "svg",      required_argument, NULL, 's' },
	{ "watch",    optional_argument, NULL, 'W' },
	{ "width",    required_argument, NULL, 'w' },
	{ "color",    no_argument,	 NULL, 'c' },
	{ "no-color", no_argument,	 NULL, 'n' },
	{ "utf8",     no_argument,	 NULL, 'u' },
	{ "ascii",    no_argument,	 NULL, 'a' },
	{ "root",     required_argument, NULL, 'r' },
	{ "help",     no_argument,	 NULL, 'h' },
	{ },
};

static void set_option(int c)
{
	switch (c) {
	case 'b':
		options.brief = true;
		break;
	case 'j':
		format = JSON;
		break;
	case 's':
		format = SVG;
		svg_file = optarg;
		break;
	case 'W':
		interval = optarg ? parse_number(optarg, 0.01, 86400) : 1;
		break;
	case 'w':
		width = parse_number(optarg, MIN_WIDTH, MAX_WIDTH);
		break;
	case 'c':
	case 'n':
		options.colour = c == 'c';
		break;
	case 'u':
	case 'a':
		options.utf8 = c == 'u';
		break;
	case 'r':
		if (strlen(optarg) > PATH_MAX / 2)
			die("the path is too long");
		root = optarg;
		break;
	case 'h':
		usage(stdout);
		exit(OK);
	default:
		usage(stderr);
		exit(USAGE);
	}
}

/* What there is now, as text; to be freed */
static char *render(void)
{
	struct model m = { };
	size_t size;
	char *text;
	FILE *out;

	gather(&m, root);
	out = open_memstream(&text, &size);
	if (!out)
		die("out of memory");
	options.width = width ? width : columns();
	switch (format) {
	case MAP:
		draw_map(out, &m, &options);
		break;
	case JSON:
		write_json(out, &m);
		break;
	case SVG:
		write_svg(out, &m);
		break;
	}
	if (fclose(out))
		die("out of memory");
	hidden = m.hidden;
	free(m.areas);
	return text;
}

static void show(const char *text)
{
	bool to_file = format == SVG && strcmp(svg_file, "-");
	FILE *out = to_file ? fopen(svg_file, "w") : stdout;

	if (!out)
		die("%s: %s", svg_file, strerror(errno));
	fputs(text, out);
	if (fflush(out) || ferror(out) || (to_file && fclose(out)))
		die("the output cannot be written");
}

static void show_cursor(void)
{
	fputs("\033[0m\033[?25h", stdout);
	fflush(stdout);
}

/* To be interrupted can be waited for, as for a file: no handler is needed */
static int interrupts(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static void watch(void)
{
	const bool screen = isatty(STDOUT_FILENO) && format == MAP;
	struct pollfd interrupt = { .fd = interrupts(), .events = POLLIN };
	char *text, *last = NULL;

	if (interrupt.fd < 0)
		die("signals cannot be waited for: %s", strerror(errno));
	if (screen) {
		atexit(show_cursor);
		fputs("\033[?25l", stdout);
	}

	do {
		text = render();
		if (!last || strcmp(text, last)) {
			if (screen)
				fputs("\033[H\033[2J", stdout);
			else if (last && format == MAP)
				putchar('\n');
			show(text);
		}
		free(last);
		last = text;
	} while (poll(&interrupt, 1, interval * 1000) <= 0);
	free(last);
}

int main(int argc, char **argv)
{
	char *text;
	int c;

	options.utf8 = locale_is_utf8();
	options.colour = wants_colour();
	while ((c = getopt_long(argc, argv, "bjs:W::w:cuar:h", long_options, NULL)) != -1)
		set_option(c);
	if (optind < argc)
		set_option('?');

	if (interval) {
		watch();
	} else {
		text = render();
		show(text);
		free(text);
	}
	return hidden ? NO_ADDRESSES : OK;
}
