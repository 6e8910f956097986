// SPDX-License-Identifier: GPL-2.0-only
/*
 * What tests need and a kernel in production must not have: pieces of their own and
 * another CXL for unit tests, Soft Reserved memory and an HMEM device for cxl_test,
 * whose windows come up long after boot
 */
#include <kunit/visibility.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include "../hmem/hmem.h"
#include "test_hooks.h"

static const struct soft_reserve_cxl_ops *real_cxl;

/**
 * dax_arbiter_test_begin() - a test has pieces of its own, and another CXL
 * @pieces: the pieces, sorted; copied
 * @nr: how many
 * @cxl: operations that stand in for those of CXL
 *
 * Context: Process context, may sleep. The caller excludes other tests.
 * Return: 0, -EBUSY if the machine has Soft Reserved memory of its own, -ENOMEM.
 */
int dax_arbiter_test_begin(const struct soft_reserve_piece *pieces, unsigned int nr,
			   const struct soft_reserve_cxl_ops *cxl)
{
	int rc = pieces_start(pieces, nr, false);

	if (rc)
		return rc;
	guard(dax_arbiter)();
	real_cxl = dax_arbiter.cxl;
	dax_arbiter.cxl = cxl;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(dax_arbiter_test_begin);

/**
 * dax_arbiter_test_end() - undo dax_arbiter_test_begin()
 *
 * Context: Process context, may sleep.
 */
void dax_arbiter_test_end(void)
{
	scoped_guard(arbiter_with_cxl)
		pieces_stop();
	guard(dax_arbiter)();
	dax_arbiter.cxl = real_cxl;
}
EXPORT_SYMBOL_IF_KUNIT(dax_arbiter_test_end);

static struct soft_reserve_piece *test_piece(unsigned int i)
{
	return dax_arbiter.pieces[i];
}

static int test_event(struct soft_reserve_piece *piece, enum piece_event event,
		      struct range *restore)
{
	guard(arbiter_with_cxl)();
	return piece_handle_event(piece, event, PIECE_WHY(CAUSE_RECLAIMED), restore);
}

static int test_decide(struct device *host, dax_hmem_fn fn)
{
	return arbiter_decide(true, host, fn);
}

/**
 * dax_arbiter_test_ops() - what a test may do between begin and end
 *
 * Return: the operations.
 */
const struct dax_arbiter_test_ops *dax_arbiter_test_ops(void)
{
	static const struct dax_arbiter_test_ops ops = {
		.nr = dax_arbiter_nr_pieces,
		.piece = test_piece,
		.event = test_event,
		.decide = test_decide,
		.reconsider = arbiter_reconsider,
	};

	return &ops;
}
EXPORT_SYMBOL_IF_KUNIT(dax_arbiter_test_ops);

/**
 * dax_arbiter_mock() - mark memory that firmware has not marked
 * @range: of the only piece, in a CXL window; stays until dax_arbiter_unmock()
 *
 * Context: Process context, may sleep. Before a claim overlaps @range.
 * Return: 0, -EBUSY if there are pieces already, -ENOMEM.
 */
int dax_arbiter_mock(const struct range *range)
{
	const struct soft_reserve_piece piece = {
		.range = *range,
		.nid = NUMA_NO_NODE,
		.windowed = true,
	};
	int rc = pieces_start(&piece, 1, false);

	if (rc == 0)
		arbiter_debugfs_init();
	return rc;
}
EXPORT_SYMBOL_IF_KUNIT(dax_arbiter_mock);

static struct platform_device *hmem_platform;

/**
 * dax_arbiter_mock_hmem() - make the device that dax_hmem binds to
 *
 * Context: Process context, sleeps. After dax_arbiter_mock().
 * Return: 0 or an error code.
 */
int dax_arbiter_mock_hmem(void)
{
	struct platform_device *pdev = hmem_platform_add();

	if (IS_ERR(pdev))
		return PTR_ERR(pdev);
	hmem_platform = pdev;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(dax_arbiter_mock_hmem);

/**
 * dax_arbiter_unmock() - undo dax_arbiter_mock() and dax_arbiter_mock_hmem()
 *
 * Claims that are live stay in the tree.
 *
 * Context: Process context, sleeps. Nobody binds the device meanwhile.
 */
void dax_arbiter_unmock(void)
{
	if (hmem_platform) {
		dax_arbiter_set_host(NULL);
		platform_device_unregister(hmem_platform);
		hmem_platform = NULL;
	}
	guard(arbiter_with_cxl)();
	pieces_stop();
}
EXPORT_SYMBOL_IF_KUNIT(dax_arbiter_unmock);
