// SPDX-License-Identifier: GPL-2.0
/*
 * What a segment of the map means, and ways out: tables that the manual page and the
 * guide show, too, see put_table(); a test compares them.
 *
 * Causes are the kernel's keys, see Documentation/ABI/testing/debugfs-dax: its words
 * may change.
 */
#include <string.h>
#include "advice.h"

const char *const owner_names[OWNERS] = {
	[FREE] = "free", [NOBODY] = "nobody", [CXL] = "CXL", [HMEM] = "HMEM",
	[OTHER] = "other",
};

const char *const piece_names[PIECE_STATES] = {
	[UNKNOWN] = "", [UNDECIDED] = "undecided", [BY_CXL] = "cxl",
	[BY_HMEM] = "hmem", [UNOWNED] = "unowned",
};

const char *const goal_names[GOALS] = {
	[DECIDED] = "decided", [SERVED] = "served", [IS_CXL] = "cxl",
	[IS_HMEM] = "hmem", [IS_MEMORY] = "memory", [IS_ONLINE] = "online",
	[UNDECODED] = "undecoded",
};

/* --- The tables --------------------------------------------------------- */

/* Why a piece is in its state, by the kernel's key */
static const struct { const char *cause, *words; } causes[] = {
	{ "not-decided", "its owner is undecided" },
	{ "covered", "regions of CXL cover it" },
	{ "pmem-region", "a region of persistent memory decodes it" },
	{ "persistent", "a region of persistent memory decoded it before" },
	{ "claimed", "it was claimed before it was decided" },
	{ "reclaimed", "it was claimed while it was unowned" },
	{ "no-window", "it is outside every CXL window" },
	{ "no-region", "CXL could serve no region that overlaps it when that was decided" },
	{ "gap", "regions of CXL left a gap when that was decided" },
	{ "released", "HMEM has released it" },
	{ "decoders-reset", "its decoders have been reset" },
	{ "restricted", "its window is not for volatile memory of the host" },
	{ "no-driver", "there is no HMEM driver" },
	{ "too-small", "it is too small for a dax device" },
	{ "hmem-failed", "HMEM could not serve it" },
};

static const char *const there_words[] = {
	[ALL_ONLINE] = "dax device, all online",
	[PARTLY_OFFLINE] = "dax device, memory offline",
	[AS_DEVICE] = "dax device, not used as memory",
	[BLOCKED] = "dax device of HMEM without a driver, region in iomem",
	[WITHOUT_DRIVER] = "dax device without a driver",
	[NO_BLOCK] = "dax device, no memory block",
	[OTHERS] = "dax device of another driver",
	[HELD] = "memory whose owner has gone",
	[STILL_OPEN] = "claim of a device that is not bound",
	[CLAIMED] = "claimed, without a dax device",
	[BESIDE] = "beside a dax device, without room for one",
	[PMEM_REGION] = "region of persistent memory",
	[SHORT_REGION] = "region that lacks a device",
	[DISABLED_REGION] = "region that is disabled",
	[ENABLED_REGION] = "region without a dax device",
	[YIELDING_REGION] = "region that yields",
	[IN_IOMEM] = "\"Soft Reserved\" in iomem",
	[NOT_IN_IOMEM] = "not in iomem",
	[DECODER] = "decoder without a region",
	[NOTHING] = "nothing",
	[ANYTHING] = "any",
};

static const char *const condition_words[] = {
	"dax_hmem is not loaded", "HMEM is off", "in a CXL window",
	"dax_cxl is not loaded",
	"debugfs is not mounted", "\"Soft Reserved\" is in iomem",
	"no region overlaps the piece", "a driver of CXL is not loaded",
};

#define HMEM_DRIVER	"/sys/bus/platform/drivers/hmem"
#define PLATFORM_DRIVER	"/sys/bus/platform/drivers/hmem_platform"

#define HAND_OVER_WARNING \
	"The memory is not in use until it is online again. When HMEM's device is unbound, the memory must be offline, and no program may have the dax device open."

