// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: when to decide who owns Soft Reserved memory
 *
 * HMEM owns pieces outside of every CXL window as soon as its driver is bound.
 * For all others CXL comes first, so the decision waits until CXL's initial
 * probing is over. The time for that has no limit: drivers may be modules, and
 * may probe asynchronously. So a worker waits, and no probe and no remove waits
 * for that worker. It is built in, since the module that requested the decision
 * may be unloaded meanwhile.
 *
 * CXL's initial probing is that of its root device, of its PCI functions and of
 * the devices on its bus, with all of its drivers. Other probes of the machine
 * do not matter, even if they never end.
 *
 * Locking: hmem_register is written under the device lock of hmem_platform.0
 * and dax_arbiter_mutex, so either is enough to read it. Probe and remove of
 * that device hold its lock, and the worker takes it after it has waited. All
 * else is protected by dax_arbiter_mutex.
 */
#include <linux/acpi.h>
#include <linux/device.h>
#include <linux/device/driver.h>
#include <linux/init.h>
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/preempt.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "internal.h"

/* hmem_platform.0, the device for the log lines, or NULL */
static struct device *decision_host;
static dax_hmem_fn hmem_register;

/*
 * Built-in drivers may be registered by later initcalls: no decision before all
 * initcalls are done.
 */
static bool initcalls_done;

/* Woken up after a decision, when none will be made, or to end a wait early */
static DECLARE_WAIT_QUEUE_HEAD(decision_wq);
static unsigned int nr_decisions;

/* How long until the log repeats what the worker waits for */
#define LOG_INTERVAL	(60 * HZ)

#ifdef CONFIG_MODULES
/*
 * The drivers that assemble regions from firmware's decoders, that serve
 * regions, and that serve the rest. They are loaded by alias, so that a module
 * that an administrator has blacklisted is not loaded, and counts as absent.
 */
static struct driver_module {
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

/* After module init, the driver's probes have been run or scheduled */
static bool driver_settled(const struct driver_module *driver)
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
	struct driver_module *driver = container_of(work, struct driver_module, ask);

	request_module("%s", driver->alias);
	WRITE_ONCE(driver->asked, true);
	wake_up_all(&modules_changed);
}

/*
 * Each module is requested by a separate work, and nobody waits for these
 * works: modprobe may return much later than module init, since it waits for
 * all asynchronous probes of the machine.
 */
static void load_drivers(struct device *host)
{
	for (int i = 0; i < ARRAY_SIZE(drivers); i++) {
		struct driver_module *driver = &drivers[i];

		if (!driver->module || work_busy(&driver->ask))
			continue;
		WRITE_ONCE(driver->asked, false);
		if (!driver_settled(driver))
			queue_work(system_long_wq, &driver->ask);
		else
			/* if it is unloaded from now on, it counts as absent */
			WRITE_ONCE(driver->asked, true);
	}

	for (int i = 0; i < ARRAY_SIZE(drivers); i++) {
		struct driver_module *driver = &drivers[i];

		while (driver->module &&
		       !wait_event_idle_timeout(modules_changed,
						driver_settled(driver), LOG_INTERVAL))
			dev_warn(host, "still waiting for %s to be loaded, before it is decided who owns Soft Reserved memory\n",
				 driver->name);
	}
}

static int __init drivers_init(void)
{
	if (!IS_ENABLED(CONFIG_DEV_DAX_HMEM_DEVICES))
		return 0;
	for (int i = 0; i < ARRAY_SIZE(drivers); i++)
		INIT_WORK(&drivers[i].ask, ask_for_driver);
	return register_module_notifier(&module_notifier);
}
core_initcall(drivers_init);
#else
static void load_drivers(struct device *host)
{
}
#endif

