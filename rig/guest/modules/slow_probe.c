// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver whose probe takes long, or never ends
 *
 * It makes a platform device of its own, which has nothing to do with anything, or,
 * with pci=1, waits for a CXL device whose driver_override names it.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/platform_device.h>

static unsigned int seconds = 90;
module_param(seconds, uint, 0444);
MODULE_PARM_DESC(seconds, "How long the probe takes; 0: it dies");

static bool pci;
module_param(pci, bool, 0444);
MODULE_PARM_DESC(pci, "Probe a CXL device in place of a platform device");

static bool async;
module_param(async, bool, 0444);
MODULE_PARM_DESC(async, "Probe asynchronously");

static int slow(struct device *dev)
{
	dev_info(dev, "slow_probe: begins\n");
	if (!seconds)
		BUG();
	ssleep(seconds);
	dev_info(dev, "slow_probe: ends\n");
	return -ENODEV;
}

static int slow_platform_probe(struct platform_device *pdev)
{
	return slow(&pdev->dev);
}

static int slow_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	return slow(&pdev->dev);
}

static struct platform_driver slow_platform_driver = {
	.probe = slow_platform_probe,
	.driver.name = "slow_probe",
};

static const struct pci_device_id slow_ids[] = {
	{ PCI_DEVICE_DRIVER_OVERRIDE(PCI_ANY_ID, PCI_ANY_ID, PCI_ID_F_VFIO_DRIVER_OVERRIDE) },
	{ }
};

static struct pci_driver slow_pci_driver = {
	.name = "slow_probe",
	.id_table = slow_ids,
	.probe = slow_pci_probe,
};

static struct platform_device *device;

static int __init slow_probe_init(void)
{
	const enum probe_type type = async ? PROBE_PREFER_ASYNCHRONOUS :
					     PROBE_FORCE_SYNCHRONOUS;
	int rc;

	if (pci) {
		slow_pci_driver.driver.probe_type = type;
		return pci_register_driver(&slow_pci_driver);
	}

	device = platform_device_register_simple("slow_probe", 0, NULL, 0);
	if (IS_ERR(device))
		return PTR_ERR(device);
	slow_platform_driver.driver.probe_type = type;
	rc = platform_driver_register(&slow_platform_driver);
	if (rc)
		platform_device_unregister(device);
	return rc;
}
module_init(slow_probe_init);

MODULE_DESCRIPTION("A driver whose probe takes long, for tests");
MODULE_LICENSE("GPL");