const struct action actions[ACTIONS] = {
	[ONLINE_IT] = { "online", IS_ONLINE, NOT_ONLINE, "To bring it online:", NULL,
		{ "daxctl online-memory {dax}" } },
	[MAKE_MEMORY] = { "memory", IS_MEMORY, NOT_ONLINE, "To use it as memory:", NULL,
		{ "daxctl reconfigure-device -f -m system-ram {dax}" } },
	[MAKE_DEVICE] = { "make-device", SERVED, NOT_ONLINE, "To have a dax device made:", NULL,
		{ "daxctl create-device -r {id}" } },
	[LOAD_HMEM] = { "load-hmem", DECIDED, NOT_ONLINE, "To have it decided:", NULL,
		{ "modprobe -a dax_hmem kmem" } },
	[LOAD_ALL] = { "load-all", DECIDED, NOT_ONLINE, "To see who serves it:", NULL,
		{ "modprobe -a cxl_acpi cxl_port cxl_pci cxl_mem dax_cxl dax_hmem kmem" } },
	[LOAD_TO_SERVE] = { "load-to-serve", SERVED, NOT_ONLINE, "To have HMEM serve it:", NULL,
		{ "modprobe -a dax_hmem kmem" } },
	[LOAD_DAX_CXL] = { "load-dax-cxl", SERVED, NOT_ONLINE, "To have CXL serve it:", NULL,
		{ "modprobe -a dax_cxl kmem" } },
	[ENABLE] = { "enable", SERVED, NOT_ONLINE, "To have CXL serve it:", NULL,
		{ "cxl disable-region {region-on}", "cxl enable-region {region}" } },
	[HAND_OVER] = { "hand-over", IS_CXL, FINE, "To give it from HMEM to CXL:",
		HAND_OVER_WARNING,
		{ "daxctl offline-memory {dax-online}",
		  "echo {hmem} > " HMEM_DRIVER "/unbind",
		  "cxl disable-region {region-on}", "cxl enable-region {region}" } },
	[DRIVE] = { "hand-over-driver", IS_CXL, FINE, "To give it from HMEM to CXL, if its device is one of these:",
		HAND_OVER_WARNING " If CXL's driver fails, nobody has it.",
		{ "daxctl offline-memory {dax-online}",
		  "echo {hmem} > " HMEM_DRIVER "/unbind",
		  "echo > /sys/bus/pci/devices/{overridden}/driver_override",
		  "echo {overridden} > /sys/bus/pci/drivers_probe" } },
	[TAKE] = { "take", IS_CXL, NOT_ONLINE, "To give it to CXL:", NULL,
		{ "cxl disable-region {region-on}", "cxl enable-region {region}" } },
	[TAKE_NEW] = { "take-new", IS_CXL, NOT_ONLINE, "To give it to CXL, as a new region:", NULL,
		{ "cxl create-region -t ram {create}" } },
	[TAKE_DRIVE] = { "take-driver", IS_CXL, NOT_ONLINE, "To give it to CXL, if its device is one of these:", NULL,
		{ "echo > /sys/bus/pci/devices/{undriven}/driver_override",
		  "echo {undriven} > /sys/bus/pci/drivers_probe" } },
	[GIVE_BACK] = { "give-back", IS_HMEM, NOT_ONLINE, "To give it to HMEM again:", NULL,
		{ "echo {idle} > " HMEM_DRIVER "/bind" } },
	[RETURN] = { "return", IS_HMEM, NO_OWNER, "To give all of it to HMEM again:",
		"When its region is disabled, the memory must be offline, and no program may have the dax device open. It is not in use until it is online again. HMEM is refused if cxl create-region made one of these regions.",
		{ "daxctl offline-memory {dax-online}", "cxl disable-region {region-on}",
		  "echo {idle} > " HMEM_DRIVER "/bind" } },
	[RECONSIDER] = { "reconsider", IS_HMEM, NO_OWNER, "To give it from CXL to HMEM:",
		"All memory of HMEM is decided again: it is not in use until it is online again, nor is this. All of it must be offline before, and no program may have a dax device of it open. HMEM is refused if cxl create-region made one of these regions.",
		{ "daxctl offline-memory {dax-online}", "daxctl offline-memory {hmem-online}",
		  "cxl disable-region {region-on}",
		  "echo hmem_platform.0 > " PLATFORM_DRIVER "/unbind",
		  "echo hmem_platform.0 > " PLATFORM_DRIVER "/bind" } },
	[DESTROY] = { "destroy", UNDECODED, FINE, "To take it away from CXL, for other regions:",
		"Nobody has the memory then. If firmware marked it, HMEM cannot own it before the next boot.",
		{ "daxctl offline-memory {dax-online}", "cxl disable-region {parent}",
		  "cxl destroy-region {parent}" } },
	[CREATE] = { "create", IS_CXL, FINE, "To make a region:", NULL,
		{ "cxl create-region -t ram {create}" } },
	[MOUNT] = { "mount", DECIDED, NOT_ONLINE, "To see why:", NULL,
		{ "mount -t debugfs debugfs /sys/kernel/debug" } },
};

