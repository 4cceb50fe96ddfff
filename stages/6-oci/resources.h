/* linux.resources, in the terms of stage 4. */
#ifndef STAGE6_RESOURCES_H
#define STAGE6_RESOURCES_H

#include <stdbool.h>

#include "4-cgroups/cgroup.h"
#include "6-oci/config.h"

/*
 * Makes the cgroup with the limits that the config asks for. @adopt: one that exists already is
 * taken as it is, as cgroup_create() does. Returns 0, or -1 with the error set. See "Control
 * groups" in config-linux.md.
 */
int resources_apply(const struct config *config, struct cgroup *cgroup, bool adopt);

/*
 * The limits alone. They point into @resources; resources_release() gives back what is theirs, and
 * is called after a failure, too. Returns -1 with the error set when there is no memory.
 */
int resources_limits(const struct config_resources *resources, struct cgroup_limits *limits);
void resources_release(const struct cgroup_limits *limits);

#endif
