/* A child in namespaces of which some are new and some exist already. */
#ifndef STAGE6_JOIN_H
#define STAGE6_JOIN_H

#include "2-namespaces/spawn.h"
#include "6-oci/config.h"

/*
 * As spawn() does, with the namespaces that @config lists: those without a path are new, the others
 * are joined. The child is born in the cgroup v2 directory @cgroup where that is possible;
 * *@born_there tells whether it is. See setns(2), and linux.namespaces in config-linux.md.
 */
int join_and_spawn(struct child *child, const struct config *config, int cgroup, bool *born_there,
	child_main *inside, void *what);

#endif