#define ANY	0

/* The first row that fits is it */
static const struct row rows[] = {
	{ "online", ANY, NULL, ALL_ONLINE, 0, FINE,
	  "{dax} of {parent} serves it, {memory}",
	  { HAND_OVER, DRIVE, RETURN, RECONSIDER, DESTROY } },
	{ "offline", ANY, NULL, PARTLY_OFFLINE, 0, NOT_ONLINE,
	  "{dax} of {parent} serves it, {memory}",
	  { ONLINE_IT, HAND_OVER, DRIVE, RETURN, RECONSIDER } },
	{ "device", ANY, NULL, AS_DEVICE, 0, FINE,
	  "{dax} of {parent} serves it as a device of {driver}, not as memory",
	  { MAKE_MEMORY, HAND_OVER, DRIVE } },
	{ "lost-dax", ANY, NULL, BLOCKED, 0, NO_OWNER,
	  "lost: {dax} of {parent} has it, and cannot be memory, since a region is in its way in iomem", { } },
	{ "no-dax-driver", ANY, NULL, WITHOUT_DRIVER, 0, NOT_ONLINE,
	  "{dax} of {parent} has it, and has no driver",
	  { MAKE_MEMORY, HAND_OVER, DRIVE } },
	{ "no-block", ANY, NULL, NO_BLOCK, 0, FINE,
	  "{dax} of {parent} has it, and no whole memory block lies in it",
	  { HAND_OVER } },
	{ "other", ANY, NULL, OTHERS, 0, FINE,
	  "{dax} serves it, which is neither CXL's nor HMEM's", { } },
	{ "held", ANY, NULL, HELD, 0, FINE,
	  "its owner was unbound while it was in use: it works on, and nobody else gets it before a reboot", { } },
	{ "still-open", ANY, NULL, STILL_OPEN, 0, NOT_ONLINE,
	  "{holder} was unbound, and a program still has its dax device open or mapped: nobody else gets it until that ends; find /proc -lname '/dev/dax*' names it", { } },
	{ "claimed", ANY, NULL, CLAIMED, 0, NOT_ONLINE,
	  "{holder} has it, and no dax device is here",
	  { MAKE_DEVICE } },

	{ "undecided", UNDECIDED, NULL, ANYTHING, HMEM_MISSING, NO_OWNER,
	  "undecided: no driver has asked, and dax_hmem is not loaded", { LOAD_HMEM } },
	{ "undecided", UNDECIDED, NULL, ANYTHING, 0, NO_OWNER,
	  "undecided: drivers of CXL are probing, dmesg | grep \"waiting for\" names the one", { } },

	{ "persistent", BY_CXL, "pmem-region", ANYTHING, 0, FINE,
	  "a region of persistent memory decodes it, which is never System RAM", { } },
	{ "persistent", BY_CXL, "persistent", ANYTHING, 0, FINE,
	  "a region of persistent memory decoded it, which is never System RAM", { } },
	{ "edge", ANY, NULL, BESIDE, 0, FINE,
	  "left over: dax devices start and end at larger units", { } },
	{ "hmem-absent", BY_HMEM, NULL, ANYTHING, 0, NO_OWNER,
	  "HMEM is to serve it, and has not claimed it", { GIVE_BACK } },
	{ "released", UNOWNED, "released", ANYTHING, HMEM_MISSING, NO_OWNER,
	  "unowned: HMEM has released it, and dax_hmem is not loaded any more",
	  { TAKE, TAKE_DRIVE, TAKE_NEW, LOAD_TO_SERVE } },
	{ "released", UNOWNED, "released", ANYTHING, 0, NO_OWNER,
	  "unowned: HMEM has released it, and no driver has claimed it since",
	  { TAKE, TAKE_DRIVE, TAKE_NEW, GIVE_BACK } },
	{ "decoders-reset", UNOWNED, "decoders-reset", ANYTHING, 0, NO_OWNER,
	  "unowned: its decoders have been reset, so that only a new region can have it; a reboot through firmware brings it back",
	  { TAKE_NEW } },
	{ "restricted", UNOWNED, "restricted", ANYTHING, 0, FINE,
	  "unowned: its window is not for volatile memory of the host, so that only CXL may serve it",
	  { TAKE } },
	{ "no-hmem", UNOWNED, "no-driver", ANYTHING, HMEM_OFF, NO_OWNER,
	  "unowned: CXL does not cover it, and HMEM is off: device_hmem.disable=1 or efi=nosoftreserve on the kernel command line, or a kernel without it",
	  { TAKE } },
	{ "no-driver", UNOWNED, "no-driver", ANYTHING, 0, NO_OWNER,
	  "unowned: CXL does not cover it, and dax_hmem is not loaded",
	  { LOAD_TO_SERVE } },
	{ "too-small", UNOWNED, "too-small", ANYTHING, 0, FINE,
	  "unowned: too small for a dax device, so that no driver can serve it", { } },
	{ "hmem-failed", UNOWNED, "hmem-failed", ANYTHING, 0, NO_OWNER,
	  "unowned: HMEM failed to serve it, dmesg | grep hmem says why",
	  { GIVE_BACK, TAKE, TAKE_DRIVE } },
	{ "unowned", UNOWNED, NULL, ANYTHING, 0, NO_OWNER,
	  "unowned, for a cause that this program does not know", { TAKE } },

	{ "persistent", ANY, NULL, PMEM_REGION, 0, FINE,
	  "{region} decodes it, which is persistent: ndctl list -R shows it", { } },
	{ "lost-region", ANY, NULL, ENABLED_REGION, IS_PUBLISHED | IN_WINDOW, NO_OWNER,
	  "lost: {region} decodes it, \"Soft Reserved\" is in its way, and no dax device serves it", { } },
	{ "region-short", ANY, NULL, SHORT_REGION, 0, NO_OWNER,
	  "{region} decodes it, and waits for a device", { TAKE_DRIVE, RETURN } },
	{ "region-disabled", ANY, NULL, DISABLED_REGION, 0, NOT_ONLINE,
	  "{region} decodes it, and is disabled", { ENABLE, RETURN } },
	{ "no-dax-cxl", ANY, NULL, ENABLED_REGION, DAX_CXL_MISSING, NOT_ONLINE,
	  "{region} decodes it, and dax_cxl is not loaded", { LOAD_DAX_CXL } },
	{ "region-unserved", ANY, NULL, ENABLED_REGION, 0, NOT_ONLINE,
	  "{region} decodes it, and no dax device serves it", { ENABLE } },
	{ "destroyed", BY_CXL, NULL, ANYTHING, NO_REGION_LEFT, NO_OWNER,
	  "CXL owned it, and no region is left: it was destroyed, or its devices have gone",
	  { TAKE_DRIVE, TAKE_NEW } },
	{ "rest", BY_CXL, NULL, ANYTHING, HMEM_OFF, NO_OWNER,
	  "CXL owns the piece, no region serves this part of it, and HMEM is off",
	  { TAKE_DRIVE, TAKE_NEW } },
	{ "rest", BY_CXL, NULL, ANYTHING, HMEM_MISSING, NO_OWNER,
	  "CXL owns the piece, no region serves this part of it, and dax_hmem is not loaded",
	  { LOAD_TO_SERVE, TAKE_DRIVE, TAKE_NEW } },
	{ "rest", BY_CXL, NULL, ANYTHING, 0, NO_OWNER,
	  "CXL owns the piece, and no region serves this part of it",
	  { TAKE_DRIVE, TAKE_NEW, RETURN, RECONSIDER } },

	{ "switched-off", ANY, NULL, IN_IOMEM, HMEM_OFF, NO_OWNER,
	  "CXL does not cover it, and HMEM is off: device_hmem.disable=1 or efi=nosoftreserve on the kernel command line, or a kernel without it", { } },
	{ "not-loaded", ANY, NULL, IN_IOMEM, HMEM_MISSING, NO_OWNER,
	  "nobody has it yet: dax_hmem is not loaded", { LOAD_ALL } },
	{ "not-loaded", ANY, NULL, NOT_IN_IOMEM, HMEM_MISSING, NO_OWNER,
	  "nobody has it yet: dax_hmem is not loaded", { LOAD_ALL } },
	{ "not-loaded", ANY, NULL, IN_IOMEM, CXL_MISSING | IN_WINDOW, NO_OWNER,
	  "nobody has it yet: not all drivers of CXL are loaded", { LOAD_ALL } },
	{ "not-loaded", ANY, NULL, NOT_IN_IOMEM, CXL_MISSING | IN_WINDOW, NO_OWNER,
	  "nobody has it yet: not all drivers of CXL are loaded", { LOAD_ALL } },
	{ "lost", ANY, NULL, IN_IOMEM, IN_WINDOW, NO_OWNER,
	  "lost: published as \"Soft Reserved\", and neither CXL nor HMEM serves it", { } },
	{ "unserved", ANY, NULL, IN_IOMEM, 0, NO_OWNER,
	  "published as \"Soft Reserved\", and HMEM does not serve it, dmesg | grep hmem may say why", { } },
	{ "unseen", ANY, NULL, NOT_IN_IOMEM, NO_REASONS, NO_OWNER,
	  "firmware marked it, no driver has it, and debugfs, which is not mounted, may say why", { MOUNT } },
	{ "lost", ANY, NULL, NOT_IN_IOMEM, 0, NO_OWNER,
	  "lost: firmware marked it, and neither CXL nor HMEM serves it", { } },

	{ "yields", ANY, NULL, YIELDING_REGION, 0, NO_OWNER,
	  "{region} decodes it, and yields as a whole to HMEM, which owns another part", { } },
	{ "decoded", ANY, NULL, DECODER, 0, FINE,
	  "{decoder} decodes it, and its region is not there", { TAKE_DRIVE } },
	{ "unused", ANY, NULL, ANYTHING, 0, FINE, "nothing decodes it", { CREATE } },
};

