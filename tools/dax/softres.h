/* SPDX-License-Identifier: GPL-2.0 */
/*
 * softres - who owns CXL windows and Soft Reserved memory
 *
 * model.c gathers what there is, and cuts it into frames, one for each map, and
 * those into segments. advice.c has the table that says what a segment means and
 * what can be typed. The other files show it: map.c, text.c, json.c, svg.c.
 */
#ifndef _SOFTRES_H
#define _SOFTRES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define NAME_LEN		32
#define __printf(a, b)		__attribute__((format(printf, a, b)))
#define __noreturn		__attribute__((noreturn))

typedef unsigned long long u64;

/* --- What there is: model.c --------------------------------------------- */

enum area_kind {
	WINDOW,		/* in iomem */
	FIRMWARE,	/* marked Soft Reserved by firmware, or by memmap= */
	PUBLISHED,	/* "Soft Reserved" in iomem */
	DECODED,	/* by a decoder of a host bridge, or of a device */
	REGION,		/* in sysfs, whether it is in iomem or not */
	LINKED,		/* region, or what is left of it, in iomem */
	DAX,
	CLAIM,		/* these two: what the kernel tells in debugfs */
	PIECE,
	CUTS,		/* the kinds above cut a frame into segments */
	ONLINE = CUTS,	/* memory blocks; neighbours are merged */
	OFFLINE,
	ADDED,		/* "System RAM (kmem)" in iomem, merged, too */
	ROOT,		/* root decoder of a window */
	REFUSAL,	/* in debugfs */
};

enum owner { FREE, NOBODY, CXL, HMEM, OTHER, OWNERS };

/* What the kernel says of a piece of Soft Reserved memory, if it does */
enum piece_state { UNKNOWN, UNDECIDED, BY_CXL, BY_HMEM, UNOWNED, PIECE_STATES };

/* A range of physical addresses and what is there; @end is inclusive */
struct area {
	u64 start, end;
	enum area_kind kind;
	char name[NAME_LEN];
	char driver[NAME_LEN];	/* of a region, of a dax device */
	bool committed;		/* a region whose decoders are; a device's decoder */
	bool persistent;	/* a region */
	char memdev[NAME_LEN];	/* that has this decoder; "" for a bridge's */
	enum owner owner;	/* of a dax device, of a claim */
	char parent[NAME_LEN];	/* hmem.N or regionN of a dax device; a decoder's bridge */
	bool held;		/* a claim */
	bool full;		/* a dax device's region has no room for another one */
	double when;		/* claimed, or last refused, in seconds since boot */
	u64 count;		/* how often refused */
	char text[80];		/* why a piece is so, or who stood in the way */
	enum piece_state state;	/* of a piece */
	char cause[NAME_LEN];	/* of a piece: one of the kernel's words */
	int node;		/* NUMA node of a memory block, of a dax device; or -1 */
	char zone[NAME_LEN];	/* of a memory block that is online */
	int ways;		/* of a root decoder: bridges, */
	char targets[16][NAME_LEN];	/* and these are they */
};

/* A CXL memory device, whether it has a driver or not */
struct device {
	char pci[NAME_LEN];	/* its address */
	char name[NAME_LEN];	/* memN, "" without a driver */
	char override[NAME_LEN];	/* the driver that it was told to have */
	char driver[NAME_LEN];	/* that the PCI device has: cxl_pci, or another one */
	bool ready;		/* cxl_mem has it, and so it has an endpoint */
	u64 serial;		/* 0 if it is not known */
	u64 ram, used;		/* bytes of volatile memory, and those that are decoded */
	char bridge[NAME_LEN];	/* that it is behind; "" if it is not known */
};

/* Where the kernel tells of owners and their reasons */
enum source { NO_DEBUGFS, NO_FILE, READ };