static void wait_for_probe(struct device *dev)
{
	struct device *host = READ_ONCE(decision_host);

	if (wait_for_probe_of(dev, 0))
		return;

	dev_info(host, "waiting for %s to probe, before it is decided who owns Soft Reserved memory\n",
		 dev_name(dev));
	while (!wait_for_probe_of(dev, LOG_INTERVAL))
		dev_warn(host, "still waiting for %s to probe: Soft Reserved memory has no owner until it is done\n",
			 dev_name(dev));
}

#ifdef CONFIG_ACPI
static void wait_for_root(void)
{
	struct acpi_device *adev;

	for_each_acpi_dev_match(adev, "ACPI0017", NULL, -1) {
		struct device *root = get_device(acpi_get_first_physical_node(adev));

		if (root)
			wait_for_probe(root);
		put_device(root);
	}
}
#else
static void wait_for_root(void)
{
}
#endif

static void wait_for_functions(void)
{
	struct pci_dev *pdev = NULL;

	while ((pdev = pci_get_class(CXL_MEMORY_CLASS, pdev)))
		wait_for_probe(&pdev->dev);
}

static void decide_all(struct device *host)
{
	bool undecided;

	scoped_guard(dax_arbiter)
		undecided = range_undecided(ALL_ADDRESSES);

	if (undecided) {
		load_drivers(host);
		/* after the probe of @host, HMEM has a driver, or none */
		wait_for_probe(host);
		/* in the order in which each leads to the next */
		wait_for_root();
		wait_for_functions();
		arbiter_cxl_settle(wait_for_probe);

		guard(device)(host);
		if (arbiter_decide(true, host, hmem_register)) {
			dev_err(host, "no memory to decide who owns Soft Reserved memory, unbind and bind to try again\n");
			return;
		}
	}
	arbiter_cxl_attach();
}

static void decide_work_fn(struct work_struct *work)
{
	struct device *host;

	scoped_guard(dax_arbiter)
		host = get_device(decision_host);
	if (!host)
		return;
	decide_all(host);
	put_device(host);
}

static DECLARE_WORK(decide_work, decide_work_fn);

/**
 * arbiter_request_decision() - have the worker decide about undecided pieces
 *
 * Does not wait for it.
 *
 * Context: Under the arbiter's lock.
 */
void arbiter_request_decision(void)
{
	lockdep_assert_held(&dax_arbiter_mutex);
	if (decision_host && initcalls_done)
		queue_work(system_long_wq, &decide_work);
}

/* A driver that is a module asks for itself when it is loaded */
static void request_for_driver(void)
{
	if (hmem_register && range_undecided(ALL_ADDRESSES))
		arbiter_request_decision();
}

static int __init decide_after_initcalls(void)
{
	guard(dax_arbiter)();
	initcalls_done = true;
	request_for_driver();
	return 0;
}
late_initcall_sync(decide_after_initcalls);

/**
 * arbiter_wake_waiters() - a claim may have decided some pieces
 *
 * Context: Under the arbiter's lock.
 */
void arbiter_wake_waiters(void)
{
	lockdep_assert_held(&dax_arbiter_mutex);
	wake_up_all(&decision_wq);
}

/**
 * arbiter_decision_done() - there was a decision, or there will be none
 *
 * Context: Under the arbiter's lock.
 */
void arbiter_decision_done(void)
{
	lockdep_assert_held(&dax_arbiter_mutex);
	nr_decisions++;
	wake_up_all(&decision_wq);
}

/**
 * arbiter_host() - the device for the log lines of decisions
 *
 * Context: Under the arbiter's lock.
 * Return: hmem_platform.0, or NULL if there is none.
 */
struct device *arbiter_host(void)
{
	lockdep_assert_held(&dax_arbiter_mutex);
	return decision_host;
}

/**
 * dax_arbiter_set_host() - set the device that the HMEM driver binds to
 * @host: hmem_platform.0, or NULL if it is about to be removed: all waits for a
 *	  decision end then
 *
 * Context: Process context, may sleep. After the device is added, and before it is
 * removed: somebody may wait for its probe.
 */
