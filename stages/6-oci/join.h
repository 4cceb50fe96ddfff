/* A child in namespaces of which some are new and some exist already. */
#ifndef STAGE6_JOIN_H
#define STAGE6_JOIN_H

#include "2-namespaces/spawn.h"
#include "4-cgroups/cgroup.h"
#include "6-oci/config.h"

/* Which namespaces a child gets. */
struct joins {
	uint64_t made;   /* CLONE_NEW* flags of those to make */
	uint64_t joined; /* and of those to enter */
	int fds[8];      /* the latter, opened */
	uint64_t types[8];
	enum turn { OURS, USER, THEIRS } turns[8]; /* entered before the user namespace, or after */
	int indexes[8];                            /* where in linux.namespaces; -1: nowhere */
	size_t count;
};

/*
 * Those that @config lists: the ones without a path are to be made, the others are opened, to be
 * entered. Those for cgroups and for time are not among those to make: the child makes the one
 * itself when it is in its cgroup, the other when its clocks can be set. Returns 0, or -1 with the
 * error set. See linux.namespaces in config-linux.md.
 */
int joins_from_config(struct joins *joins, const struct config *config);

/* Those of the process @pid that are not this process's own, to be entered. See setns(2). */
int joins_from_process(struct joins *joins, pid_t pid);

void joins_close(const struct joins *joins);

/*
 * As spawn() does, with the namespaces of @joins, and puts the child into @cgroup, in all of its
 * hierarchies: before this returns where namespaces are joined, at the latest when it is released
 * where all are new.
 */
int join_and_spawn(struct child *child, const struct joins *joins, const struct cgroup *cgroup,
	child_main *inside, void *what);

#endif
