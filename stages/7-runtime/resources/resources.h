/* The whole of linux.resources: the limits of stages 4 and 6, and what is beyond them. */
#ifndef STAGE7_RESOURCES_RESOURCES_H
#define STAGE7_RESOURCES_RESOURCES_H

#include "4-cgroups/cgroup.h"
#include "6-oci/config.h"

/*
 * Checks, while nothing has been made, what only this host can tell: whether its version of cgroups
 * has a setting, its kernel a file for it, and its processor pages of that size. Returns 0, or -1
 * with an error that names the property.
 */
int resources_check(const struct config_resources *resources, const struct cgroup *cgroup);

/*
 * Makes the container's cgroup, or takes the empty one that is there, and makes it what the config
 * asks for: limits, settings, devices, its owner. Returns 0, or -1 with the error set. See "Control
 * groups" in config-linux.md.
 */
int resources_create(const struct config *config, struct cgroup *cgroup);

/*
 * Changes the resources of a container that runs; what @resources does not speak of stays. It is
 * checked first, by validate_resources() and resources_check(). When a part is refused, nothing
 * changes. Returns 0, or -1 with the error set.
 */
int resources_update(struct config_resources *resources, const struct cgroup *cgroup);

#endif
