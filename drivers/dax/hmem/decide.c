// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: when to decide who owns Soft Reserved memory
 *
 * What lies outside of every CXL window is HMEM's as soon as there is a driver
 * for it. For the rest CXL comes first, so the decision waits until CXL's
 * initial probing is over. That takes as long as it takes: drivers may be
 * modules, and probe asynchronously. So it is waited for in a worker that no
 * probe and no remove ever waits for. It lives in the kernel proper, since it
 * may outlast the module that asked for it.
 *
 * CXL's probing, that is: its drivers, its root device, its PCI functions, and
 * what its bus has made of these. Other probes of the machine may take as long as
 * they like, or never end.
 *
 * Locking: hmem_register is protected by the device lock of hmem_platform.0,
 * which its probe and remove hold, and which the worker takes when it is done
 * with waiting.
 */
#include <kunit/visibility.h>
#include <linux/acpi.h>
#include <linux/device/driver.h>
#include <linux/init.h>
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/preempt.h>
#include <linux/soft_reserve.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "hmem.h"

static struct platform_device *hmem_platform;
static soft_reserve_fn hmem_register;

/* How long until the log speaks again of what is waited for */
#define PATIENCE	(60 * HZ)

#ifdef CONFIG_MODULES
/*
 * The drivers that make regions out of what firmware has set up, and those that
 * serve them, and the rest. By alias, so that what an administrator has
 * blacklisted is found absent.
 */
static struct wanted {
	const char *name;
	const char *alias;
	bool module;
	bool asked;
	struct work_struct ask;
} drivers[] = {
	{ "cxl_acpi", "acpi:ACPI0017:", IS_MODULE(CONFIG_CXL_ACPI) },
	{ "cxl_port", "cxl:t3", IS_MODULE(CONFIG_CXL_PORT) },
	{ "cxl_mem", "cxl:t5", IS_MODULE(CONFIG_CXL_MEM) },
	{ "cxl_pci", "pci:v00000000d00000000sv00000000sd00000000bc05sc02i10",
	  IS_MODULE(CONFIG_CXL_PCI) },
	{ "dax_cxl", "cxl:t8", IS_MODULE(CONFIG_DEV_DAX_CXL) },
	{ "dax_hmem", "platform:hmem_platform", IS_MODULE(CONFIG_DEV_DAX_HMEM) },
};

static DECLARE_WAIT_QUEUE_HEAD(modules_changed);

/* A driver is there when its module's init is over: it has probed, or scheduled that */
static bool driver_settled(const struct wanted *driver)
{
	const struct module *module;

	guard(preempt)();
	module = find_module(driver->name);
	if (!module || module->state == MODULE_STATE_GOING)
		return READ_ONCE(driver->asked);
	return module->state == MODULE_STATE_LIVE;
}

static int module_changed(struct notifier_block *nb, unsigned long state, void *module)
{
	wake_up_all(&modules_changed);
	return NOTIFY_DONE;
}

static struct notifier_block module_notifier = {
	.notifier_call = module_changed,
};

static void ask_for_driver(struct work_struct *work)
{
	struct wanted *driver = container_of(work, struct wanted, ask);

	request_module("%s", driver->alias);
	WRITE_ONCE(driver->asked, true);
	wake_up_all(&modules_changed);
}

/*
 * Each from a worker of its own. A module can be used before modprobe returns from
 * loading it: that waits for all asynchronous probes of the machine.
 */
static void load_drivers(void)
{
	struct device *host = &hmem_platform->dev;

	for (int i = 0; i < ARRAY_SIZE(drivers); i++) {
		struct wanted *driver = &drivers[i];

		if (!driver->module || work_busy(&driver->ask))
			continue;
		WRITE_ONCE(driver->asked, false);
		if (!driver_settled(driver))
			queue_work(system_long_wq, &driver->ask);
		else
			/* if it is unloaded from now on, it is absent */
			WRITE_ONCE(driver->asked, true);
	}

	for (int i = 0; i < ARRAY_SIZE(drivers); i++) {
		struct wanted *driver = &drivers[i];

		while (driver->module &&
		       !wait_event_idle_timeout(modules_changed,
						driver_settled(driver), PATIENCE))
			dev_warn(host, "still waiting for %s to be loaded, before it is decided who owns Soft Reserved memory\n",
				 driver->name);
	}
}

static int __init drivers_init(void)
{
	for (int i = 0; i < ARRAY_SIZE(drivers); i++)
		INIT_WORK(&drivers[i].ask, ask_for_driver);
	return register_module_notifier(&module_notifier);
}
core_initcall(drivers_init);
#else
static void load_drivers(void)
{
}
#endif

static void wait_for_probe(struct device *dev)
{
	struct device *host = &hmem_platform->dev;

	if (wait_for_probe_of(dev, 0))
		return;

	dev_info(host, "waiting for %s to probe, before it is decided who owns Soft Reserved memory\n",
		 dev_name(dev));
	while (!wait_for_probe_of(dev, PATIENCE))
		dev_warn(host, "still waiting for %s to probe: Soft Reserved memory has no owner until it is done\n",
			 dev_name(dev));
}

