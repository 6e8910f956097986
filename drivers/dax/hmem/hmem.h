/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __DAX_HMEM_H__
#define __DAX_HMEM_H__

#include <linux/soft_reserve.h>

struct device;

int hmem_platform_add(void);
void hmem_platform_del(void);
int hmem_start(struct device *host, soft_reserve_fn fn);
void hmem_stop(struct device *host);

#endif /* __DAX_HMEM_H__ */
