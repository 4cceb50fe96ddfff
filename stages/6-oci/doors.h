/* The ways into a cgroup of version 1, for a process that moves itself. */
#ifndef STAGE6_DOORS_H
#define STAGE6_DOORS_H

#include "4-cgroups/cgroup.h"

/*
 * For a process that moves itself, which in v1 is a lot cheaper: the files that take it into each
 * v1 hierarchy where the cgroup exists, opened where they can be seen and written, for a child that
 * perhaps cannot. The child has one thread, and calls cgroup_doors_enter(). Both return 0, or -1
 * with the error set; the doors are to be closed in either case.
 */
struct cgroup_doors {
	int fds[HIERARCHIES_MOST];
	size_t count;
};

int cgroup_doors_open(struct cgroup_doors *doors, const struct cgroup *cgroup);
int cgroup_doors_enter(const struct cgroup_doors *doors);
void cgroup_doors_close(const struct cgroup_doors *doors);

#endif
