// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: from firmware's ranges to pieces
 *
 * When all ranges that firmware marked are known, and the tables that describe
 * CXL windows and NUMA nodes can be read, the ranges are cut into pieces. A
 * piece lies in one NUMA node, and does not cross the edge of a CXL window
 * (CEDT CFMWS, CXL 3.1 section 9.18.1.3).
 *
 * This file runs in initcalls, one after the other, and needs no lock.
 */
#define pr_fmt(fmt) "soft_reserve: " fmt

#include <kunit/visibility.h>
#include <linux/acpi.h>
#include <linux/init.h>
#include <linux/memory.h>
#include <linux/mm.h>
#include <linux/numa.h>
#include <linux/pgtable.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include "internal.h"

/* "soft_reserve=early": publish all pieces at boot */
static bool publish_early __initdata;

static int __init soft_reserve_setup(char *str)
{
	if (strcmp(str, "early"))
		return 0;
	publish_early = true;
	return 1;
}
__setup("soft_reserve=", soft_reserve_setup);

/* Only for persistent memory, or for memory of accelerators (CXL type 2)? */
static bool __init window_restricted(const struct acpi_cedt_cfmws *cfmws)
{
	const u16 host = ACPI_CEDT_CFMWS_RESTRICT_TYPE3 |
			 ACPI_CEDT_CFMWS_RESTRICT_VOLATILE;

	return (cfmws->restrictions & host) != host;
}

/* A window that CXL's driver rejects cuts no range, unless it is restricted */
static bool __init window_valid(const struct acpi_cedt_cfmws *cfmws)
{
	const u64 last = cfmws->base_hpa + cfmws->window_size - 1;

	return last >= cfmws->base_hpa &&
	       (window_restricted(cfmws) ||
		IS_ALIGNED(cfmws->base_hpa | cfmws->window_size, SZ_256M));
}

static int __init window_add(union acpi_subtable_headers *header, void *arg,
			     const unsigned long table_end)
{
	struct acpi_cedt_cfmws *cfmws = (struct acpi_cedt_cfmws *)header;
	struct cxl_windows *windows = arg;
	struct cxl_window *window;

	if (!cfmws->window_size || !window_valid(cfmws))
		return 0;

	window = krealloc_array((struct cxl_window *)windows->window,
				windows->nr + 1, sizeof(*window), GFP_KERNEL);
	if (!window)
		return -ENOMEM;
	windows->window = window;
	window[windows->nr++] = (struct cxl_window) {
		.range.start = cfmws->base_hpa,
		.range.end = cfmws->base_hpa + cfmws->window_size - 1,
		.restricted = window_restricted(cfmws),
	};
	return 0;
}

/* Without CXL's driver no window matters, but restrictions still apply */
static int __init window_add_restricted(union acpi_subtable_headers *header,
					void *arg, const unsigned long table_end)
{
	if (!window_restricted((struct acpi_cedt_cfmws *)header))
		return 0;
	return window_add(header, arg, table_end);
}

/**
 * pieces_align() - alignment that all CXL windows have
 * @windows: the windows
 *
 * Return: the largest power of 2 that divides the start and the size of each
 * window; 0 if there is no window.
 */
u64 pieces_align(const struct cxl_windows *windows)
{
	u64 edges = 0;

	for (unsigned int i = 0; i < windows->nr; i++)
		edges |= windows->window[i].range.start |
			 (windows->window[i].range.end + 1);
	return edges & -edges;
}
EXPORT_SYMBOL_IF_KUNIT(pieces_align);

/*
 * The size of memory blocks depends on the amount of System RAM. A block across
 * the edge of a window could not come online, no matter who owns the memory.
 */
static int __init limit_memory_blocks(void)
{
	struct cxl_windows windows = { };
	u64 align;

	if (!IS_ENABLED(CONFIG_MEMORY_HOTPLUG))
		return 0;

	acpi_table_parse_cedt(ACPI_CEDT_TYPE_CFMWS, window_add, &windows);
	align = pieces_align(&windows);
	if (align)
		limit_memory_block_size(align);
	kfree(windows.window);
	return 0;
}
early_initcall(limit_memory_blocks);

