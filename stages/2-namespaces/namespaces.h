/* What a process sees of the machine: its own mounts, processes, host name, System V IPC. */
#ifndef STAGE2_NAMESPACES_H
#define STAGE2_NAMESPACES_H

#include <stdint.h>

#include "common/flags.h"

struct namespaces {
	const char *hostname; /* NULL: a copy of the host's */
};

/* --hostname; it fills a struct namespaces. */
extern const struct flag namespaces_flags[];

/* The names of a set of CLONE_NEW* flags, " mnt pid uts", in a buffer that the next call reuses. */
const char *namespaces_text(uint64_t flags);

/*
 * In the child: makes its new namespaces its own. The mounts are made private, so that what is
 * mounted here stays here; the host name is set. Returns 0, or -1 with the error set.
 */
int namespaces_settle(const struct namespaces *namespaces);

/* Sets the host name of this UTS namespace. At most 64 bytes. See sethostname(2). */
int namespaces_set_hostname(const char *hostname);

/*
 * No mount made or removed from here on is seen outside, and none made outside is seen here. See
 * "shared subtrees" in mount_namespaces(7).
 */
int namespaces_make_mounts_private(void);

/*
 * Mounts a fresh /proc, on /proc, for this process's PID namespace. Without it, ps would still show
 * the host's processes: /proc belongs to the namespace in which it was mounted. See proc(5).
 */
int namespaces_mount_proc(void);

#endif
