/* The container's root: what is mounted in it, and the moment it becomes the root. */
#ifndef STAGE3_ROOTFS_H
#define STAGE3_ROOTFS_H

#include <stdbool.h>
#include <stddef.h>

#include "3-rootfs/mount.h"
#include "common/flags.h"

struct rootfs {
	struct mount *volumes;
	size_t volume_count;
	bool read_only;
};

/* --volume, --read-only; they fill a struct rootfs. */
extern const struct flag rootfs_flags[];

/* Adds a bind mount to the volumes. */
int rootfs_add_volume(struct rootfs *rootfs, const struct mount *volume);

/*
 * Opens the directory @path, which is a mount point of this mount namespace by now, as the root to
 * build in. Returns an O_PATH fd, or -1 with the error set.
 */
int rootfs_open(const char *path);

/*
 * Mounts what every container has inside @root (/proc, /sys, /dev with its nodes and links), then
 * the volumes; the root becomes read-only if @rootfs wants that.
 */
int rootfs_furnish(const struct rootfs *rootfs, int root);

/*
 * Makes @root the root mount of this mount namespace and lets go of the old one with all that is
 * mounted in it. See pivot_root(2).
 */
int rootfs_pivot(int root);

/*
 * Closes every file descriptor above the standard streams but the @count in @kept, which are in
 * rising order (a -1 is none). An open directory of the host is a way back to it, whatever the root
 * is now. See close_range(2).
 */
int rootfs_close_inherited(const int *kept, size_t count);

#endif
