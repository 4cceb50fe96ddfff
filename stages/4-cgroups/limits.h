/* How much of the machine a group of processes may use. */
#ifndef STAGE4_LIMITS_H
#define STAGE4_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "4-cgroups/hierarchy.h"

/* A number that may not have been asked for at all; 0 is a number like others. */
struct limit {
	bool set;
	int64_t value; /* -1 means "unlimited" wherever that makes sense */
};

enum throttle_kind { READ_BYTES, WRITE_BYTES, READ_OPERATIONS, WRITE_OPERATIONS };

/* How much may go to or come from one device in a second. */
struct throttle {
	enum throttle_kind kind;
	unsigned major, minor;
	uint64_t rate; /* 0: unlimited */
};

/* A file of cgroup v2 by its own name, for what has no name in version 1. */
struct unified_setting {
	const char *file; /* "memory.high" */
	const char *text;
};

/*
 * The limits, in the terms of the OCI specification (config-linux.md, "Control groups"), which are
 * those of cgroup v1. All zero means that nothing is limited.
 */
struct cgroup_limits {
	struct limit memory;             /* bytes */
	struct limit memory_reservation; /* bytes that stay when others need memory */
	struct limit memory_swap;        /* memory and swap together */
	struct limit cpu_shares;         /* 2 to 262144, among those who compete; 1024 is usual */
	struct limit cpu_quota;          /* microseconds of processor time in each period */
	struct limit cpu_period;
	struct limit cpu_burst;                /* unused quota that may be saved up */
	struct limit cpu_idle;                 /* 1: only when nobody else wants the processor */
	const char *cpuset_cpus, *cpuset_mems; /* "0-2,4"; NULL: no limit */
	struct limit pids;
	struct limit blkio_weight; /* 10 to 1000 */
	const struct throttle *throttles;
	size_t throttle_count;
	const struct unified_setting *unified;
	size_t unified_count;
	unsigned controllers; /* more of them (1u << CONTROLLER_...), for what has no place here */
};

/*
 * Whether the limits make sense together: swap without memory does not. Returns -1 with the error
 * set if not. Touches nothing.
 */
int limits_check(const struct cgroup_limits *limits);

/* The set (1u << CONTROLLER_...) of the controllers that it takes; "unified" is not counted. */
unsigned limits_controllers(const struct cgroup_limits *limits);

/* Writes @text into the file @file of a cgroup. Returns 0, or -1 with the error set. */
typedef int limit_writer(void *where, const char *file, const char *text);

/*
 * Says, by calling @write for each file in the order that the kernel wants, what to write in a
 * cgroup so that the limits of @controller hold in it. @version: of the hierarchy that the
 * controller belongs to. Stops at the first -1 and returns it.
 */
int limits_write(const struct cgroup_limits *limits, enum controller controller,
	enum cgroup_version version, limit_writer *write, void *where);

#endif
