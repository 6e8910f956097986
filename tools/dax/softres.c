// SPDX-License-Identifier: GPL-2.0
/*
 * softres: who owns CXL windows and Soft Reserved memory, as a map. Only reads.
 */
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "softres.h"

void die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs("softres: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

static void usage(FILE *to)
{
	fputs("usage: softres [OPTION...]\n"
	      "Draw CXL windows and Soft Reserved memory: who owns what.\n"
	      "  -w, --width=N   columns; else $COLUMNS, the terminal's, or 80\n"
	      "  -c, --color     also if the output is no terminal\n"
	      "      --no-color  not on a terminal either\n"
	      "  -u, --utf8      box characters, whatever the locale\n"
	      "  -a, --ascii     none\n"
	      "  -r, --root=DIR  look at DIR/proc and DIR/sys\n"
	      "  -h, --help\n", to);
}

static bool locale_is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *locale;

	for (int i = 0; i < 3; i++) {
		locale = getenv(names[i]);
		if (locale && *locale)
			return strstr(locale, "UTF-8") || strstr(locale, "utf8");
	}
	return false;
}

static int columns(void)
{
	struct winsize size = { };
	const char *env = getenv("COLUMNS");
	int n = env ? atoi(env) : 0;

	if (n <= 0 && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		n = size.ws_col;
	return n > 0 ? n : 80;
}

static const struct option long_options[] = {
	{ "width",    required_argument, NULL, 'w' },
	{ "color",    no_argument,	 NULL, 'c' },
	{ "no-color", no_argument,	 NULL, 'n' },
	{ "utf8",     no_argument,	 NULL, 'u' },
	{ "ascii",    no_argument,	 NULL, 'a' },
	{ "root",     required_argument, NULL, 'r' },
	{ "help",     no_argument,	 NULL, 'h' },
	{ },
};

static void parse(int argc, char **argv, struct options *options, const char **root)
{
	int c;

	while ((c = getopt_long(argc, argv, "w:cuar:h", long_options, NULL)) != -1) {
		switch (c) {
		case 'w':
			options->width = atoi(optarg);
			if (options->width < MIN_WIDTH || options->width > MAX_WIDTH)
				die("a width from %d to %d, not %s", MIN_WIDTH, MAX_WIDTH,
				    optarg);
			break;
		case 'c':
		case 'n':
			options->colour = c == 'c';
			break;
		case 'u':
		case 'a':
			options->utf8 = c == 'u';
			break;
		case 'r':
			if (strlen(optarg) > PATH_MAX / 2)
				die("the path is too long");
			*root = optarg;
			break;
		case 'h':
			usage(stdout);
			exit(0);
		default:
			usage(stderr);
			exit(2);
		}
	}
	if (optind < argc) {
		usage(stderr);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	struct options options = {
		.utf8 = locale_is_utf8(),
		.colour = isatty(STDOUT_FILENO),
		.width = columns(),
	};
	const char *root = "";
	struct model m = { };
	struct frame f;
	u64 pos;

	parse(argc, argv, &options, &root);
	if (options.width < MIN_WIDTH)
		options.width = MIN_WIDTH;
	if (options.width > MAX_WIDTH)
		options.width = MAX_WIDTH;

	gather(&m, root);
	for (pos = 0; next_frame(&m, pos, &f); pos = f.end + 1)
		draw_frame(&m, &f, &options);
	if (pos)
		draw_totals(&m);
	else
		puts("No CXL window (is cxl_acpi loaded?), no Soft Reserved memory.");
	free(m.areas);

	if (fflush(stdout) || ferror(stdout))
		die("the output cannot be written");
	return 0;
}
