/* Holding all processes of a cgroup still. */
#ifndef STAGE7_RESOURCES_FREEZER_H
#define STAGE7_RESOURCES_FREEZER_H

#include <stdbool.h>

#include "4-cgroups/cgroup.h"

/*
 * Freezes the processes of the cgroup, and returns when all of them stand still; or thaws them.
 * When they do not stand still within some seconds they are thawed again. Returns 0, or -1 with the
 * error set. See freezer-subsystem.rst and "cgroup.freeze" in cgroup-v2.rst in the kernel's
 * documentation.
 */
int freezer_set(const struct cgroup *cgroup, bool frozen);

/* Whether it is frozen itself, and not only together with one above it. */
bool freezer_is_set(const struct cgroup *cgroup);

#endif
