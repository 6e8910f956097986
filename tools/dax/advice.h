/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What table.c and advice.c share: rows, each what a segment may mean, and actions,
 * each a way out.
 */
#ifndef _ADVICE_H
#define _ADVICE_H

#include "softres.h"

/* What stands in a segment */
enum there {
	ALL_ONLINE, PARTLY_OFFLINE, AS_DEVICE, BLOCKED, WITHOUT_DRIVER, NO_BLOCK, OTHERS,
	HELD, STILL_OPEN, CLAIMED, BESIDE, PMEM_REGION, SHORT_REGION, DISABLED_REGION,
	ENABLED_REGION, YIELDING_REGION, IN_IOMEM, NOT_IN_IOMEM, DECODER, NOTHING, ANYTHING
};

/* What else has to be so */
enum {
	HMEM_MISSING	= 1 << 0,	/* not loaded */
	HMEM_OFF	= 1 << 1,	/* there is no device that it could bind to */
	IN_WINDOW	= 1 << 2,
	DAX_CXL_MISSING	= 1 << 3,
	NO_REASONS	= 1 << 4,	/* debugfs is not mounted */
	IS_PUBLISHED	= 1 << 5,
	NO_REGION_LEFT	= 1 << 6,	/* in all of the piece */
	CXL_MISSING	= 1 << 7,	/* not all of its drivers are loaded */
};

enum action_id {
	NO_ACTION, ONLINE_IT, MAKE_MEMORY, MAKE_DEVICE, LOAD_HMEM, LOAD_ALL,
	LOAD_TO_SERVE, LOAD_DAX_CXL, ENABLE, HAND_OVER, DRIVE, TAKE, TAKE_NEW, TAKE_DRIVE,
	GIVE_BACK, RETURN, RECONSIDER, DESTROY, CREATE, MOUNT, ACTIONS
};

/*
 * How to get somewhere. A step is typed for each of what its placeholder in {} stands
 * for. Without any, {dax-online}, {hmem-online} and {region-on} leave the step out; of
 * all others, the whole plan.
 */
struct action {
	const char *name;
	enum goal goal;
	enum alarm mends;	/* what is as bad as that, or worse; FINE: nothing */
	const char *text, *warning;
	const char *steps[6];
};

/* What a segment may mean */
struct row {
	const char *name;
	enum piece_state state;	/* of the piece; UNKNOWN is any, too */
	const char *cause;	/* its cause, NULL for any */
	enum there there;
	int conditions;
	enum alarm alarm;
	const char *text;
	enum action_id actions[5];
};

extern const struct action actions[ACTIONS];

/* Who has a segment without a dax device: as daxctl and the log call it, or NULL */
const char *holder_of(const struct model *m, const struct segment *s);
/* Why a piece is in its state, by the kernel's key; NULL if it is not known */
const char *words_of(const char *cause);

#endif /* _ADVICE_H */
