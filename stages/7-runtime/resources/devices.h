/* linux.resources.devices: which devices the processes of a cgroup may open and make. */
#ifndef STAGE7_RESOURCES_DEVICES_H
#define STAGE7_RESOURCES_DEVICES_H

#include "4-cgroups/cgroup.h"
#include "6-oci/config.h"

/*
 * Whether the rules can be said in this host's version of cgroups. Returns 0, or -1 with an error
 * that names the rule. Touches nothing.
 */
int devices_check(const struct config_resources *resources, const struct cgroup *cgroup);

/*
 * Lets the cgroup use the devices of the rules, and no others: by the controller "devices" of v1,
 * or a program in v2. Without root the host's devices are guarded by their owners and modes alone,
 * as with runc. Returns 0, or -1 with the error set. See "Allowed Device list" in config-linux.md.
 */
int devices_apply(const struct config_resources *resources, const struct cgroup *cgroup);

#endif
