/* Cgroups below the container's, for a process that enters it: exec --cgroup. */
#ifndef STAGE7_SUB_CGROUP_H
#define STAGE7_SUB_CGROUP_H

#include <sys/types.h>

#include "4-cgroups/cgroup.h"
#include "common/flags.h"

/* Some cgroups, each in the hierarchies where it is meant. */
struct sub_cgroups {
	struct cgroup *list;
	size_t count;
	bool everywhere; /* there is one, for all hierarchies */
};

/*
 * Finds those that @wanted names, each "PATH" below @own, the container's cgroup, or
 * "CONTROLLER[,CONTROLLER...]:PATH", which means only the hierarchies of these controllers. One
 * without controllers stands alone. Returns 0, or -1 with the error set, also when there is no such
 * cgroup; release @found in both cases.
 */
int sub_cgroups_find(struct sub_cgroups *found, const struct text_list *wanted,
	const struct cgroup *own);

/*
 * Where one is meant in every hierarchy, @cgroup becomes that one, for a child to be born in: a v2
 * cgroup with others below it may hold no processes itself.
 */
void sub_cgroups_replace(struct sub_cgroups *from, struct cgroup *cgroup);

/* Moves @pid to the others, from the container's own. Returns 0, or -1 with the error set. */
int sub_cgroups_join(const struct sub_cgroups *cgroups, pid_t pid);

void sub_cgroups_release(struct sub_cgroups *cgroups);

#endif
