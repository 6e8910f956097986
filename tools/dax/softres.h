/* SPDX-License-Identifier: GPL-2.0 */
/*
 * softres - a map of CXL windows and Soft Reserved memory
 *
 * model.c gathers what there is, and cuts it into frames, one for each map, and
 * those into segments. words.c says what they mean and what can be done. map.c,
 * json.c and svg.c show it.
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
	REGION,		/* in sysfs, whether it is in iomem or not */
	LINKED,		/* region, or what is left of it, in iomem */
	DAX,
	CUTS,		/* the kinds above cut a frame into segments */
	ONLINE = CUTS,	/* memory blocks; neighbours are merged */
	OFFLINE,
	ADDED,		/* "System RAM (kmem)" in iomem, merged, too */
	ROOT,		/* root decoder of a window */
	CLAIM,		/* these three: what the kernel tells in debugfs */
	REFUSAL,
	DECISION,
};

enum owner { FREE, NOBODY, CXL, HMEM, OTHER, OWNERS };

/* A range of physical addresses and what is there; @end is inclusive */
struct area {
	u64 start, end;
	enum area_kind kind;
	char name[NAME_LEN];
	char driver[NAME_LEN];	/* of a region, of a dax device */
	bool committed;		/* a region whose decoders are */
	enum owner owner;	/* of a dax device, claim, decision */
	char parent[NAME_LEN];	/* hmem.N or regionN of a dax device */
	bool held;		/* a claim */
	u64 count;		/* how often refused */
	char text[80];		/* why it was decided so, or who stood in the way */
	char cause[NAME_LEN];	/* why it was decided so, one of the kernel's words */
};

struct model {
	struct area *areas;	/* sorted by kind, then by address */
	size_t nr, max;
	bool hidden;		/* iomem keeps its addresses to itself */
	bool has_hmem, has_dax_cxl;	/* is the driver loaded? */
	char idle_hmem[NAME_LEN];	/* an hmem.N that is not bound */
};

#define for_each_area(area, m)	\
	for (area = (m)->areas; area < (m)->areas + (m)->nr; area++)

/* What one map shows: a window, or Soft Reserved memory outside of any */
struct frame {
	u64 start, end;
};

#define for_each_frame(f, m)						\
	for (u64 _pos = 0; next_frame(m, _pos, f); _pos = (f)->end + 1)

enum state {
	UNUSED,		/* neither Soft Reserved nor decoded */
	SERVED,		/* by a dax device */
	CLAIMED,	/* and no dax device is there */
	HELD,		/* its memory is there, its dax device is gone */
	WAITING,	/* for a driver to be loaded, or a decision */
	RELEASED,	/* by HMEM */
	LOST,		/* published, and nobody serves it */
	UNSERVED,	/* a region without a dax device */
	YIELDED,	/* decoded by a region that is not in iomem */
};

/* A piece of a frame in which nothing changes but the state of memory */
struct segment {
	u64 start, end;
	u64 online, offline;	/* bytes */
	enum owner owner;
	enum state state;
	const struct area *at[CUTS];
};

#define for_each_segment(s, m, f)					\
	for (s = segment_at(m, f, (f)->start); s.start <= (f)->end;	\
	     s = segment_at(m, f, s.end + 1))

/* The model of the machine whose /proc and /sys stand below @root */
void gather(struct model *m, const char *root);
/* The frame that starts at @pos or next behind it; false if there is none */
bool next_frame(const struct model *m, u64 pos, struct frame *f);
/* The segment that starts at @start: up to where an area starts or ends */
struct segment segment_at(const struct model *m, const struct frame *f, u64 start);
/* The first area of a kind in a range, or NULL */
const struct area *find(const struct model *m, enum area_kind kind, u64 start, u64 end);
/* How much of a range areas of a kind take */
u64 bytes_in(const struct model *m, enum area_kind kind, u64 start, u64 end);

static inline bool overlaps(const struct area *area, u64 start, u64 end)
{
	return area->start <= end && area->end >= start;
}

/* --- What it means: words.c --------------------------------------------- */

#define HIDDEN	"iomem hides addresses from all but root: run as root to see who owns which range"

extern const char *const owner_names[OWNERS];
extern const char *const state_names[];

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
/* What stands on an area in a picture */
void put_label(char *buf, size_t len, const struct area *area);
/* What stands above a picture */
void put_title(char *buf, size_t len, const struct model *m, const struct frame *f);
/* One line: how much Soft Reserved memory, and whose */
void put_totals(char *buf, size_t len, const struct model *m);
/* As exact as five digits can be */
const char *human(char buf[24], u64 bytes);
/* How much of a label fits: all of it, its first word, or nothing */
int fit(const char *label, int room);
/* How much of @text goes into a line: as many words as fit */
int fold(const char *text, int width);

/* How to get somewhere: what to type, in this order */
struct plan {
	const char *goal;
	char steps[32][2 * NAME_LEN + 64];
	int nr;
};

struct advice {
	char why[512];		/* one sentence: who has it, and why */
	struct plan plans[3];
	int nr;
};

void advise(struct advice *a, const struct model *m, const struct segment *s);

/* --- How it is shown: map.c, json.c, svg.c ------------------------------ */

#define MIN_WIDTH	40
#define MAX_WIDTH	500

struct options {
	bool utf8, colour, brief;
	int width;
};

void draw_map(FILE *out, const struct model *m, const struct options *options);
void write_json(FILE *out, const struct model *m);
void write_svg(FILE *out, const struct model *m);

__noreturn __printf(1, 2)
void die(const char *fmt, ...);

#endif /* _SOFTRES_H */
