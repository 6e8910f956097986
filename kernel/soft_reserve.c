// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: what firmware marked, and the fences around it
 *
 * Platform firmware marks memory for a specific purpose (EFI_MEMORY_SP, UEFI 2.8
 * section 7.2). The architecture's memory map code adds these ranges here. It
 * does not insert them into iomem_resource, where they would be in the way of
 * CXL's regions before it is decided who owns them. drivers/dax/arbiter/ takes
 * the ranges over at fs_initcall level and decides that. The arbiter calls this
 * file, and this file never calls the arbiter.
 *
 * Addresses that are not in iomem_resource look free. So each range has a
 * *fence*, a resource in a separate tree, which the allocators of
 * kernel/resource.c stay off. The tree is not part of iomem_resource: the
 * fences would be shown to users, and would conflict with CXL windows. For
 * allocations inside a CXL window, only a fence with IORES_DESC_SOFT_RESERVED
 * counts: HMEM owns the memory behind it, or its owner is undecided.
 *
 * Locking: the tree is protected by resource_lock, like any tree of resources.
 * The list of ranges is written by initcalls only, before the arbiter reads it.
 */
#define pr_fmt(fmt) "soft_reserve: " fmt

#include <kunit/visibility.h>
#include <linux/efi.h>
#include <linux/init.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/soft_reserve.h>

struct resource soft_reserve_fences = {
	.name	= "Soft Reserved",
	.start	= 0,
	.end	= -1,
	.flags	= IORESOURCE_MEM,
};
EXPORT_SYMBOL_IF_KUNIT(soft_reserve_fences);

/* A range that firmware marked; ranges that overlap or touch are merged */
struct firmware_range {
	struct list_head list;
	struct range range;
	struct resource res;
};

/* Sorted by address */
static LIST_HEAD(firmware_ranges);

/* For ranges that are not empty. A range may end at U64_MAX: no end + 1 here */
static bool __init gap_between(const struct range *low, const struct range *high)
{
	return high->start > low->end && high->start - low->end > 1;
}

static bool __init ranges_touch(const struct range *a, const struct range *b)
{
	return !gap_between(a, b) && !gap_between(b, a);
}

/**
 * soft_reserve_add() - record and fence off a range that firmware marked
 * @start: first physical address
 * @end: last physical address
 *
 * For the architecture's memory map code, before fs_initcall level. The range
 * is merged with ranges that it overlaps or touches.
 *
 * Context: Initcalls only, may sleep.
 * Return: true if the range is recorded here. If false, the caller has to
 * insert it into iomem_resource: no HMEM driver is configured, Soft Reserved
 * memory is disabled, the range is invalid, or memory is short.
 */
bool __init soft_reserve_add(u64 start, u64 end)
{
	struct firmware_range *new, *old, *next;
	struct list_head *before = &firmware_ranges;

	if (!IS_ENABLED(CONFIG_DEV_DAX_HMEM_DEVICES) ||
	    !efi_soft_reserve_enabled() || start >= end)
		return false;

	/* addresses that the processor cannot map are of no use to anybody */
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

	new->range = (struct range) { start, end };
	list_for_each_entry_safe(old, next, &firmware_ranges, list) {
		if (!ranges_touch(&old->range, &new->range)) {
			if (old->range.start < start)
				before = &old->list;
			continue;
		}
		new->range.start = min(new->range.start, old->range.start);
		new->range.end = max(new->range.end, old->range.end);
		release_resource(&old->res);
		list_del(&old->list);
		kfree(old);
	}

	new->res = DEFINE_RES_MEM_NAMED(new->range.start, range_len(&new->range),
					"Soft Reserved");
	new->res.desc = IORES_DESC_SOFT_RESERVED;
	request_resource(&soft_reserve_fences, &new->res);
	list_add(&new->list, before);
	return true;
}

/**
 * soft_reserve_clip_end() - end a range before the next Soft Reserved one
 * @start: first physical address that is wanted
 * @end: last physical address that is wanted
 *
 * Context: Initcalls only.
 * Return: the last address up to @end before anything that is Soft Reserved; an
 * address below @start, or 0, if @start itself is Soft Reserved.
 */
u64 __init soft_reserve_clip_end(u64 start, u64 end)
{
	struct firmware_range *fw;

	list_for_each_entry(fw, &firmware_ranges, list)
		if (fw->range.end >= start && fw->range.start <= end)
			end = fw->range.start ? fw->range.start - 1 : 0;
	return end;
}

