/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __CXL_TEST_SOFT_RESERVE_H__
#define __CXL_TEST_SOFT_RESERVE_H__

#include <linux/types.h>

#ifdef CONFIG_DAX_ARBITER_TEST_HOOKS
bool mock_decoder_lost(int id);
int mock_soft_reserve(u64 start, u64 size);
int mock_hmem_add(void);
void mock_soft_unreserve(void);
#else
static inline bool mock_decoder_lost(int id)
{
	return false;
}

static inline int mock_soft_reserve(u64 start, u64 size)
{
	return 0;
}

static inline int mock_hmem_add(void)
{
	return 0;
}

static inline void mock_soft_unreserve(void)
{
}
#endif

#endif /* __CXL_TEST_SOFT_RESERVE_H__ */
