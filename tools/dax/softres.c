// SPDX-License-Identifier: GPL-2.0
/*
 * softres: who owns Soft Reserved memory and CXL windows. Only reads.
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

/* Exit status; --check has two more in between */
enum { OK, CANNOT = 3 };

#define SVG_COLUMNS	120	/* unless --width says else */

enum format { MAP, DETAILS, LIST, CHECK, JSON, SVG };

struct options options = { .node = -1 };

static enum format format;
static int width;			/* 0: the terminal's */
static const char *root = "", *svg_file;
static double interval;			/* of --watch, in seconds, else 0 */
static int status;			/* what render() found */

void die(const char *fmt, ...)
{
	va_list args;

	/* what calls plugins looks at standard output alone */
	FILE *out = format == CHECK ? stdout : stderr;

	fputs(format == CHECK ? "SOFTRES UNKNOWN: " : "softres: ", out);
	va_start(args, fmt);
	vfprintf(out, fmt, args);
	va_end(args);
	fputc('\n', out);
	exit(CANNOT);
}

static void usage(FILE *to)
{
	fputs("Usage: softres [OPTION...] [ADDRESS | NAME]\n"
	      "Who owns Soft Reserved memory and CXL windows, and what to type next.\n"
	      "In detail: what ADDRESS, regionN, daxN.M, hmem.N, decoderN.M or memN has.\n"
	      "\n"
	      "  -v, --verbose         also what can be typed where nothing is wrong\n"
	      "      --brief           do not say what can be typed\n"
	      "      --node=N          only what is in this NUMA node\n"
	      "      --check           one line and an exit status, for monitoring\n"
	      "  -J, --json            as JSON\n"
	      "  -o, --output=LIST     a list with these columns; +LIST: besides others\n"
	      "  -n, --noheadings      of the list\n"
	      "  -b, --bytes           sizes in bytes\n"
	      "      --svg=FILE        as a picture; - for standard output\n"
	      "      --watch[=SECONDS] again whenever it has changed; look each second\n"
	      "      --width=N         columns; else $COLUMNS, the terminal's, or 80\n"
	      "      --color=WHEN      auto, always or never\n"
	      "      --utf8, --ascii   box characters or none, whatever the locale\n"
	      "      --root=DIR        look at DIR/proc and DIR/sys\n"
	      "      --states[=FORMAT] what each state means: text, mdoc, rst\n"
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
		exit(CANNOT);
	}
	return n;
}

enum { BRIEF = 256, NODE, DO_CHECK, DO_SVG, WATCH, WIDTH, COLOUR, UTF8, ASCII, ROOT_DIR,
	STATES };

static const struct option long_options[] = {
	{ "verbose",	no_argument,	   NULL, 'v' },
	{ "brief",	no_argument,	   NULL, BRIEF },
	{ "node",	required_argument, NULL, NODE },
	{ "check",	no_argument,	   NULL, DO_CHECK },
	{ "json",	no_argument,	   NULL, 'J' },
	{ "output",	required_argument, NULL, 'o' },
	{ "noheadings", no_argument,	   NULL, 'n' },
	{ "bytes",	no_argument,	   NULL, 'b' },
	{ "svg",	required_argument, NULL, DO_SVG },
	{ "watch",	optional_argument, NULL, WATCH },
	{ "width",	required_argument, NULL, WIDTH },
	{ "color",	required_argument, NULL, COLOUR },
	{ "utf8",	no_argument,	   NULL, UTF8 },
	{ "ascii",	no_argument,	   NULL, ASCII },
	{ "root",	required_argument, NULL, ROOT_DIR },
	{ "states",	optional_argument, NULL, STATES },
	{ "help",	no_argument,	   NULL, 'h' },
	{ },
};

static void set_colour(const char *when)
{
	if (strcmp(when, "auto") && strcmp(when, "always") && strcmp(when, "never"))
		die("--color is auto, always or never, not %s", when);
	options.colour = when[1] == 'l' || (when[1] == 'u' && wants_colour());
}

static void set_option(int c)
{
	switch (c) {
	case 'v':
		options.verbose = true;
		break;
	case BRIEF:
		options.brief = true;
		break;
	case NODE:
		options.node = parse_number(optarg, 0, 1 << 20);
		break;
	case DO_CHECK:
		format = CHECK;
		break;
	case 'J':
		format = JSON;
		break;
	case 'o':
		format = LIST;
		options.columns = optarg;
		if (!columns_known(optarg))
			die("--output: there is no such column in %s, see softres(1)", optarg);
		break;
	case 'n':
		options.no_headings = true;
		break;
	case 'b':
		options.bytes = true;
		break;
	case DO_SVG:
		format = SVG;
		svg_file = optarg;
		break;
	case WATCH:
		interval = optarg ? parse_number(optarg, 0.01, 86400) : 1;
		break;
	case WIDTH:
		width = parse_number(optarg, MIN_WIDTH, MAX_WIDTH);
		break;
	case COLOUR:
		set_colour(optarg);
		break;
	case UTF8:
	case ASCII:
		options.utf8 = c == UTF8;
		break;
	case ROOT_DIR:
		if (strlen(optarg) > PATH_MAX / 4)
			die("the path is too long");
		root = optarg;
		break;
	case STATES:
		put_table(stdout, optarg ?: "text");
		exit(OK);
	case 'h':
		usage(stdout);
		exit(OK);
	default:
		fputs("Try softres --help.\n", stderr);
		exit(CANNOT);
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
	status = m.hidden ? CANNOT : OK;
	out = open_memstream(&text, &size);
	if (!out)
		die("out of memory");
	options.width = width ? width : format == SVG ? SVG_COLUMNS : columns();
	switch (format) {
	case MAP:
		draw_map(out, &m);
		break;
	case DETAILS:
		if (!write_details(out, &m))
			status = CANNOT;
		break;
	case LIST:
		write_list(out, &m);
		break;
	case CHECK:
		status = write_check(out, &m);
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
	forget(&m);
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
	while ((c = getopt_long(argc, argv, "vJo:nbh", long_options, NULL)) != -1)
		set_option(c);
	if (optind < argc)
		options.selector = argv[optind++];
	if (optind < argc)
		set_option('?');
	if (format == MAP && (options.selector || options.node >= 0))
		format = DETAILS;

	if (interval) {
		watch();
	} else {
		text = render();
		show(text);
		free(text);
	}
	return status;
}