/**
 * soft_reserve_clip() - find the part of a gap that an allocator may have
 * @avail: free physical addresses; becomes the largest part of them that is not
 *	   fenced off, the first one if there are several, or empty (the end is
 *	   below the start) if there is none
 *
 * Context: The caller holds resource_lock.
 */
void soft_reserve_clip(struct resource *avail)
{
	resource_size_t start = avail->start, best_start = 1, best_end = 0;
	const resource_size_t end = avail->end;
	struct resource *fence;

	for (fence = soft_reserve_fences.child; fence && fence->start <= end;
	     fence = fence->sibling) {
		if (fence->end < start)
			continue;
		if (fence->start > start &&
		    (best_end < best_start ||
		     fence->start - start > best_end - best_start + 1)) {
			best_start = start;
			best_end = fence->start - 1;
		}
		if (fence->end >= end)
			goto out;
		start = fence->end + 1;
	}
	if (best_end < best_start || end - start > best_end - best_start) {
		best_start = start;
		best_end = end;
	}
out:
	avail->start = best_start;
	avail->end = best_end;
}
EXPORT_SYMBOL_IF_KUNIT(soft_reserve_clip);

/**
 * soft_reserve_conflict() - is a part of a range fenced off
 * @base: resource to allocate from: a CXL window, or any other one
 * @start: first physical address that is wanted
 * @size: in bytes
 *
 * Context: The caller holds resource_lock.
 * Return: true if the range must not be allocated from @base.
 */
bool soft_reserve_conflict(const struct resource *base, resource_size_t start,
			   resource_size_t size)
{
	const resource_size_t end = start + size - 1;
	struct resource *fence;

	for (fence = soft_reserve_fences.child; fence && fence->start <= end;
	     fence = fence->sibling) {
		if (fence->end >= start &&
		    (base->desc != IORES_DESC_CXL ||
		     READ_ONCE(fence->desc) == IORES_DESC_SOFT_RESERVED))
			return true;
	}
	return false;
}

/**
 * soft_reserve_contains() - did firmware mark all of a range
 * @start: first physical address
 * @size: in bytes
 *
 * The answer does not depend on who owns the range. For code that would look
 * for IORES_DESC_SOFT_RESERVED in iomem_resource, where the range may be
 * missing.
 *
 * Context: From fs_initcall level on.
 * Return: true if all of the range is Soft Reserved.
 */
bool soft_reserve_contains(u64 start, u64 size)
{
	struct firmware_range *fw;

	list_for_each_entry(fw, &firmware_ranges, list)
		if (start >= fw->range.start && start <= fw->range.end)
			return size && size - 1 <= fw->range.end - start;
	return false;
}
EXPORT_SYMBOL_GPL(soft_reserve_contains);

/**
 * soft_reserve_next() - iterate over the ranges that firmware marked
 * @range: the previous range, NULL to start with the lowest
 *
 * Context: From fs_initcall level on.
 * Return: the next higher range, NULL if there is none.
 */
const struct range *soft_reserve_next(const struct range *range)
{
	const struct firmware_range *fw = range ?
		container_of(range, struct firmware_range, range) :
		list_entry(&firmware_ranges, struct firmware_range, list);

	if (list_is_last(&fw->list, &firmware_ranges))
		return NULL;
	return &list_next_entry(fw, list)->range;
}

/**
 * soft_reserve_remove_fences() - remove the fences: the arbiter has inserted its own
 *
 * The arbiter's fences lie inside of these: no address is ever without a fence.
 *
 * Context: Initcall.
 */
void __init soft_reserve_remove_fences(void)
{
	struct firmware_range *fw;

	list_for_each_entry(fw, &firmware_ranges, list)
		remove_resource(&fw->res);
}

/**
 * soft_reserve_publish_all() - insert all ranges into iomem_resource
 *
 * Nobody will decide who owns the ranges, so they are shown, but not served.
 *
 * Context: Initcall, instead of soft_reserve_remove_fences().
 */
void __init soft_reserve_publish_all(void)
{
	struct firmware_range *fw;

	list_for_each_entry(fw, &firmware_ranges, list) {
		release_resource(&fw->res);
		if (insert_resource(&iomem_resource, &fw->res))
			pr_warn("%pR cannot be published\n", &fw->res);
	}
}