const char *holder_of(const struct model *m, const struct segment *s)
{
	const struct area *dax;

	if (s->at[CLAIM])
		return s->at[CLAIM]->name;
	dax = beside(m, s);
	return dax ? dax->parent : NULL;
}

const char *words_of(const char *cause)
{
	for (size_t i = 0; i < ARRAY_SIZE(causes); i++)
		if (!strcmp(causes[i].cause, cause))
			return causes[i].words;
	return NULL;
}

/* --- Which row it is ---------------------------------------------------- */

static bool hmem_has_part(const struct model *m, const struct area *piece)
{
	const struct area *area;

	for_each_area(area, m)
		if ((area->kind == DAX || area->kind == CLAIM) && area->owner == HMEM &&
		    overlaps(area, piece->start, piece->end))
			return true;
	return false;
}

/* While a program has a dax device open, a claim outlives the device that made it */
static enum there there_claimed(const struct area *claim)
{
	if (claim->held)
		return HELD;
	return claim->owner == OTHER || device_bound(claim->name) ? CLAIMED : STILL_OPEN;
}

static enum there there_of(const struct model *m, const struct segment *s)
{
	const struct area *dax = s->at[DAX], *region = s->at[REGION];

	if (dax && dax->owner == OTHER)
		return OTHERS;
	if (dax && !strcmp(dax->driver, "kmem")) {
		if (s->offline)
			return PARTLY_OFFLINE;
		return s->online ? ALL_ONLINE : NO_BLOCK;
	}
	if (dax && *dax->driver)
		return AS_DEVICE;
	/* kmem wants all of it from iomem */
	if (dax)
		return dax->owner == HMEM && find(m, LINKED, dax->start, dax->end) ?
			BLOCKED : WITHOUT_DRIVER;
	if (s->at[CLAIM])
		return there_claimed(s->at[CLAIM]);
	if (find(m, ADDED, s->start, s->end))
		return HELD;
	dax = beside(m, s);
	if (dax)
		return dax->full ? BESIDE : CLAIMED;
	if (s->at[PIECE] && s->at[PIECE]->state == BY_HMEM && hmem_has_part(m, s->at[PIECE]))
		return BESIDE;
	if (region && region->persistent)
		return PMEM_REGION;
	if (region && !region->committed)
		return SHORT_REGION;
	if (region && !s->at[LINKED] && !marked(s))
		return YIELDING_REGION;
	if (region || s->at[LINKED])
		return region && !*region->driver ? DISABLED_REGION : ENABLED_REGION;
	if (s->at[PUBLISHED])
		return IN_IOMEM;
	if (marked(s))
		return NOT_IN_IOMEM;
	return s->at[DECODED] ? DECODER : NOTHING;
}

