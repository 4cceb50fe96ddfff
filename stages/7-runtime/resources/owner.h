/* Who may make cgroups below a container's. */
#ifndef STAGE7_RESOURCES_OWNER_H
#define STAGE7_RESOURCES_OWNER_H

#include "4-cgroups/cgroup.h"
#include "6-oci/config.h"

/*
 * Gives the v2 cgroup to the container's user, when it is mounted in the container to be written
 * to. Returns 0, or -1 with the error set. See "Cgroup ownership" in config-linux.md and "Cgroup
 * delegation" in cgroups(7).
 */
int owner_change(const struct config *config, const struct cgroup *cgroup);

#endif
