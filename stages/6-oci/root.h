/* The root filesystem as config.json describes it. */
#ifndef STAGE6_ROOT_H
#define STAGE6_ROOT_H

#include "3-rootfs/mount.h"
#include "6-oci/config.h"

/* What a maker of mounts may return beside a fd and -1. */
enum {
	MOUNT_USUAL = -2, /* there is nothing special about it: make it as this stage does */
	MOUNT_DONE = -3,  /* it is where it belongs already */
};

/* Who makes those mounts that this stage cannot. Returns -1 with the error set. */
struct mount_maker {
	/*
	 * Makes the mount mounts[@index], for which the options have been read into @mount,
	 * detached, as mount_make() does. It will be attached inside @root.
	 */
	int (*make)(void *what, size_t index, const struct mount *mount, int root);
	/* May refuse the place @place, in which @tree is about to be attached. */
	int (*check)(void *what, const struct mount *mount, int tree, int place);
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