/* CXL's root, then the functions below it, then what its bus makes of them */
static void wait_for_cxl(void)
{
#ifdef CONFIG_ACPI
	struct acpi_device *adev;

	for_each_acpi_dev_match(adev, "ACPI0017", NULL, -1) {
		struct device *root = get_device(acpi_get_first_physical_node(adev));

		if (root)
			wait_for_probe(root);
		put_device(root);
	}
#endif
#ifdef CONFIG_PCI
	struct pci_dev *pdev = NULL;

	while ((pdev = pci_get_class(PCI_CLASS_MEMORY_CXL << 8 | 0x10, pdev)))
		wait_for_probe(&pdev->dev);
#endif
	soft_reserve_settle_peer(wait_for_probe);
}

static void hmem_decide_windowed(struct work_struct *work)
{
	struct device *host = &hmem_platform->dev;

	if (soft_reserve_undecided()) {
		load_drivers();
		/* its probe says whether HMEM can be had */
		wait_for_probe(host);
		wait_for_cxl();

		guard(device)(host);
		if (soft_reserve_decide(true, host, hmem_register)) {
			dev_err(host, "no memory to decide who owns Soft Reserved memory, unbind and bind to try again\n");
			return;
		}
	}
	soft_reserve_attach_peer();
}

static DECLARE_WORK(hmem_decide_work, hmem_decide_windowed);

/*
 * Drivers may be built in, and later in the order of initcalls: do not ask for
 * the decision before all of them had their turn.
 */
enum {
	INITCALLS_DONE,
	DECIDE_ASKED,
};

static unsigned long hmem_flags;

static int __init hmem_initcalls_done(void)
{
	set_bit(INITCALLS_DONE, &hmem_flags);
	smp_mb__after_atomic();	/* pairs with that in hmem_decide() */
	if (test_bit(DECIDE_ASKED, &hmem_flags))
		queue_work(system_long_wq, &hmem_decide_work);
	return 0;
}
late_initcall_sync(hmem_initcalls_done);

/* Have what is undecided decided, and do not wait for it; any context */
static void hmem_decide(void)
{
	set_bit(DECIDE_ASKED, &hmem_flags);
	smp_mb__after_atomic();	/* either of the two sees both bits */
	if (test_bit(INITCALLS_DONE, &hmem_flags))
		queue_work(system_long_wq, &hmem_decide_work);
}

/**
 * hmem_start() - a driver can serve Soft Reserved memory
 * @host: hmem_platform.0
 * @fn: makes a device for a piece that is HMEM's
 *
 * @fn is called from here for what CXL cannot want, and from a worker for the
 * rest, once it is decided.
 *
 * Context: From probe, @host's device lock is held.
 * Return: 0 or -ENOMEM.
 */
int hmem_start(struct device *host, soft_reserve_fn fn)
{
	int rc;

	device_lock_assert(host);

	rc = soft_reserve_reopen();
	rc = rc ?: soft_reserve_decide(false, host, fn);
	if (rc)
		return rc;

	hmem_register = fn;
	/* where no window has any, nobody loads modules of CXL for it */
	if (soft_reserve_undecided())
		hmem_decide();
	return 0;
}
EXPORT_SYMBOL_GPL(hmem_start);

/**
 * hmem_stop() - the driver goes
 * @host: hmem_platform.0
 *
 * @fn of hmem_start() is not called any more. Does not wait for the worker.
 *
 * Context: From remove, @host's device lock is held.
 */
void hmem_stop(struct device *host)
{
	device_lock_assert(host);
	hmem_register = NULL;
}
EXPORT_SYMBOL_GPL(hmem_stop);

/**
 * hmem_platform_add() - make the device that dax_hmem binds to
 *
 * Only where firmware has marked memory Soft Reserved.
 *
 * Context: Initcall at device level, or a test.
 * Return: 0 or an error code.
 */
int hmem_platform_add(void)
{
	int rc = -ENOMEM;

	if (!soft_reserve_nr())
		return 0;

	/* known before its driver binds and asks for a decision */
	hmem_platform = platform_device_alloc("hmem_platform", 0);
	if (hmem_platform)
		rc = platform_device_add(hmem_platform);
	if (rc) {
		pr_err("failed to register device-dax hmem_platform device\n");
		platform_device_put(hmem_platform);
		hmem_platform = NULL;
		soft_reserve_publish_all();
		return rc;
	}
	soft_reserve_on_ask(&hmem_platform->dev, hmem_decide);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(hmem_platform_add);

#if IS_ENABLED(CONFIG_KUNIT)
/**
 * hmem_platform_del() - undo hmem_platform_add()
 *
 * For tests: what firmware has marked stays marked.
 *
 * Context: Process context, sleeps. Nobody binds the device meanwhile.
 */
void hmem_platform_del(void)
{
	if (!hmem_platform)
		return;

	soft_reserve_on_ask(NULL, NULL);
	cancel_work_sync(&hmem_decide_work);
	platform_device_unregister(hmem_platform);
	hmem_platform = NULL;
}
EXPORT_SYMBOL_IF_KUNIT(hmem_platform_del);
#endif
