// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: policy: which pieces CXL's regions cover
 *
 * Pure functions: from what regions cover follows a verdict for each piece. No
 * locks, no devices.
 *
 * A region is claimed whole. So pieces that share a region get the same
 * verdict: if one of them is not covered, or HMEM owns it already, the regions
 * that overlap it cover none of their other pieces.
 */
#include <kunit/visibility.h>
#include <linux/align.h>
#include <linux/export.h>
#include <linux/minmax.h>
#include <linux/sort.h>
#include "internal.h"

static int region_cmp(const void *_a, const void *_b)
{
	const struct soft_reserve_cxl_region *a = _a, *b = _b;

	if (a->pmem != b->pmem)
		return a->pmem - b->pmem;
	return a->range.start < b->range.start ? -1 : a->range.start > b->range.start;
}

/*
 * Drop the regions that overlap another one: firmware has made a mistake, and
 * none of them can be served whole. Returns how many remain.
 */
static unsigned int drop_overlapping(struct soft_reserve_cxl_region *regions,
				     unsigned int nr)
{
	unsigned int left = 0;
	u64 end = 0;

	for (unsigned int i = 0; i < nr; i++) {
		const bool below = i && regions[i].range.start <= end;
		const bool above = i + 1 < nr &&
				   regions[i + 1].range.start <= regions[i].range.end;

		end = max(end, regions[i].range.end);
		if (!below && !above)
			regions[left++] = regions[i];
	}
	return left;
}

/* Those that cover, sorted, come first. Returns how many they are. */
static unsigned int sort_regions(struct soft_reserve_cxl_region *regions,
				 unsigned int nr)
{
	unsigned int nr_ram = 0;

	if (nr)
		sort(regions, nr, sizeof(*regions), region_cmp, NULL);
	while (nr_ram < nr && !regions[nr_ram].pmem)
		nr_ram++;
	return drop_overlapping(regions, nr_ram);
}

/* First address of @p that no region covers, above its end if there is none */
static u64 first_gap(const struct range *p,
		     const struct soft_reserve_cxl_region *region, unsigned int nr)
{
	u64 addr = p->start;

	for (; nr && region->range.start <= addr; region++, nr--) {
		if (region->range.end >= p->end)
			return p->end + 1;
		addr = max(addr, region->range.end + 1);
	}
	return addr;
}

/**
 * policy_decide() - find the pieces that regions cover
 * @pieces: the pieces, sorted; gets the verdicts
 * @nr: how many
 * @regions: the regions, in any order; afterwards those that may cover are the
 *	     first ones, sorted, and the persistent ones are the last
 * @nr_regions: how many
 *
 * Neither pieces nor regions overlap among themselves: sort_regions() has
 * dropped those that do. So a chain of pieces that share regions is contiguous
 * in both lists, and one sweep over both is enough.
 */
void policy_decide(struct policy_piece *pieces, unsigned int nr,
		   struct soft_reserve_cxl_region *regions,
		   unsigned int nr_regions)
{
	unsigned int i = 0, j = 0;

	nr_regions = sort_regions(regions, nr_regions);

	while (i < nr) {
		bool cxl = true, linked;
		unsigned int first = i;
		u64 gap = 0;

		while (j < nr_regions && regions[j].range.end < pieces[i].range.start)
			j++;

		do {
			const struct range *p = &pieces[i].range;
			u64 addr = first_gap(p, regions + j, nr_regions - j);

			if (pieces[i].hmem)
				addr = p->start;
			if (cxl && addr >= p->start && addr <= p->end) {
				cxl = false;
				gap = addr;
			}

			pieces[i].first = j;
			while (j < nr_regions && regions[j].range.end <= p->end)
				j++;
			linked = j < nr_regions && regions[j].range.start <= p->end;
			pieces[i].nr = j + linked - pieces[i].first;
			i++;
		} while (linked && i < nr &&
			 regions[j].range.end >= pieces[i].range.start);

		for (; first < i; first++) {
			pieces[first].cxl = cxl;
			pieces[first].gap = gap;
		}
	}
}
EXPORT_SYMBOL_IF_KUNIT(policy_decide);

/**
 * dax_arbiter_aligned() - can a range be a dax region
 * @range: the range
 * @align: what dax demands, in bytes, a power of two
 *
 * Return: true if both its ends are aligned.
 */
bool dax_arbiter_aligned(const struct range *range, u64 align)
{
	return IS_ALIGNED(range->start, align) && IS_ALIGNED(range->end + 1, align);
}
EXPORT_SYMBOL_GPL(dax_arbiter_aligned);

/**
 * dax_range_trim() - the part of a range that can be a dax region
 * @range: the range; its ends move inwards
 * @align: what dax demands, in bytes, a power of two
 *
 * Return: true if there is such a part, else @range is not changed.
 */
bool dax_range_trim(struct range *range, u64 align)
{
	const u64 start = ALIGN(range->start, align);
	/* first address above the part; 0 if the part ends at U64_MAX */
	const u64 end = ALIGN_DOWN(range->end + 1, align);

	if (start < range->start || start > range->end ||
	    (end <= start && (end || range->end != U64_MAX)))
		return false;
	*range = (struct range) { start, end - 1 };
	return true;
}
EXPORT_SYMBOL_GPL(dax_range_trim);
