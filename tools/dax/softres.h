/* SPDX-License-Identifier: GPL-2.0 */
/*
 * softres - a map of CXL windows and Soft Reserved memory
 *
 * model.c gathers what there is, and cuts it into frames, one for each map, and
 * those into segments. map.c draws them.
 */
#ifndef _SOFTRES_H
#define _SOFTRES_H

#include <stdbool.h>
#include <stddef.h>

#define NAME_LEN	32

typedef unsigned long long u64;

enum kind {
	WINDOW,		/* in iomem */
	FIRMWARE,	/* marked Soft Reserved by firmware, or by memmap= */
	PUBLISHED,	/* "Soft Reserved" in iomem */
	REGION,		/* in sysfs, whether it is in iomem or not */
	LINKED,		/* region, or what is left of it, in iomem */
	DAX,
	CUTS,		/* the kinds above cut a frame into segments */
	ONLINE = CUTS,	/* memory blocks; neighbours are merged */
	OFFLINE,
};

enum owner { FREE, NOBODY, CXL, HMEM, OTHER, OWNERS };

/* A range of physical addresses and what is there; @end is inclusive */
struct area {
	u64 start, end;
	enum kind kind;
	char name[NAME_LEN];
	enum owner owner;	/* this and what follows: of a dax device */
	char parent[NAME_LEN];	/* hmem.N or regionN */
	char driver[NAME_LEN];
};

struct model {
	struct area *areas;
	size_t nr, max;
};

#define for_each_area(area, m)	\
	for (area = (m)->areas; area < (m)->areas + (m)->nr; area++)

/* What one map shows: a window, or Soft Reserved memory outside of any */
struct frame {
	u64 start, end;
};

/* A piece of a frame in which nothing changes but the state of memory */
struct segment {
	u64 start, end;
	u64 online, offline;	/* bytes */
	enum owner owner;
	const struct area *at[CUTS];
};

#define for_each_segment(s, m, f)					\
	for (s = segment_at(m, f, (f)->start); s.start <= (f)->end;	\
	     s = segment_at(m, f, s.end + 1))

struct options {
	bool utf8, colour;
	int width;
};

__attribute__((noreturn, format(printf, 1, 2)))
void die(const char *fmt, ...);

/* The model of the machine whose /proc and /sys stand below @root */
void gather(struct model *m, const char *root);
/* The frame that starts at @pos or next behind it; false if there is none */
bool next_frame(const struct model *m, u64 pos, struct frame *f);
/* The segment that starts at @start: up to where an area starts or ends */
struct segment segment_at(const struct model *m, const struct frame *f, u64 start);

static inline bool overlaps(const struct area *area, u64 start, u64 end)
{
	return area->start <= end && area->end >= start;
}

#define MIN_WIDTH	40
#define MAX_WIDTH	500

void draw_frame(const struct model *m, const struct frame *f,
		const struct options *options);
/* One line: how much Soft Reserved memory, and whose */
void draw_totals(const struct model *m);

#endif /* _SOFTRES_H */
