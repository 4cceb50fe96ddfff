/* The files of a cgroup that count, and numbers for JSON out of them. */
#ifndef STAGE7_RESOURCES_STATISTICS_FILES_H
#define STAGE7_RESOURCES_STATISTICS_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "4-cgroups/cgroup.h"
#include "7-runtime/resctrl.h"

struct json_object;

/* A cgroup's directory for one controller. */
struct counter {
	enum cgroup_version version;
	char *directory; /* NULL: this host or this cgroup has no such controller */
};

/*
 * Where the controller counts. One that v2 can do without is in the v2 tree then. Release it with
 * counter_close().
 */
struct counter counter_open(const struct cgroup *cgroup, enum controller controller);
void counter_close(const struct counter *counter);
#define _cleanup_counter __attribute__((cleanup(counter_close)))

/* The whole file in fresh memory, or NULL, without an error, when there is none. */
char *counter_text(const struct counter *counter, const char *file);

/* The number in a file, or behind a key in it; 0 when there is none; UINT64_MAX for "max". */
uint64_t counter_number(const struct counter *counter, const char *file);
uint64_t counter_key(const struct counter *counter, const char *file, const char *key);

/* Adds a number to an object; the second one not if it is 0. */
void put_number(struct json_object *object, const char *name, uint64_t number);
void put_unless_0(struct json_object *object, const char *name, uint64_t number);

/* Adds an object, which is empty so far, and returns it. */
struct json_object *put_object(struct json_object *object, const char *name);

/*
 * Adds "psi": for how much of the time some, or all, processes have waited for it; the file
 * @file, "cpu.pressure" or its like. Nothing where the kernel does not count that. See psi.rst.
 */
void put_pressure(struct json_object *object, const struct counter *counter, const char *file);

/* The parts of the whole that have files of their own. */
void statistics_memory(struct json_object *whole, const struct cgroup *cgroup);
void statistics_huge_pages(struct json_object *whole, const struct cgroup *cgroup);
void statistics_io(struct json_object *whole, const struct cgroup *cgroup);

/* @root: where the kernel's filesystem for it is mounted. */
void statistics_rdt(struct json_object *whole, const struct resctrl *resctrl, const char *root);

#endif
