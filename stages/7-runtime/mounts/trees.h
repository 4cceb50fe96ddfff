/* Mounts that the creator makes for the container, detached, and hands over. */
#ifndef STAGE7_MOUNTS_TREES_H
#define STAGE7_MOUNTS_TREES_H

#include <stdbool.h>

#include "2-namespaces/spawn.h"
#include "6-oci/config.h"

/* The trees of one container: a fd for each of mounts[] that the creator makes, -1 for others. */
struct trees {
	const struct config *config;
	bool *wanted; /* for each of mounts[]: made by the creator */
	int *fds;     /* the init's; -1 until it is there */
};

/*
 * By the creator, before the clone: which mounts it is that it must make: those with idmap; bind
 * mounts of a container with a user namespace of its own, whose root may not reach every place of
 * the host; and shared ones, when the root is to be shared. @trees lasts as long as @config.
 * Returns 0, or -1 with the error set: it cannot be found out whose the mounts here are.
 */
int trees_choose(struct trees *trees, const struct config *config);

/*
 * By the creator, when the init runs: makes the trees and sends each over the line, with the word
 * 'm'. Returns 0, or -1 with the error set, which names the mount. See "idmap" in config.md,
 * MOUNT_ATTR_IDMAP in mount_setattr(2).
 */
int trees_send(const struct trees *trees, struct child *child);

/* By the init: receives all of them. As handshake_await() with a creator that has gone. */
int trees_receive(struct trees *trees, int line);

/* By the init: the tree for mounts[@index], which is the caller's then; or -1: none was made. */
int trees_take(struct trees *trees, size_t index);

#endif