static bool has_cxl(const struct model *m)
{
	return m->has_cxl_pci && m->has_cxl_mem && m->has_dax_cxl;
}

static int conditions_of(const struct model *m, const struct segment *s)
{
	const struct area *piece = s->at[PIECE];

	return (m->has_hmem ? 0 : HMEM_MISSING) |
	       (m->no_hmem ? HMEM_OFF : 0) |
	       (s->at[WINDOW] ? IN_WINDOW : 0) |
	       (m->has_dax_cxl ? 0 : DAX_CXL_MISSING) |
	       (m->source == NO_DEBUGFS ? NO_REASONS : 0) |
	       (s->at[PUBLISHED] ? IS_PUBLISHED : 0) |
	       (piece && !find(m, REGION, piece->start, piece->end) ? NO_REGION_LEFT : 0) |
	       (has_cxl(m) ? 0 : CXL_MISSING);
}

const struct row *row_of(const struct model *m, const struct segment *s)
{
	const struct area *piece = s->at[PIECE];
	const enum there there = there_of(m, s);
	const int conditions = conditions_of(m, s);
	const struct row *row;

	for (row = rows; row < rows + ARRAY_SIZE(rows) - 1; row++) {
		if (row->state != ANY && (!piece || piece->state != row->state))
			continue;
		if (row->cause && strcmp(piece->cause, row->cause))
			continue;
		if (row->there != ANYTHING && row->there != there)
			continue;
		if ((conditions & row->conditions) == row->conditions)
			break;
	}
	return row;
}

