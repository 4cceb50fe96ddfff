/* The mounts that take more than stage 6 does for the others. */
#ifndef STAGE7_MOUNTS_MOUNTS_H
#define STAGE7_MOUNTS_MOUNTS_H

#include "6-oci/root.h"
#include "7-runtime/mounts/trees.h"

/* Used by the init; its trees are those that the creator has made for it. */
struct mounts {
	const struct config *config;
	struct trees trees;
};

/* The mounts that it makes, and the places that it refuses. @mounts outlives what is returned. */
struct mount_maker mounts_maker(struct mounts *mounts);

#endif
