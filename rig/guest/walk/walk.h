/* SPDX-License-Identifier: GPL-2.0 */
/*
 * walk: steps drawn at random, or read from a list, each of which is something that
 * an operator, firmware or a fault can do; and an oracle that looks after each of
 * them whether the promises are kept.
 *
 *	main.c		draws or reads steps, prints them, watches for one that hangs
 *	state.c		reads what the kernel and the registers say
 *	steps.c		how a step is drawn, read and run
 *	bind.c region.c memory.c machine.c tool.c
 *			what steps there are, and how each is done
 *	use.c		memory and dax devices that are in use, with a pattern in them
 *	oracle.c	the promises a to e and g, after each step
 *	teardown.c	promise f, from time to time
 */
#ifndef WALK_H
#define WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef unsigned long long u64;

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define NAME		40
#define MAX		64
#define M		(1ULL << 20)
#define ABOVE		(1ULL << 32)	/* all that is looked at lies above */

struct range {
	u64 start, end;		/* both in it, as in iomem */
};

/* A line of /proc/iomem; parent is an index, -1 for none */
struct entry {
	struct range range;
	int depth, parent;
	char name[NAME];
};

struct claim {
	struct range range;
	char kind[NAME], owner[NAME];
	bool held;
};

struct piece {
	struct range range;
	char state[NAME], cause[NAME];
};

/* What is committed in the registers of a bridge, a switch or a device */
struct decoder {
	struct range range;
	enum { BRIDGE, SWITCH, DEVICE } kind;
	char of[NAME];		/* PCI address; "hb" and a number */
	int number, ways;
	bool locked;
};

/* A CXL memory device; names are empty where there is none */
struct device {
	int serial;
	char pci[NAME], pci_driver[NAME];
	char mem[NAME], mem_driver[NAME];
	char endpoint[NAME], endpoint_driver[NAME];
};

struct port {
	char name[NAME], uport[NAME], driver[NAME];
};

/* An endpoint decoder, as sysfs has it */
struct dpa {
	char name[NAME], mode[NAME], region[NAME];
	int device;		/* index */
	struct range range;
	u64 size;		/* of its capacity */
};

/* A decoder of a bridge or a switch that decodes something, as sysfs has it */
struct link {
	char port[NAME];
	struct range range;
};

struct window {
	char name[NAME];
	struct range range;
	bool volatile_ok, persistent_ok;
	int bridge[2], ways;	/* by the numbers of their buses */
};

struct region {
	char name[NAME], driver[NAME], mode[NAME], root[NAME];
	struct range range;
	bool has_range, committed;
	int ways;
	char target[4][NAME];
};

struct hmem {
	char name[NAME], driver[NAME];
};

/* The device of CXL that a dax region is made for */
struct dax_region {
	char name[NAME], driver[NAME];
};

struct dax {
	char name[NAME], driver[NAME], parent[NAME];
	struct range range;
	int target_node;
};

struct block {
	int number;
	bool online;
};

#define LIST(type, name)	struct type name[MAX]; int nr_##name

struct state {
	struct entry iomem[4 * MAX];
	int nr_iomem;

	LIST(claim, claims);
	LIST(piece, pieces);
	LIST(decoder, decoders);
	LIST(device, devices);
	LIST(port, ports);
	LIST(dpa, dpas);
	LIST(link, links);
	LIST(window, windows);
	LIST(region, regions);
	LIST(hmem, hmems);
	LIST(dax_region, dax_regions);
	LIST(dax, daxs);
	LIST(block, blocks);
	char platform_driver[NAME], acpi_driver[NAME];
	bool has_platform, deep;
	char text[32768];	/* all of it, to be compared */
};

#define for_each(p, s, list)	\
	for (p = (s)->list; p < (s)->list + (s)->nr_##list; p++)

/* main.c */
extern bool stock;		/* a kernel without the arbiter */
extern bool early;		/* Soft Reserved is in iomem from boot on */
extern bool may_be_short;	/* an allocation was made to fail in this step */
extern int step_number;
extern struct state before, now;

int draw(int below);
bool chance(int percent);
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
void alive(void);

/* state.c */
extern u64 block_size;

void state_init(void);
void state_read(struct state *s);
bool runs_alone(void);
void settle(struct state *s);
char *slurp(char *buf, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void set_name(char *to, const char *name);
void link_name(char *name, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
struct device *device_by_serial(struct state *s, int serial);
struct region *region_by_word(struct state *s, const char *word);
struct dax *dax_at(struct state *s, u64 start);
bool decoded(const struct state *s, const struct range *r);
bool overlap(const struct range *a, const struct range *b);
bool within(const struct range *in, const struct range *out);
bool range_online(const struct state *s, const struct range *r);
const char *hmem_name(u64 start);
bool hmem_start(const char *name, u64 *start);
const char *diff(const char *old, const char *new);

/* steps.c */
#define NOTHING	1	/* there is no such object, nothing was done */

struct kind {
	const char *name;
	int weight;
	void (*draw)(char *text);	/* leaves it empty if there is no object */
	int (*run)(int nr, char **word);
	int done, refused, nothing;	/* how often */
};

/* each in a file of that name, the last has no name */
extern struct kind bind_kinds[], region_kinds[], memory_kinds[], machine_kinds[];
extern struct kind tool_kinds[];

void steps_init(void);
void step_draw(char *text);
int step_run(const char *text);
void step_counts(void);
int put(const char *value, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int put_number(u64 value, const char *name, const char *file);
int run_command(const char *path, ...);
const char *error_name(int error);

/* memory.c */
struct namespace {		/* of persistent memory */
	char name[NAME], driver[NAME];
	const char *wants;	/* that driver */
};

bool find_namespace(struct namespace *n, const struct region *r);
struct region *any_pmem(void);
struct dax *any_dax(bool (*fits)(const struct dax *dax));

/* region.c */
bool draw_region(char *text);
bool below_bridge(const struct device *d, int bridge);

/* bind.c */
extern const char * const modules[];	/* ends with NULL */

bool is_loaded(const char *module);
void allow_all(void);
bool pick(char *word, const char *class);

/* machine.c */
struct slot {			/* what can be plugged in where */
	int serial;
	char bus[NAME];
	int ram, pmem;		/* MiB */
	bool plugged;
};

extern struct slot slots[16];
extern int nr_slots;

void machine_device(const char *spec);
void read_everything(void);

/* use.c */
int use_memory(struct dax *dax, unsigned int seed);
int use_dax(struct dax *dax, unsigned int seed, bool only_open);
int use_drop(const char *what, u64 start);
void use_drop_all(void);
void use_lose(const struct range *r);
bool in_use(const struct range *r);
void use_check(void);
int use_file(const char *block, const struct range *r, unsigned int seed);
bool use_pick(char *text);

/* oracle.c */
extern bool failed;

void broken(char promise, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void log_start(void);
void oracle(const char *text, int result);
void oracle_end(void);
int violations(char promise);

/* teardown.c */
void tear_down(bool all);

#endif