const char *row_name(const struct row *row)
{
	return row->name;
}

enum alarm row_alarm(const struct row *row)
{
	return row->alarm;
}

bool holds(const struct model *m, const struct segment *s, enum goal goal)
{
	switch (goal) {
	case DECIDED:
		if (s->at[PIECE])
			return s->at[PIECE]->state > UNDECIDED;
		return m->has_hmem && (!s->at[WINDOW] || has_cxl(m));
	case SERVED:
		return s->at[DAX];
	case IS_CXL:
	case IS_HMEM:
		return s->owner == (goal == IS_CXL ? CXL : HMEM) &&
		       (s->at[DAX] || s->at[CLAIM]);
	case IS_MEMORY:
		return s->at[DAX] && !strcmp(s->at[DAX]->driver, "kmem");
	case IS_ONLINE:
		return s->online && !s->offline;
	case UNDECODED:
		return !s->at[REGION] && !s->at[LINKED];
	default:
		return false;
	}
}

void count(struct totals *t, const struct model *m)
{
	struct segment s;
	struct frame f;

	*t = (struct totals) { };
	for_each_frame(&f, m) {
		for_each_segment(s, m, &f) {
			if (!selected(m, &s))
				continue;
			if (s.row->alarm > t->alarm)
				t->alarm = s.row->alarm;
			if (!marked(&s))
				continue;
			t->all += size_of(&s);
			t->by[s.owner] += size_of(&s);
			t->online += s.online;
			t->offline += s.offline;
			if (s.at[DAX] && !strcmp(s.at[DAX]->driver, "kmem"))
				t->lost += size_of(&s) - s.online - s.offline;
		}
	}
}

/* --- The tables for readers --------------------------------------------- */

