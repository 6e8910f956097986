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
 * Locking: hmem_register is protected by the device lock of hmem_platform.0,
 * which its probe and remove hold, and which the worker takes when it is done
 * with waiting.
 */
#include <kunit/visibility.h>
#include <linux/device/driver.h>
#include <linux/init.h>
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/preempt.h>
#include <linux/soft_reserve.h>
#include <linux/workqueue.h>
#include "hmem.h"

static struct platform_device *hmem_platform;
static soft_reserve_fn hmem_register;

/*
 * The drivers that make regions out of what firmware has set up, and the one
 * that serves the rest. By alias, so that what an administrator has blacklisted
 * is found absent.
 */
static const struct {
	const char *name;
	const char *alias;
	bool module;
} drivers[] = {
	{ "cxl_acpi", "acpi:ACPI0017:", IS_MODULE(CONFIG_CXL_ACPI) },
	{ "cxl_port", "cxl:t3", IS_MODULE(CONFIG_CXL_PORT) },
	{ "cxl_mem", "cxl:t5", IS_MODULE(CONFIG_CXL_MEM) },
	{ "cxl_pci", "pci:v00000000d00000000sv00000000sd00000000bc05sc02i10",
	  IS_MODULE(CONFIG_CXL_PCI) },
	{ "dax_hmem", "platform:hmem_platform", IS_MODULE(CONFIG_DEV_DAX_HMEM) },
};

/* Has its driver been registered? Then there is no need to run modprobe. */
#ifdef CONFIG_MODULES
static bool is_live(const char *name)
{
	const struct module *module;

	guard(preempt)();
	module = find_module(name);
	return module && module->state == MODULE_STATE_LIVE;
}
#else
static bool is_live(const char *name)
{
	return true;
}
#endif

static void hmem_decide_windowed(struct work_struct *work)
{
	struct device *host = &hmem_platform->dev;

	for (int i = 0; i < ARRAY_SIZE(drivers); i++)
		if (drivers[i].module && !is_live(drivers[i].name))
			request_module("%s", drivers[i].alias);

	/*
	 * Probes, then the rescan of CXL's bus that they have queued, then the
	 * probes that this has led to.
	 */
	wait_for_device_probe();
	soft_reserve_flush_peer();
	wait_for_device_probe();

	scoped_guard(device, host) {
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

	soft_reserve_reopen();
	rc = soft_reserve_decide(false, host, fn);
	if (rc)
		return rc;

	hmem_register = fn;
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
	soft_reserve_on_ask(hmem_decide);
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

	soft_reserve_on_ask(NULL);
	cancel_work_sync(&hmem_decide_work);
	platform_device_unregister(hmem_platform);
	hmem_platform = NULL;
}
EXPORT_SYMBOL_IF_KUNIT(hmem_platform_del);
#endif
