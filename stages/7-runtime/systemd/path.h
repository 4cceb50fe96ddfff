/* linux.cgroupsPath, when it is systemd that makes the cgroup. */
#ifndef STAGE7_SYSTEMD_PATH_H
#define STAGE7_SYSTEMD_PATH_H

#include "6-oci/arena.h"

struct systemd_path {
	char *slice; /* "machine-web.slice"; NULL: the usual one */
	char *scope; /* "cooper-one.scope" */
};

/*
 * Reads "SLICE:PREFIX:NAME" (engines agree on that form), each part of which may be missing; NULL
 * is a path in which all are. The prefix is "cooper" then, the name @id. What it finds is in
 * @arena. Returns -1, with an error that does not name the property, for what is no such path, or
 * gives a name that no unit can have. See systemd.unit(5) and systemd.slice(5).
 */
int systemd_path_read(const char *cgroups_path, const char *id, struct arena *arena,
	struct systemd_path *path);

#endif
