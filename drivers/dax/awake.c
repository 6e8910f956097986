// SPDX-License-Identifier: GPL-2.0-only
/*
 * CXL devices stay awake while memory that they may decode is claimed
 *
 * A PCI function that no driver is bound to may be suspended at run time if
 * power/control says so, and then the ports above it, which cuts off the memory
 * behind them. Which function decodes what, only its driver could tell: so each
 * claim that CXL may be behind holds a reference on all of them, and on the ports
 * above them, which stay when a function is removed and found again.
 */
#include <linux/err.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include "awake.h"

/* programming interface of a CXL memory device, CXL 3.1 section 8.1.12.1 */
#define CXL_MEMORY_CLASS	(PCI_CLASS_MEMORY_CXL << 8 | 0x10)

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
 * dax_awake_get() - keep CXL memory devices, and ports, from runtime suspend
 *
 * Those that are there now; one that is asleep is woken up.
 *
 * Context: Process context, may sleep.
 * Return: what to hand to dax_awake_put(), NULL if memory is short.
 */
struct dax_awake *dax_awake_get(void)
{
	const unsigned int max = nr_devices();
	struct pci_dev *pdev = NULL, *up;
	struct dax_awake *awake;

	awake = kzalloc(struct_size(awake, device, max), GFP_KERNEL);
	if (!awake)
		return NULL;

	while ((pdev = pci_get_class(CXL_MEMORY_CLASS, pdev))) {
		/* one that has come meanwhile has no room: it is new */
		for (up = pdev; up && awake->nr < max; up = pci_upstream_bridge(up))
			keep_awake(awake, up);
	}
	return awake;
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