/* mdoc has macros, rst has markup: none of it is in the words */
static const struct markup {
	const char *name, *indent, *row, *paragraph, *warning, *open, *step, *close;
} markups[] = {
	{ "text", "    ", "%s\n", "", "", "", "      %s%s\n", "" },
	{ "mdoc", "", ".It Cm %s\n", ".br\n", "", ".Bd -literal -compact\n", "%s%s\n", ".Ed\n" },
	{ "rst", "\t", "``%s``\n", "\n", "\t.. warning::\n\n", "\n\t::\n\n", "\t  %s%s\n", "\n" },
};

static void put_words(FILE *out, const char *indent, const char *text)
{
	while (*text) {
		int len = fold(text, 64);

		fprintf(out, "%s%.*s\n", indent, len, text);
		text += len;
		text += strspn(text, " ");
	}
}

static void append(char *buf, size_t len, const char *separator, const char *text)
{
	add_to(buf, len, "%s%s", *buf ? separator : "", text);
}

static void put_condition(FILE *out, const struct markup *k, const struct row *row)
{
	char text[256] = "";

	append(text, sizeof(text), "", piece_names[row->state]);
	if (row->cause)
		append(text, sizeof(text), "/", row->cause);
	if (row->there != ANYTHING)
		append(text, sizeof(text), "; ", there_words[row->there]);
	for (size_t i = 0; i < ARRAY_SIZE(condition_words); i++)
		if (row->conditions & 1 << i)
			append(text, sizeof(text), "; ", condition_words[i]);
	if (!*text)
		append(text, sizeof(text), "", "all else");
	append(text, sizeof(text), "", ".");
	put_words(out, k->indent, text);
}

static void put_row(FILE *out, const struct markup *k, const struct row *row)
{
	char text[512];

	fprintf(out, k->row, row->name);
	put_condition(out, k, row);
	fputs(k->paragraph, out);
	snprintf(text, sizeof(text), "%s. Status %d.", row->text, row->alarm);
	for (size_t i = 0; i < ARRAY_SIZE(row->actions) && row->actions[i]; i++)
		append(text, sizeof(text), i ? ", " : " Ways: ", actions[row->actions[i]].name);
	if (row->actions[0])
		append(text, sizeof(text), "", ".");
	put_words(out, k->indent, text);
	if (*k->close)
		fputs(*k->indent ? k->close : "", out);
}

static void put_action(FILE *out, const struct markup *k, const struct action *action)
{
	fprintf(out, k->row, action->name);
	put_words(out, k->indent, action->text);
	if (action->warning) {
		fputs(k->paragraph, out);
		fputs(k->warning, out);
		put_words(out, *k->warning ? "\t   " : k->indent, action->warning);
	}
	fputs(k->open, out);
	for (size_t i = 0; i < ARRAY_SIZE(action->steps) && action->steps[i]; i++)
		fprintf(out, k->step, action->steps[i],
			i + 1 < ARRAY_SIZE(action->steps) && action->steps[i + 1] ? " &&" : "");
	fputs(k->close, out);
}

/* For tests: each row with each of its ways out */
static void put_ways(FILE *out)
{
	for (size_t r = 0; r < ARRAY_SIZE(rows); r++) {
		for (size_t i = 0; i < ARRAY_SIZE(rows->actions) && rows[r].actions[i]; i++)
			fprintf(out, "%s %s\n", rows[r].name, actions[rows[r].actions[i]].name);
		if (!rows[r].actions[0])
			fprintf(out, "%s -\n", rows[r].name);
	}
}

/* The guide is about the kernel that has reasons to tell; it gets these rows alone */
void put_table(FILE *out, const char *format)
{
	const struct markup *k = markups;
	const bool guide = !strcmp(format, "rst");

	if (!strcmp(format, "ways")) {
		put_ways(out);
		return;
	}
	while (strcmp(k->name, format))
		if (++k == markups + ARRAY_SIZE(markups))
			die("the table is text, mdoc, rst or ways, not %s", format);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (!guide || rows[i].state != ANY ||
		    (rows[i].there <= BESIDE && rows[i].there != BLOCKED))
			put_row(out, k, &rows[i]);
	for (enum action_id id = NO_ACTION + 1; id < ACTIONS; id++)
		if (!guide || (id != LOAD_ALL && id != MOUNT))
			put_action(out, k, &actions[id]);
}