/* No piece crosses the edge of a window: it is enough to look at its start */
static void piece_set_window(struct soft_reserve_piece *piece,
			     const struct cxl_windows *windows)
{
	const u64 start = piece->range.start;

	for (unsigned int i = 0; i < windows->nr; i++) {
		const struct cxl_window *w = &windows->window[i];

		if (start < w->range.start || start > w->range.end)
			continue;
		piece->windowed = IS_ENABLED(CONFIG_CXL_REGION);
		piece->restricted |= w->restricted;
	}
}

/* Find the last address of the piece that starts at @start, and its node */
static u64 piece_end(const struct cxl_windows *windows, u64 start, u64 end,
		     int *nid)
{
	u64 step = IS_ENABLED(CONFIG_MEMORY_HOTPLUG) ?
		   memory_block_size_bytes() : PMD_SIZE;
	u64 addr;

	for (unsigned int i = 0; i < windows->nr; i++) {
		const struct range *w = &windows->window[i].range;

		if (w->start > start && w->start <= end)
			end = w->start - 1;
		if (w->end >= start && w->end < end)
			end = w->end;
	}

	/*
	 * A memory block belongs to the node of its first byte. Addresses that
	 * no table describes belong to the node of the addresses before them.
	 */
	*nid = phys_to_target_node(start);
	for (addr = ALIGN(start + 1, step); addr > start && addr <= end; addr += step) {
		int next = phys_to_target_node(addr);

		if (*nid == NUMA_NO_NODE)
			*nid = next;
		if (next != NUMA_NO_NODE && next != *nid)
			return addr - 1;
	}
	return end;
}

/**
 * pieces_cut_range() - cut a range into pieces
 * @windows: CXL's windows
 * @start: first address of the range
 * @end: its last address
 * @to: where to put the pieces, zeroed, or NULL to only count them
 *
 * Return: the number of pieces.
 */
unsigned int pieces_cut_range(const struct cxl_windows *windows, u64 start, u64 end,
			      struct soft_reserve_piece *to)
{
	unsigned int nr = 0;
	u64 last;
	int nid;

	do {
		last = piece_end(windows, start, end, &nid);
		if (to) {
			struct soft_reserve_piece *piece = to + nr;

			piece->range = (struct range) { start, last };
			piece->nid = nid;
			piece_set_window(piece, windows);
		}
		nr++;
		start = last + 1;
	} while (last < end);

	return nr;
}
EXPORT_SYMBOL_IF_KUNIT(pieces_cut_range);

/*
 * Cut firmware's ranges into pieces. At fs_initcall level SRAT and CEDT can be
 * read, earlier initcalls have added all of e820 or of the EFI memory map, and
 * no driver that could claim a piece has been probed.
 */
static int __init soft_reserve_init(void)
{
	struct soft_reserve_piece *pieces __free(kvfree) = NULL;
	const struct range *range = NULL;
	struct cxl_windows windows = { };
	unsigned int i = 0, nr = 0;
	int rc;

	if (!soft_reserve_next(NULL))
		return 0;

	rc = acpi_table_parse_cedt(ACPI_CEDT_TYPE_CFMWS,
				   IS_ENABLED(CONFIG_CXL_ACPI) ?
				   window_add : window_add_restricted, &windows);
	/* without CEDT there are no windows; anything else is a lack of memory */
	if (rc < 0 && rc != -ENODEV)
		goto out;

	while ((range = soft_reserve_next(range)))
		nr += pieces_cut_range(&windows, range->start, range->end, NULL);

	rc = -ENOMEM;
	pieces = kvcalloc(nr, sizeof(*pieces), GFP_KERNEL);
	if (pieces) {
		while ((range = soft_reserve_next(range)))
			i += pieces_cut_range(&windows, range->start, range->end, pieces + i);
		rc = pieces_start(pieces, nr, publish_early);
	}
out:
	kfree(windows.window);
	if (rc) {
		/* no decision is possible: the ranges are shown, but nobody serves them */
		pr_err("no memory to keep track of Soft Reserved memory\n");
		soft_reserve_publish_all();
		return 0;
	}

	soft_reserve_remove_fences();
	for (i = 0; i < nr; i++)
		pr_info("[mem %#010llx-%#010llx] node %d%s\n", pieces[i].range.start,
			pieces[i].range.end, pieces[i].nid,
			pieces[i].windowed ? ", in a CXL window" : "");
	return 0;
}
fs_initcall(soft_reserve_init);
