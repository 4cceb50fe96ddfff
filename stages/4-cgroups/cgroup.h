/*
 * A cgroup: some processes, and what they may use together. It is one directory for its members in
 * every hierarchy that the host has, at the same path in each.
 */
#ifndef STAGE4_CGROUP_H
#define STAGE4_CGROUP_H

#include <stdbool.h>

#include "4-cgroups/hierarchy.h"
#include "4-cgroups/limits.h"

struct cgroup {
	char *path; /* below the mount point of each hierarchy: "/a/b" */
	struct hierarchies in;
	int unified; /* its directory in the v2 hierarchy, for a child to be born in; or -1 */
};

/*
 * Finds where the cgroup @path is, or would be; makes nothing. A path that starts with "/" starts
 * at the mount point of each hierarchy, so it leads every process to the same cgroup (as
 * "cgroupsPath" of the OCI specification does). Another one starts where this process may make
 * cgroups: for root that is the same; a user to whom a part of the v2 tree is delegated has them
 * beside the cgroup that this process is in, or in it. @cgroup->path always starts with "/". The
 * path has no ".." in it. Returns 0, or -1 with the error set.
 */
int cgroup_open(struct cgroup *cgroup, const char *path);

/* The same for a new cgroup with a path that nobody else has: @name, and what makes it unique. */
int cgroup_open_new(struct cgroup *cgroup, const char *name);

/* Its directory in one of the hierarchies, in fresh memory (free it); NULL with the error set. */
char *cgroup_directory(const struct cgroup *cgroup, const struct hierarchy *hierarchy);

/* Releases the memory and the fd. The cgroup itself stays. */
void cgroup_close(struct cgroup *cgroup);

/* Whether it is there: in any hierarchy, or in the given one. */
bool cgroup_exists(const struct cgroup *cgroup);
bool cgroup_exists_in(const struct cgroup *cgroup, const struct hierarchy *hierarchy);

/*
 * Makes the cgroup, and what is missing above it, in every hierarchy, and sets the limits. A
 * hierarchy that this process may not write to is left out, unless a limit needs it. @adopt: one
 * that exists already is taken as it is; otherwise the error is EEXIST. On failure what was made
 * stays: cgroup_remove() copes with it. See "Control groups" in config-linux.md.
 */
int cgroup_create(struct cgroup *cgroup, const struct cgroup_limits *limits, bool adopt);

/* Sets the limits of a cgroup that exists. */
int cgroup_limit(const struct cgroup *cgroup, const struct cgroup_limits *limits);

/*
 * Writes @text into the file @file of the cgroup whose directory @where, a const char *, names: the
 * writer for limits_write(). The error has a hint where the kernel's answer is known to mislead.
 */
limit_writer cgroup_write_limit;

#endif
