// SPDX-License-Identifier: GPL-2.0-only
/*
 * Soft Reserved memory on the mock topology
 *
 * cxl_test's firmware has programmed decoders for one RAM region, which then
 * assembles itself. Here it may also mark the range of that region Soft
 * Reserved, with the device that dax_hmem binds to, and forget the decoder of a
 * memdev, so that the region does not assemble. Who owns the range is then
 * decided as on hardware. There is no memory behind it: do not online it.
 */
#include <linux/module.h>
#include <linux/range.h>
#include "../../../../drivers/dax/arbiter/test_hooks.h"
#include "soft_reserve.h"

static bool soft_reserved;
module_param(soft_reserved, bool, 0444);
MODULE_PARM_DESC(soft_reserved, "Mark the range of the region that assembles itself Soft Reserved");

static int lost_decoder = -1;
module_param(lost_decoder, int, 0644);
MODULE_PARM_DESC(lost_decoder, "Number of a cxl_mem device (0 or 4) whose decoder of that region is found unprogrammed when it is bound, -1: none");

static bool mocked;

/**
 * mock_decoder_lost() - is this memdev to miss from the region
 * @id: number of its platform device
 *
 * Return: true if its decoder has to look as if never programmed.
 */
bool mock_decoder_lost(int id)
{
	return id == lost_decoder;
}

/**
 * mock_soft_reserve() - mark the range of the region, if asked for
 * @start: first physical address
 * @size: in bytes
 *
 * Context: Before there is any CXL region.
 * Return: 0, -EBUSY if the machine has Soft Reserved memory of its own, -EINVAL
 * if there is no such region, -ENOMEM.
 */
int mock_soft_reserve(u64 start, u64 size)
{
	int rc;

	if (!soft_reserved)
		return 0;
	/* with interleave_arithmetic=1 that window is left out */
	if (!start)
		return -EINVAL;

	rc = dax_arbiter_mock(&(struct range) { start, start + size - 1 });
	mocked = !rc;
	return rc;
}

/**
 * mock_hmem_add() - add the device that dax_hmem binds to
 *
 * Context: When the topology is complete, as it is at boot.
 * Return: 0 or an error code.
 */
int mock_hmem_add(void)
{
	return mocked ? dax_arbiter_mock_hmem() : 0;
}

/**
 * mock_soft_unreserve() - undo mock_hmem_add() and mock_soft_reserve()
 */
void mock_soft_unreserve(void)
{
	if (!mocked)
		return;

	dax_arbiter_unmock();
	mocked = false;
}

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