struct model {
	struct area *areas;	/* sorted by kind, then by address */
	size_t nr, max;
	struct device *devices;
	size_t nr_devices;
	bool hidden;		/* iomem keeps its addresses to itself */
	enum source source;
	/* is the driver loaded? */
	bool has_hmem, has_dax_cxl, has_cxl_acpi, has_cxl_pci, has_cxl_mem;
	bool no_hmem;		/* switched off at boot */
	char (*idle_hmem)[NAME_LEN];	/* each hmem.N that is not bound */
	size_t nr_idle;
	u64 block;		/* size of a memory block, or 0 */
};

#define for_each_area(area, m)	\
	for (area = (m)->areas; area < (m)->areas + (m)->nr; area++)

#define for_each_device(d, m)	\
	for (d = (m)->devices; d < (m)->devices + (m)->nr_devices; d++)

/* What one map shows: a window, or Soft Reserved memory outside of any */
struct frame {
	u64 start, end;
};

#define for_each_frame(f, m)						\
	for (u64 _pos = 0; next_frame(m, _pos, f); _pos = (f)->end + 1)

struct row;

/* A part of a frame in which nothing changes but the state of memory */
struct segment {
	u64 start, end;
	u64 online, offline;	/* bytes */
	enum owner owner;
	const struct row *row;	/* what it means */
	const struct area *at[CUTS];
};

#define for_each_segment(s, m, f)					\
	for (s = segment_at(m, f, (f)->start); s.start <= (f)->end;	\
	     s = segment_at(m, f, s.end + 1))

/* The model of the machine whose /proc and /sys stand below @root */
void gather(struct model *m, const char *root);
void forget(struct model *m);
/* The frame that starts at @pos or next behind it; false if there is none */
bool next_frame(const struct model *m, u64 pos, struct frame *f);
/* The segment that starts at @start: up to where an area starts or ends */
struct segment segment_at(const struct model *m, const struct frame *f, u64 start);
/* The first area of a kind in a range, or NULL */
const struct area *find(const struct model *m, enum area_kind kind, u64 start, u64 end);
/* How much of a range areas of a kind take */
u64 bytes_in(const struct model *m, enum area_kind kind, u64 start, u64 end);
/* Unless it is known that the window, a root decoder or NULL, leads elsewhere */
bool may_be_behind(const struct area *window, const struct device *d);
/* Is there a device of that name now? */
bool device_exists(const char *name);
bool device_bound(const char *name);
/* A dax device next to a segment that has none, of the same region or hmem device */
const struct area *beside(const struct model *m, const struct segment *s);
/* NUMA node of a range; -1 if it is not known */
int node_of(const struct model *m, const struct segment *s);
/* The memory tier of a node; -1 if it is in none */
int tier_of(int node);
/* Bytes of a node that are in use, and all that it has; false if not known */
bool node_usage(int node, u64 *used, u64 *all);
/* What of a dax device cannot come online, since it is no whole memory block */
u64 lost_to_blocks(const struct model *m, const struct area *dax);

static inline bool overlaps(const struct area *area, u64 start, u64 end)
{
	return area->start <= end && area->end >= start;
}

static inline bool marked(const struct segment *s)
{
	return s->at[FIRMWARE] || s->at[PUBLISHED] || s->at[PIECE];
}

static inline u64 size_of(const struct segment *s)
{
	return s->end - s->start + 1;
}

/* --- What it means: advice.c -------------------------------------------- */

#define HIDDEN	"iomem hides addresses from all but root: run as root to see who owns which range"

/* How bad it is: the exit status of --check */
enum alarm { FINE, NOT_ONLINE, NO_OWNER };

/* Where a plan leads: what holds for its range afterwards */
enum goal { DECIDED, SERVED, IS_CXL, IS_HMEM, IS_MEMORY, IS_ONLINE, UNDECODED, GOALS };

extern const char *const owner_names[OWNERS];
extern const char *const piece_names[PIECE_STATES];
extern const char *const goal_names[GOALS];

