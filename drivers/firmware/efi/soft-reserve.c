// SPDX-License-Identifier: GPL-2.0-only
/*
 * Soft Reserved memory on architectures without e820: taken from the EFI memory
 * map (UEFI 2.8 section 7.2, EFI_MEMORY_SP)
 */
#include <linux/efi.h>
#include <linux/ioport.h>
#include <linux/slab.h>
#include <linux/soft_reserve.h>

/* Types that are usable memory after ExitBootServices(), the same as on x86 */
static bool __init efi_md_available(const efi_memory_desc_t *md)
{
	switch (md->type) {
	case EFI_LOADER_CODE:
	case EFI_LOADER_DATA:
	case EFI_BOOT_SERVICES_CODE:
	case EFI_BOOT_SERVICES_DATA:
	case EFI_CONVENTIONAL_MEMORY:
		return true;
	default:
		return false;
	}
}

/**
 * efi_soft_reserve_init() - add the ranges that the EFI memory map marks
 *
 * Context: Early initcall; the EFI memory map is mapped.
 */
void __init efi_soft_reserve_init(void)
{
	efi_memory_desc_t *md;

	if (!efi_soft_reserve_enabled())
		return;

	for_each_efi_memory_desc(md) {
		u64 start = md->phys_addr;
		u64 end = start + (md->num_pages << EFI_PAGE_SHIFT) - 1;
		struct resource *res;

		if (!(md->attribute & EFI_MEMORY_SP) || !md->num_pages)
			continue;
		if (efi_md_available(md) && soft_reserve_add(start, end))
			continue;

		res = kzalloc(sizeof(*res), GFP_KERNEL);
		if (WARN_ON(!res))
			break;

		res->start = start;
		res->end = end;
		res->name = "Soft Reserved";
		res->flags = IORESOURCE_MEM;
		/* else no driver serves it, but iomem shows it, as it always did */
		if (efi_md_available(md))
			res->desc = IORES_DESC_SOFT_RESERVED;
		insert_resource(&iomem_resource, res);
	}
}
