/* A tmpfs that starts with a copy of what it covers: the option "tmpcopyup". */
#ifndef STAGE7_MOUNTS_COPY_UP_H
#define STAGE7_MOUNTS_COPY_UP_H

#include "3-rootfs/mount.h"

/*
 * Makes the tmpfs @mount, detached, and copies into it what the directory @mount->destination
 * inside @root holds (copy_tree.h). The directory's own owner, mode and times become those of the
 * tmpfs, unless its options say others. A directory that is not there has no content. Returns the
 * tree, or -1 with the error set.
 */
int copy_up_make(const struct mount *mount, int root);

#endif
