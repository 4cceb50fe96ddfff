/* A root put together from layers. */
#ifndef STAGE3_OVERLAY_H
#define STAGE3_OVERLAY_H

#include "common/flags.h"

struct overlay {
	struct text_list layers; /* directories that lie on the rootfs, the lowest first */
	const char *upper;       /* the directory that takes the changes; NULL: a tmpfs */
};

/* --layer, --upper; they fill a struct overlay. */
extern const struct flag overlay_flags[];

/*
 * Mounts an overlay of @rootfs (the lowest layer) and the layers of @overlay on the directory
 * @rootfs. What is changed in it goes to the upper directory, with overlayfs's work files in a
 * directory beside that, "UPPER.work"; without one it goes to a tmpfs and vanishes with the mount
 * namespace. The caller is in a mount namespace of its own, with private mounts. Returns 0, or -1
 * with the error set. See Documentation/filesystems/overlayfs.rst in the kernel's sources.
 */
int overlay_mount(const struct overlay *overlay, const char *rootfs);

#endif
