/* A container from config.json, made with the five stages before this one. */
#ifndef STAGE6_CONTAINER_H
#define STAGE6_CONTAINER_H

#include "2-namespaces/spawn.h"
#include "4-cgroups/cgroup.h"
#include "6-oci/config.h"

/*
 * What a caller does besides, at the moments that only the child knows. Each may be NULL, is called
 * in the child with @what and @line (to the parent), and returns 0 or -1 with the error set.
 */
struct container_more {
	int (*built)(void *what, int line); /* the root is built and not yet entered */
	int (*before_user)(void *what,
		int line); /* everything is set up; the process is still root */
	int (*after_user)(void *what, int line); /* it has become the user */
	int (*ready)(void *what, int line);      /* all is done but the exec */
	void *what;
};

struct container {
	const struct config *config;
	const char *rootfs; /* absolute */
	const struct cgroup *cgroup;
	struct container_more more;
	struct child child; /* set by container_spawn() */
};

/*
 * Clones the container's init into its namespaces and its cgroup, maps its ids, and releases it. It
 * builds the root, becomes the user and executes the command; with process.terminal it sends the
 * master side first (terminal_supervise() in 3-rootfs/terminal.h receives it). Returns 0 as soon as
 * it runs, or -1 with the error set.
 */
int container_spawn(struct container *container);

/* The absolute path of the config's rootfs, in fresh memory (free it); NULL with the error set. */
char *container_rootfs(const char *bundle, const struct config *config);

#endif
