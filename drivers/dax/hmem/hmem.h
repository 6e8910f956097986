/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __DAX_HMEM_H__
#define __DAX_HMEM_H__

struct platform_device;

struct platform_device *hmem_platform_add(void);

#endif /* __DAX_HMEM_H__ */
