// SPDX-License-Identifier: GPL-2.0-only
/*
 * CXL devices stay awake while memory that they may decode is claimed
 *
 * A PCI function without a driver may be suspended at run time if power/control
 * allows that, and then the ports above it. That cuts off the memory behind
 * them. Only a driver could tell which function decodes which range. So each
 * claim of memory that CXL devices may decode takes a runtime PM reference on
 * all of these devices and on the ports above them. The ports stay when a
 * function is removed and found again.
 */
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include "internal.h"

struct dax_awake {
	unsigned int nr;
	struct pci_dev *device[];
};

static unsigned int nr_devices(void)
{
	struct pci_dev *pdev = NULL, *up;
	unsigned int nr = 0;

	while ((pdev = pci_get_class(CXL_MEMORY_CLASS, pdev)))
		for (up = pdev; up; up = pci_upstream_bridge(up))
			nr++;
	return nr;
}

static void keep_awake(struct dax_awake *awake, struct pci_dev *pdev)
{
	pm_runtime_get_sync(&pdev->dev);
	awake->device[awake->nr++] = pci_dev_get(pdev);
}

/**
 * dax_awake_put() - undo dax_awake_get()
 * @awake: what it returned, or NULL
 *
 * Context: Process context, may sleep.
 */
void dax_awake_put(struct dax_awake *awake)
{
	if (!awake)
		return;

	for (unsigned int i = 0; i < awake->nr; i++) {
		pm_runtime_put(&awake->device[i]->dev);
		pci_dev_put(awake->device[i]);
	}
	kfree(awake);
}

static struct dax_awake *awake_get_some(unsigned int max)
{
	struct pci_dev *pdev = NULL, *up;
	struct dax_awake *awake;

	awake = kzalloc(struct_size(awake, device, max), GFP_KERNEL);
	if (!awake)
		return NULL;

	while ((pdev = pci_get_class(CXL_MEMORY_CLASS, pdev)))
		for (up = pdev; up && awake->nr < max; up = pci_upstream_bridge(up))
			keep_awake(awake, up);
	return awake;
}

/**
 * dax_awake_get() - keep CXL memory devices, and ports, from runtime suspend
 *
 * All that exist now. Those that are suspended are resumed.
 *
 * Context: Process context, may sleep.
 * Return: the argument for dax_awake_put(), NULL if memory is short.
 */
struct dax_awake *dax_awake_get(void)
{
	while (1) {
		const unsigned int nr = nr_devices();
		struct dax_awake *awake = awake_get_some(nr);

		if (!awake || nr_devices() <= nr)
			return awake;
		/* one was added meanwhile, and may have taken another's place */
		dax_awake_put(awake);
	}
}
