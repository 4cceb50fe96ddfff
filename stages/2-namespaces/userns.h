/* A user namespace: root inside, somebody else outside. */
#ifndef STAGE2_USERNS_H
#define STAGE2_USERNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/flags.h"

struct userns {
	bool wanted;
};

/* --user; it fills a struct userns. */
extern const struct flag userns_flags[];

/* A run of @count ids: @inside, @inside + 1, ... are @outside, @outside + 1, ... on the host. */
struct id_map {
	uint32_t inside, outside, count;
};

/*
 * By the parent, while the child waits: gives the child @pid, in a new user namespace, the ids of
 * the caller. Root inside is the caller outside. Where the caller has a range in /etc/subuid and
 * /etc/subgid, and newuidmap and newgidmap are installed, the ids from 1 are that range; otherwise
 * root is the only id there is. Returns 0, or -1 with the error set. See user_namespaces(7).
 */
int userns_map_caller(pid_t pid);

/*
 * By the parent: the maps of the user namespace of @pid, as given. A caller without CAP_SETUID may
 * map one id, its own; for more it needs newuidmap(1), which is called then.
 */
int userns_map(pid_t pid, const struct id_map *uids, size_t uid_count, const struct id_map *gids,
	size_t gid_count);

/* In the child, once its maps are there: becomes uid and gid 0, without the caller's groups. */
int userns_become_root(void);

/*
 * Whether this process is in the host's own user namespace. In another one it is root over what
 * belongs to that namespace only: it can make no device nodes, for one.
 */
bool userns_is_initial(void);

#endif
