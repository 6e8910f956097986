// SPDX-License-Identifier: GPL-2.0
/*
 * Names, sizes and lines that the map, the picture and the lists share
 */
#include <stdarg.h>
#include <string.h>
#include "softres.h"

const struct lane lanes[LANES] = {
	{ "CXL window", WINDOW, WINDOW },
	{ "Soft Reserved", FIRMWARE, PUBLISHED },
	{ "region", DECODED, LINKED },
	[OWNER_LANE] = { "owner", DAX, DAX },
	{ "memory", ONLINE, OFFLINE },
};

/* A window that is all of the frame is named in the title */
bool has_lane(const struct model *m, const struct frame *f, const struct lane *lane)
{
	const struct area *window = find(m, WINDOW, f->start, f->end);

	return lane->from != WINDOW ||
	       (window && (window->start != f->start || window->end != f->end));
}

/* A decoder is shown where it has no region */
bool in_lane(const struct model *m, const struct area *area, const struct lane *lane)
{
	return area->kind >= lane->from && area->kind <= lane->to &&
	       (area->kind != DECODED || !find(m, REGION, area->start, area->end));
}

void put_label(char *buf, size_t len, const struct area *area)
{
	switch (area->kind) {
	case FIRMWARE:
		snprintf(buf, len, "marked by firmware");
		break;
	case PUBLISHED:
		snprintf(buf, len, "published in iomem");
		break;
	case DECODED:
		snprintf(buf, len, "no region");
		break;
	case REGION:
		snprintf(buf, len, "%s yields", area->name);
		break;
	case DAX:
		snprintf(buf, len, "%s %s", owner_names[area->owner], area->name);
		break;
	default:
		snprintf(buf, len, "%s", area->name);
	}
}

const char *human(char buf[24], u64 bytes)
{
	static const char *const units[] = { "B", "K", "M", "G", "T", "P", "E" };
	int unit = 0;

	if (options.bytes) {
		snprintf(buf, 24, "%llu", bytes);
		return buf;
	}
	while (unit < 6 && !(bytes & 1023) && bytes) {
		bytes >>= 10;
		unit++;
	}
	while (unit < 6 && bytes > 99999) {
		bytes = (bytes + 512) >> 10;
		unit++;
	}
	snprintf(buf, 24, "%llu%s", bytes, bytes ? units[unit] : "");
	return buf;
}

int fit(const char *label, int room)
{
	int len = strlen(label);

	if (len > room)
		len = strcspn(label, " ");
	return len > room ? 0 : len;
}

int fold(const char *text, int width)
{
	int len = strlen(text);

	if (len <= width)
		return len;
	for (len = width; len; len--)
		if (text[len] == ' ')
			return len;
	return width;
}

void add_to(char *buf, size_t len, const char *fmt, ...)
{
	size_t used = strlen(buf);
	va_list args;

	va_start(args, fmt);
	vsnprintf(buf + used, len - used, fmt, args);
	va_end(args);
}

void put_title(char *buf, size_t len, const struct model *m, const struct frame *f)
{
	const struct area *area;
	char size[24];

	*buf = '\0';
	for_each_area(area, m)
		if (area->kind == WINDOW && overlaps(area, f->start, f->end))
			add_to(buf, len, "%s%s", *buf ? " + " : "", area->name);
	if (!*buf)
		add_to(buf, len, "Soft Reserved, %s", find(m, WINDOW, 0, -1ULL) ?
		       "outside of CXL windows" : "no CXL windows are known");
	add_to(buf, len, ": %s", human(size, f->end - f->start + 1));
}

void put_totals(char *buf, size_t len, const struct model *m)
{
	struct totals t;
	char size[7][24];

	if (m->hidden) {
		snprintf(buf, len, HIDDEN);
		return;
	}
	count(&t, m);
	snprintf(buf, len, "Soft Reserved: %s; owned by CXL %s, by HMEM %s, ",
		 human(size[0], t.all), human(size[1], t.by[CXL]),
		 human(size[2], t.by[HMEM]));
	if (t.by[OTHER])
		add_to(buf, len, "by others %s, ", human(size[6], t.by[OTHER]));
	add_to(buf, len, "by nobody %s; %s online", human(size[3], t.by[NOBODY]),
	       human(size[4], t.online));
	if (t.lost)
		add_to(buf, len, ", %s cannot be", human(size[5], t.lost));
}
