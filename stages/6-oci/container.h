/* A container from config.json, made with the five stages before this one. */
#ifndef STAGE6_CONTAINER_H
#define STAGE6_CONTAINER_H

#include "2-namespaces/spawn.h"
#include "4-cgroups/cgroup.h"
#include "6-oci/config.h"
#include "6-oci/root.h"

/*
 * What a caller adds to this stage, at the moments that only it knows. Each member may be NULL;
 * each is called with @what and returns 0, or -1 with the error set.
 */
struct container_more {
	/* The parent, with @parent for @what: the child has its ids, is in its cgroup of v2, and
	 * waits; released, it moves itself into those of v1.
	 */
	int (*cloned)(void *parent, const struct child *child);
	void *parent;

	/* The child, with @line to the parent. In its namespaces; the host's files are there. */
	int (*begun)(void *what, int line);
	/* The root is built and not yet entered. */
	int (*built)(void *what, int line);
	/* Everything is set up; the process is still root. */
	int (*before_user)(void *what, int line);
	/* It has become the user. */
	int (*after_user)(void *what, int line);
	/* All is done but the exec. */
	int (*ready)(void *what, int line);

	struct mount_maker mounts;
	int (*pivot)(int root); /* in place of rootfs_pivot() */
	void *what;
};

struct container {
	const struct config *config;
	const char *rootfs; /* absolute */
	const struct cgroup *cgroup;
	const int *kept; /* files that stay open in the child; -1: none */
	size_t kept_count;
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

/*
 * The first step of a child that must not bring the host's files in: closes all but @kept, the
 * standard streams and @line.
 */
int container_close_files(const int *kept, size_t count, int line);

/*
 * The last part of the child's way, in the container's root: limits, the user, the working
 * directory, the exec of the command. For a process that joins a container there is only this.
 * Returns only when it fails: -1 with error and exit status set.
 */
int container_execute(const struct config_process *process, const struct container_more *more,
	int line);

/*
 * In the container's root: with process.terminal makes a terminal, of the size that the config asks
 * for, and sends its master side over @line. @console: it is /dev/console, too. Returns 0, or -1
 * with the error set.
 */
int container_make_terminal(const struct config_process *process, int line, bool console);

/* The absolute path of the config's rootfs, in fresh memory (free it); NULL with the error set. */
char *container_rootfs(const char *bundle, const struct config *config);

#endif
