// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: from firmware's ranges to pieces
 *
 * The memory map code of the architecture adds ranges, as firmware has them.
 * When all are there, and the tables that describe windows and nodes too, they
 * are cut into the pieces that kernel/soft_reserve.c finds an owner for.
 *
 * All of this is initcalls, one after the other. What allocators must not have
 * is kept from them from the first moment on.
 */
#define pr_fmt(fmt) "soft_reserve: " fmt

#include <kunit/visibility.h>
#include <linux/acpi.h>
#include <linux/efi.h>
#include <linux/init.h>
#include <linux/list.h>
#include <linux/memory.h>
#include <linux/numa.h>
#include <linux/pgtable.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/soft_reserve.h>
#include <linux/sort.h>

/* "soft_reserve=early": in iomem_resource from boot on, whoever owns */
static bool publish_early __initdata;

static int __init soft_reserve_setup(char *str)
{
	if (strcmp(str, "early"))
		return 0;
	publish_early = true;
	return 1;
}
__setup("soft_reserve=", soft_reserve_setup);

/* A range as firmware has it, before the pieces are cut */
struct firmware_range {
	struct list_head list;
	struct resource hold;
};

static LIST_HEAD(firmware_ranges);

static struct resource soft_reserve_res(const struct range *range)
{
	struct resource res = DEFINE_RES_MEM_NAMED(range->start,
						   range_len(range),
						   "Soft Reserved");

	res.desc = IORES_DESC_SOFT_RESERVED;
	return res;
}

/**
 * soft_reserve_add() - keep a Soft Reserved range until it has an owner
 * @start: first physical address
 * @end: last physical address
 *
 * For the architecture's memory map code, before fs_initcall level. The range
 * may overlap or touch another one; they become one.
 *
 * Context: Initcalls only, may sleep.
 * Return: true if the range is kept here; false if the caller has to put it into
 * iomem_resource itself, since no HMEM driver can ever serve it or memory is
 * short.
 */
bool __init soft_reserve_add(u64 start, u64 end)
{
	struct firmware_range *new, *old, *next;

	if (!efi_soft_reserve_enabled() || start >= end)
		return false;

	/* nobody can map what the machine cannot address */
	if (start > iomem_resource.end)
		return false;
	if (end > iomem_resource.end) {
		pr_warn("[mem %#010llx-%#010llx] reaches beyond what can be addressed, cut at %#llx\n",
			start, end, (u64)iomem_resource.end);
		end = iomem_resource.end;
	}

	new = kzalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return false;

	list_for_each_entry_safe(old, next, &firmware_ranges, list) {
		/* neither overlaps nor touches; mind an @end of all ones */
		if (old->hold.start > end && old->hold.start - 1 > end)
			continue;
		if (start > old->hold.end && start - 1 > old->hold.end)
			continue;
		start = min(start, old->hold.start);
		end = max(end, old->hold.end);
		release_resource(&old->hold);
		list_del(&old->list);
		kfree(old);
	}

	new->hold = soft_reserve_res(&(struct range) { start, end });
	request_resource(&soft_reserve_resource, &new->hold);
	list_add(&new->list, &firmware_ranges);
	return true;
}

/**
 * soft_reserve_clip_end() - how far may an allocation from @start reach
 * @start: first physical address that is wanted
 * @end: last physical address that is wanted
 *
 * Context: Initcalls only, before the pieces are cut.
 * Return: the last address up to @end that nothing Soft Reserved stands before;
 * below @start if @start itself is Soft Reserved.
 */
u64 __init soft_reserve_clip_end(u64 start, u64 end)
{
	struct firmware_range *fw;

	list_for_each_entry(fw, &firmware_ranges, list)
		if (fw->hold.end >= start && fw->hold.start <= end)
			end = fw->hold.start ? fw->hold.start - 1 : 0;
	return end;
}

/* Is it for persistent memory alone, or for that of accelerators (CXL type 2)? */
static bool __init window_restricted(const struct acpi_cedt_cfmws *cfmws)
{
	const u16 host = ACPI_CEDT_CFMWS_RESTRICT_TYPE3 |
			 ACPI_CEDT_CFMWS_RESTRICT_VOLATILE;

	return (cfmws->restrictions & host) != host;
}

/* What CXL's driver makes no window of cuts nothing, unless nobody may serve it */
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
	struct soft_reserve_windows *windows = arg;
	struct soft_reserve_window *window;

	if (!cfmws->window_size || !window_valid(cfmws))
		return 0;

	window = krealloc_array((struct soft_reserve_window *)windows->window,
				windows->nr + 1, sizeof(*window), GFP_KERNEL);
	if (!window)
		return -ENOMEM;
	windows->window = window;
	window[windows->nr++] = (struct soft_reserve_window) {
		.range.start = cfmws->base_hpa,
		.range.end = cfmws->base_hpa + cfmws->window_size - 1,
		.restricted = window_restricted(cfmws),
	};
	return 0;
}

/* Only CXL's driver puts windows into iomem_resource; all kernels obey firmware */
static int __init window_add_restricted(union acpi_subtable_headers *header,
					void *arg, const unsigned long table_end)
{
	if (!window_restricted((struct acpi_cedt_cfmws *)header))
		return 0;
	return window_add(header, arg, table_end);
}

/**
 * soft_reserve_align() - what CXL's windows are aligned to
 * @windows: the windows
 *
 * Return: the largest power of 2 that the start and the size of each is a
 * multiple of; 0 if there is no window.
 */
