// SPDX-License-Identifier: GPL-2.0-only
/*
 * CXL devices stay awake while memory that they may decode is claimed
 *
 * A PCI function that no driver is bound to may be suspended at run time if
 * power/control says so, and then the ports above it, which cuts off the memory
 * behind them. Which function decodes what, only its driver could tell: so each
 * claim that CXL may be behind holds a reference on all of them.
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
	struct pci_dev *function[];
};

static unsigned int nr_functions(void)
{
	struct pci_dev *pdev = NULL;
	unsigned int nr = 0;

	while ((pdev = pci_get_class(CXL_MEMORY_CLASS, pdev)))
		nr++;
	return nr;
}

/**
 * dax_awake_get() - keep CXL memory devices from runtime suspend
 *
 * Those that are there now; one that is asleep is woken up.
 *
 * Context: Process context, may sleep.
 * Return: what to hand to dax_awake_put(), NULL if memory is short.
 */
struct dax_awake *dax_awake_get(void)
{
	const unsigned int max = nr_functions();
	struct pci_dev *pdev = NULL;
	struct dax_awake *awake;

	awake = kzalloc(struct_size(awake, function, max), GFP_KERNEL);
	if (!awake)
		return NULL;

	while ((pdev = pci_get_class(CXL_MEMORY_CLASS, pdev))) {
		/* one more has come meanwhile: nobody has claimed what it decodes */
		if (awake->nr == max) {
			pci_dev_put(pdev);
			break;
		}
		pm_runtime_get_sync(&pdev->dev);
		awake->function[awake->nr++] = pci_dev_get(pdev);
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
		pm_runtime_put(&awake->function[i]->dev);
		pci_dev_put(awake->function[i]);
	}
	kfree(awake);
}