void dax_arbiter_set_host(struct device *host)
{
	scoped_guard(dax_arbiter) {
		WRITE_ONCE(decision_host, host);
		if (host)
			request_for_driver();
		else
			arbiter_decision_done();
	}
	if (!host)
		cancel_work_sync(&decide_work);
}

/**
 * dax_hmem_start() - the HMEM driver is being bound
 * @host: hmem_platform.0
 * @fn: makes a device for a piece that HMEM owns
 *
 * @fn is called from here for pieces outside of every CXL window, and from a
 * worker for the others, after the decision.
 *
 * Context: From probe, @host's device lock is held.
 * Return: 0 or -ENOMEM.
 */
int dax_hmem_start(struct device *host, dax_hmem_fn fn)
{
	int rc;

	device_lock_assert(host);

	rc = arbiter_reconsider();
	rc = rc ?: arbiter_decide(false, host, fn);
	if (rc)
		return rc;

	guard(dax_arbiter)();
	hmem_register = fn;
	/* if nothing is undecided, CXL's modules are not asked for */
	request_for_driver();
	return 0;
}
EXPORT_SYMBOL_GPL(dax_hmem_start);

/**
 * dax_hmem_stop() - the HMEM driver is being unbound
 * @host: hmem_platform.0
 *
 * The callback of dax_hmem_start() is not called any more. Does not wait for
 * the worker.
 *
 * Context: From remove, @host's device lock is held.
 */
void dax_hmem_stop(struct device *host)
{
	device_lock_assert(host);
	guard(dax_arbiter)();
	hmem_register = NULL;
}
EXPORT_SYMBOL_GPL(dax_hmem_stop);

/**
 * dax_arbiter_request_decision() - have the worker decide about a range
 * @range: physical addresses
 *
 * Does not wait for it. Does nothing if no part of @range is undecided.
 *
 * Context: Process context, may sleep. Takes dax_arbiter_lock().
 */
void dax_arbiter_request_decision(const struct range *range)
{
	guard(dax_arbiter)();
	if (range_undecided(range))
		arbiter_request_decision();
}
EXPORT_SYMBOL_GPL(dax_arbiter_request_decision);

/**
 * dax_arbiter_wait() - request a decision about a range, and wait for it
 * @range: physical addresses
 * @gone: ends the wait early when it becomes true; dax_arbiter_wake() has to
 *	  be called after it is set
 *
 * Context: Process context, sleeps until CXL's initial probing is over. No
 * locks held. A probe that waits for the caller has to set @gone first.
 * Return: 1 if there was a decision, 0 if nothing was undecided or @gone is set,
 * -ERESTARTSYS if a signal is pending, or if the task is being frozen.
 */
int dax_arbiter_wait(const struct range *range, const bool *gone)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	unsigned int before;
	bool over;
	int rc = 1;

	scoped_guard(dax_arbiter) {
		if (!decision_host || !initcalls_done || !range_undecided(range))
			return 0;
		arbiter_request_decision();
		before = nr_decisions;
	}

	add_wait_queue(&decision_wq, &wait);
	while (1) {
		scoped_guard(dax_arbiter)
			over = nr_decisions != before || !range_undecided(range);
		if (over)
			break;
		if (READ_ONCE(*gone)) {
			rc = 0;
			break;
		}
		if (signal_pending(current)) {
			rc = -ERESTARTSYS;
			break;
		}
		wait_woken(&wait, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
	}
	remove_wait_queue(&decision_wq, &wait);

	return rc;
}
EXPORT_SYMBOL_GPL(dax_arbiter_wait);

/**
 * dax_arbiter_wake() - have all callers of dax_arbiter_wait() look at @gone
 */
void dax_arbiter_wake(void)
{
	wake_up_all(&decision_wq);
}
EXPORT_SYMBOL_GPL(dax_arbiter_wake);
