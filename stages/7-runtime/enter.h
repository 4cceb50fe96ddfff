/* A further process in a container that exists. */
#ifndef STAGE7_ENTER_H
#define STAGE7_ENTER_H

#include "2-namespaces/spawn.h"
#include "4-cgroups/cgroup.h"
#include "7-runtime/process/setup.h"
#include "7-runtime/record.h"
#include "common/flags.h"

struct entry {
	struct setup setup;
	const struct record *record;
	const struct text_list *sub_cgroups; /* see sub_cgroup.h; none: the container's own */
	const int *kept;                     /* files that stay open in it; -1: none */
	size_t kept_count;
	struct child child; /* set by enter_container() */
};

/*
 * Clones a process into the namespaces and the cgroup of the container, where it becomes what
 * @entry->setup says and executes the command. It dies with this process until it has been let go
 * of: see release.h. Before that, it is sent its own directory in the host's /proc ('p'), and with
 * process.terminal it sends the master side. Returns 0, or -1 with the error set.
 */
int enter_container(struct entry *entry);

#endif
