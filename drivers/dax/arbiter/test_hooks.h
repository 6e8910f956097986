/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DAX_ARBITER_TEST_HOOKS_H
#define _DAX_ARBITER_TEST_HOOKS_H

#include "internal.h"

int dax_arbiter_mock(const struct range *range);
int dax_arbiter_mock_hmem(void);
void dax_arbiter_unmock(void);

int dax_arbiter_test_begin(const struct soft_reserve_piece *pieces, unsigned int nr,
			   const struct soft_reserve_cxl_ops *cxl);
void dax_arbiter_test_end(void);
const struct dax_arbiter_test_ops *dax_arbiter_test_ops(void);

/**
 * struct dax_arbiter_test_ops - what tests do with their pieces; no locks held
 * @nr: how many pieces there are by now
 * @piece: one of them
 * @event: see piece_handle_event()
 * @decide: see arbiter_decide(), everything
 * @reconsider: see arbiter_reconsider()
 */
struct dax_arbiter_test_ops {
	unsigned int (*nr)(void);
	struct soft_reserve_piece *(*piece)(unsigned int i);
	int (*event)(struct soft_reserve_piece *piece, enum piece_event event,
		     struct range *restore);
	int (*decide)(struct device *host, dax_hmem_fn fn);
	int (*reconsider)(void);
};

#endif /* _DAX_ARBITER_TEST_HOOKS_H */