/*
 * How to get somewhere: what to type, in this order, each if the last succeeded. Or, if
 * it is not known which step leads there, one after the other until one does.
 */
struct plan {
	const char *way;	/* its name in the table */
	enum goal goal;
	bool mends;		/* what is wrong; else it is only possible */
	bool choose;		/* one after the other */
	u64 start, end;		/* where the goal is reached */
	char text[256];		/* the goal in words */
	char warning[512];	/* what is lost on the way; "" if nothing */
	char steps[32][4 * NAME_LEN + 128];
	int nr;
};

struct advice {
	char why[512];		/* who has it, and why */
	char not_cxl[512];	/* why CXL has not got it; "" if there is nothing to say */
	struct plan plans[5];
	int nr;
};

/* The row of the table that a segment is; never NULL */
const struct row *row_of(const struct model *m, const struct segment *s);
const char *row_name(const struct row *row);
enum alarm row_alarm(const struct row *row);
bool holds(const struct model *m, const struct segment *s, enum goal goal);
void advise(struct advice *a, const struct model *m, const struct segment *s);
/* The table itself: as text, or as part of a manual page ("mdoc") or guide ("rst") */
void put_table(FILE *out, const char *format);
/* Soft Reserved memory, and whose it is, in bytes */
struct totals {
	u64 all, by[OWNERS], online, offline, lost;
	enum alarm alarm;
};

void count(struct totals *t, const struct model *m);

/* What a picture shows side by side, each to scale */
struct lane {
	const char *name;
	enum area_kind from, to;	/* later kinds are painted over earlier ones */
};

#define LANES		5
#define OWNER_LANE	3
extern const struct lane lanes[LANES];

/* Whether a lane says anything in this frame */
bool has_lane(const struct model *m, const struct frame *f, const struct lane *lane);
bool in_lane(const struct model *m, const struct area *area, const struct lane *lane);
/* Add to a text; what finds no room is cut off */
__printf(3, 4) void add_to(char *buf, size_t len, const char *fmt, ...);
/* What stands on an area in a picture */
void put_label(char *buf, size_t len, const struct area *area);
/* What stands above a picture */
void put_title(char *buf, size_t len, const struct model *m, const struct frame *f);
/* One line: how much Soft Reserved memory, and whose */
void put_totals(char *buf, size_t len, const struct model *m);
/* As exact as five digits can be; or in bytes, if the user has asked for these */
const char *human(char buf[24], u64 bytes);
/* How much of a label fits: all of it, its first word, or nothing */
int fit(const char *label, int room);
/* How much of @text goes into a line: as many words as fit */
int fold(const char *text, int width);

/* --- How it is shown ---------------------------------------------------- */

#define MIN_WIDTH	40
#define MAX_WIDTH	500

struct options {
	bool utf8, colour, brief, verbose, bytes, no_headings;
	int width;
	const char *columns;	/* of a list, or NULL */
	const char *selector;	/* what is asked for, or NULL for all */
	int node;		/* likewise, or -1 */
};

extern struct options options;

/* Whether a segment is asked for */
bool selected(const struct model *m, const struct segment *s);
/* Is a decoder of that memory device there? */
bool decoded_by(const struct model *m, const struct segment *s, const char *memdev);
bool frame_selected(const struct model *m, const struct frame *f);

void draw_map(FILE *out, const struct model *m);
/* Folded, with an indent */
void draw_text(FILE *out, const char *text, int indent);
void draw_plans(FILE *out, const struct advice *a, bool all, int indent);
/* Returns false if there is no such thing */
bool write_details(FILE *out, const struct model *m);
void write_list(FILE *out, const struct model *m);
/* Returns the exit status */
int write_check(FILE *out, const struct model *m);
bool columns_known(const char *columns);
void write_json(FILE *out, const struct model *m);
void write_svg(FILE *out, const struct model *m);

__noreturn __printf(1, 2)
void die(const char *fmt, ...);

#endif /* _SOFTRES_H */