VISIBLE_IF_KUNIT u64 soft_reserve_align(const struct soft_reserve_windows *windows)
{
	u64 edges = 0;

	for (unsigned int i = 0; i < windows->nr; i++)
		edges |= windows->window[i].range.start |
			 (windows->window[i].range.end + 1);
	return edges & -edges;
}
EXPORT_SYMBOL_IF_KUNIT(soft_reserve_align);

/*
 * Memory blocks are as large as System RAM allows. One that lies across the edge
 * of a window could not come online, whoever owns the memory in it.
 */
static int __init soft_reserve_limit_blocks(void)
{
	struct soft_reserve_windows windows = { };
	u64 align;

	if (!IS_ENABLED(CONFIG_MEMORY_HOTPLUG))
		return 0;

	acpi_table_parse_cedt(ACPI_CEDT_TYPE_CFMWS, window_add, &windows);
	align = soft_reserve_align(&windows);
	if (align)
		limit_memory_block_size(align);
	kfree(windows.window);
	return 0;
}
early_initcall(soft_reserve_limit_blocks);

/* A piece does not reach across the edge of a window: its start says it all */
static void piece_set_window(struct soft_reserve *piece,
			     const struct soft_reserve_windows *windows)
{
	const u64 start = piece->range.start;

	for (unsigned int i = 0; i < windows->nr; i++) {
		const struct soft_reserve_window *w = &windows->window[i];

		if (start < w->range.start || start > w->range.end)
			continue;
		piece->windowed = IS_ENABLED(CONFIG_CXL_REGION);
		piece->restricted |= w->restricted;
	}
}

/* Where does the piece that starts at @start end, and which is its node? */
static u64 piece_end(const struct soft_reserve_windows *windows, u64 start,
		     u64 end, int *nid)
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
	 * Memory blocks belong to the node of their first byte, and what no
	 * table knows is taken to belong with what stands before it.
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
 * soft_reserve_cut() - cut a range into pieces
 * @windows: CXL's windows
 * @start: first address of the range
 * @end: its last address
 * @to: where to put the pieces, zeroed, or NULL to only count them
 *
 * Return: the number of pieces.
 */
VISIBLE_IF_KUNIT unsigned int
soft_reserve_cut(const struct soft_reserve_windows *windows, u64 start, u64 end,
		 struct soft_reserve *to)
{
	unsigned int nr = 0;
	u64 last;
	int nid;

	do {
		last = piece_end(windows, start, end, &nid);
		if (to) {
			struct soft_reserve *piece = to + nr;

			piece->range = (struct range) { start, last };
			piece->nid = nid;
			piece_set_window(piece, windows);
			piece->hold = soft_reserve_res(&piece->range);
			piece->entry = piece->hold;
		}
		nr++;
		start = last + 1;
	} while (last < end);

	return nr;
}
EXPORT_SYMBOL_IF_KUNIT(soft_reserve_cut);

static int __init piece_cmp(const void *_a, const void *_b)
{
	const struct soft_reserve *a = _a, *b = _b;

	return a->range.start < b->range.start ? -1 : 1;
}

/*
 * Turn firmware's ranges into pieces. The tables are there (SRAT and CEDT are
 * parsed early), all of e820 or the EFI memory map was added by initcalls that
 * come before, and no driver that could want a piece was probed.
 */
static int __init soft_reserve_init(void)
{
	struct soft_reserve *pieces;
	struct soft_reserve_windows windows = { };
	struct firmware_range *fw, *next;
	unsigned int i = 0, nr = 0;

	if (list_empty(&firmware_ranges))
		return 0;

	if (acpi_table_parse_cedt(ACPI_CEDT_TYPE_CFMWS,
				  IS_ENABLED(CONFIG_CXL_ACPI) ?
				  window_add : window_add_restricted, &windows) < 0)
		pr_debug("no CXL windows\n");

	list_for_each_entry(fw, &firmware_ranges, list)
		nr += soft_reserve_cut(&windows, fw->hold.start, fw->hold.end,
				       NULL);

	pieces = kvcalloc(nr, sizeof(*pieces), GFP_KERNEL);
	if (!pieces)
		goto no_memory;

	list_for_each_entry(fw, &firmware_ranges, list)
		i += soft_reserve_cut(&windows, fw->hold.start, fw->hold.end,
				      pieces + i);
	sort(pieces, nr, sizeof(*pieces), piece_cmp, NULL);
	for (i = 0; i < nr; i++)
		pr_info("%pR node %d%s\n", &pieces[i].hold, pieces[i].nid,
			pieces[i].windowed ? ", in a CXL window" : "");

	/* the new holds go inside the old, so that there is no gap in time */
	if (soft_reserve_start(pieces, nr, publish_early))
		goto no_memory;
	list_for_each_entry_safe(fw, next, &firmware_ranges, list) {
		remove_resource(&fw->hold);
		list_del(&fw->list);
		kfree(fw);
	}
	goto out;

no_memory:
	/* as before this layer was: nobody decides, nothing is lost */
	list_for_each_entry(fw, &firmware_ranges, list) {
		release_resource(&fw->hold);
		insert_resource(&iomem_resource, &fw->hold);
	}
	pr_err("no memory to keep track of %u ranges\n", nr);
out:
	kvfree(pieces);
	kfree(windows.window);
	return 0;
}
fs_initcall(soft_reserve_init);
