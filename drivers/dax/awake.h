/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DAX_AWAKE_H
#define _DAX_AWAKE_H

struct dax_awake;

struct dax_awake *dax_awake_get(void);
void dax_awake_put(struct dax_awake *awake);

#endif /* _DAX_AWAKE_H */
