/* The root filesystem as config.json describes it. */
#ifndef STAGE6_ROOT_H
#define STAGE6_ROOT_H

#include "3-rootfs/mount.h"
#include "6-oci/config.h"

/*
 * Makes the mount mounts[@index] detached, as mount_make() does, in place of that. @root is what it
 * will be attached in.
 */
struct mount_maker {
	int (*make)(void *what, size_t index, const struct mount *mount, int root);
	void *what;
};

/*
 * In the container, while the host's files are still there: makes the directory @path a mount of
 * its own and builds in it what the config lists: mounts, devices, masked and read-only paths.
 * @maker: NULL, or who makes the mounts. Returns an O_PATH fd of the new root, or -1 with the error
 * set.
 */
int root_build(const struct config *config, const char *path, const struct mount_maker *maker);

/*
 * Makes @root the root, with the propagation that the config asks for. @pivot: how; NULL:
 * rootfs_pivot().
 */
int root_enter(const struct config *config, int root, int (*pivot)(int root));

/* The last step: nothing in the root itself can be changed any more, if the config says so. */
int root_close(const struct config *config);

#endif
