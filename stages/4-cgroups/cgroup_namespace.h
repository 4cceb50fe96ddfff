/* What a process sees of the cgroups: its own as the top, and nothing above. */
#ifndef STAGE4_CGROUP_NAMESPACE_H
#define STAGE4_CGROUP_NAMESPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "4-cgroups/hierarchy.h"

/*
 * In the child, when it is in its cgroup: makes that the root of a new cgroup namespace. Returns 0,
 * or -1 with the error set. See cgroup_namespaces(7).
 */
int cgroup_namespace_enter(void);

/*
 * Mounts the hierarchies inside @root, on @destination, in the shape that the host
 * has: the v2 tree itself, or a directory for each. @attributes: MOUNT_ATTR_* of mount_setattr(2).
 * A process in a cgroup namespace of its own sees its own cgroup there; for one in the host's,
 * @bind shows the directory of its own cgroup in place of the whole tree. Does nothing on a host
 * without cgroups. Returns 0, or -1 with the error set.
 */
int cgroup_mount(const struct hierarchies *hierarchies, const char *destination, int root,
	uint64_t attributes, bool bind);

/* The same for one hierarchy, on @destination itself. */
int cgroup_mount_one(const struct hierarchy *hierarchy, const char *destination, int root,
	uint64_t attributes, bool bind);

/* The same on /sys/fs/cgroup, to be read only, and guarded as the rest of /sys is. */
int cgroup_show(const struct hierarchies *hierarchies, int root);

#endif
