// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the arbiter calls the CXL core, and takes its lock
 *
 * The CXL core may be a module, so it registers operations that the arbiter
 * calls. The module is pinned while one of them runs. A module that is being
 * removed has no regions any more, so it counts as absent.
 */
#include <linux/module.h>
#include <linux/rwsem.h>
#include "internal.h"

/* Operations that arbiter_lock_with_cxl() has pinned, and whose lock it holds */
static const struct soft_reserve_cxl_ops *locked_cxl;

static const struct soft_reserve_cxl_ops *pin_cxl(void)
{
	const struct soft_reserve_cxl_ops *ops = dax_arbiter.cxl;

	lockdep_assert_held(&dax_arbiter_mutex);
	return ops && try_module_get(ops->owner) ? ops : NULL;
}

/**
 * dax_arbiter_register_cxl() - register the operations of the CXL core
 * @ops: the operations, constant until dax_arbiter_unregister_cxl()
 *
 * Context: Process context, may sleep. Before the first region exists.
 */
void dax_arbiter_register_cxl(const struct soft_reserve_cxl_ops *ops)
{
	guard(dax_arbiter)();
	WARN_ON(dax_arbiter.cxl);
	dax_arbiter.cxl = ops;
}
EXPORT_SYMBOL_GPL(dax_arbiter_register_cxl);

/**
 * dax_arbiter_unregister_cxl() - undo dax_arbiter_register_cxl()
 * @ops: the operations
 *
 * Context: Process context, may sleep. After the last region was removed. From
 * module exit, when no operation of @ops can run any more.
 */
void dax_arbiter_unregister_cxl(const struct soft_reserve_cxl_ops *ops)
{
	guard(dax_arbiter)();
	if (dax_arbiter.cxl == ops)
		dax_arbiter.cxl = NULL;
}
EXPORT_SYMBOL_GPL(dax_arbiter_unregister_cxl);

/**
 * arbiter_lock_with_cxl() - exclude changes of CXL regions and of owners
 *
 * Takes CXL's lock, then the arbiter's. If CXL has registered nothing there is
 * no region: the arbiter's lock is enough, as it is needed to register.
 *
 * Context: Process context, may sleep. Inside of device locks and of
 * dax_region_rwsem.
 */
void arbiter_lock_with_cxl(void)
{
	const struct soft_reserve_cxl_ops *ops;

	mutex_lock(&dax_arbiter_mutex);
	ops = pin_cxl();
	if (ops) {
		/* CXL's is the outer one, and CXL stays: it is pinned */
		mutex_unlock(&dax_arbiter_mutex);
		down_write(ops->lock);
		mutex_lock(&dax_arbiter_mutex);
		locked_cxl = ops;
	}
}

/**
 * arbiter_unlock_with_cxl() - undo arbiter_lock_with_cxl()
 */
void arbiter_unlock_with_cxl(void)
{
	const struct soft_reserve_cxl_ops *ops = locked_cxl;

	locked_cxl = NULL;
	mutex_unlock(&dax_arbiter_mutex);
	if (!ops)
		return;
	up_write(ops->lock);
	module_put(ops->owner);
}

/**
 * arbiter_cxl() - the operations of CXL that may be called
 *
 * Context: Under the arbiter's lock.
 * Return: the operations, or NULL if CXL is absent, or if the lock was taken by
 * dax_arbiter_lock().
 */
const struct soft_reserve_cxl_ops *arbiter_cxl(void)
{
	lockdep_assert_held(&dax_arbiter_mutex);
	if (locked_cxl)
		lockdep_assert_held_write(locked_cxl->lock);
	return locked_cxl;
}

/**
 * arbiter_cxl_settle() - wait until CXL has probed all devices on its bus
 * @wait: waits for the probe of one device
 *
 * Context: Process context, sleeps. No locks held. No probe and no work of CXL
 * may wait for the caller.
 */
void arbiter_cxl_settle(void (*wait)(struct device *dev))
{
	const struct soft_reserve_cxl_ops *ops;

	scoped_guard(dax_arbiter)
		ops = pin_cxl();
	if (!ops)
		return;
	ops->settle(wait);
	module_put(ops->owner);
}

/**
 * arbiter_cxl_attach() - bind the CXL devices that wait for a decision
 *
 * Context: Process context, sleeps. No locks held.
 */
void arbiter_cxl_attach(void)
{
	const struct soft_reserve_cxl_ops *ops;
	struct range range = { };

	scoped_guard(dax_arbiter) {
		if (!dax_arbiter.nr)
			return;
		range.start = dax_arbiter.pieces[0]->range.start;
		range.end = dax_arbiter.pieces[dax_arbiter.nr - 1]->range.end;
		ops = pin_cxl();
	}
	if (!ops)
		return;
	ops->attach(&range);
	module_put(ops->owner);
}
