/* Whether a cgroup is fit to be a container's. */
#ifndef STAGE7_RESOURCES_PLACE_H
#define STAGE7_RESOURCES_PLACE_H

#include "4-cgroups/cgroup.h"

/*
 * Checks the cgroup, which need not exist yet, and those above it: it has no processes and is not
 * frozen; in v2 it can hold processes, and is not among cgroups for threads. Returns 0, or -1 with
 * the error set. Touches nothing. See "Control groups" in config-linux.md, and "Threads" and "No
 * Internal Process Constraint" in the kernel's cgroup-v2.rst.
 */
int place_check(const struct cgroup *cgroup);

#endif
