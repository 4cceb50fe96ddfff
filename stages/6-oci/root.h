/* The root filesystem as config.json describes it. */
#ifndef STAGE6_ROOT_H
#define STAGE6_ROOT_H

#include "6-oci/config.h"

/*
 * In the container, while the host's files are still there: makes the directory @path a mount of
 * its own and builds in it what the config lists: mounts, devices, masked and read-only paths.
 * Returns an O_PATH fd of the new root, or -1 with the error set.
 */
int root_build(const struct config *config, const char *path);

/* Makes @root the root, with the propagation that the config asks for. */
int root_enter(const struct config *config, int root);

/* The last step: nothing in the root itself can be changed any more, if the config says so. */
int root_close(const struct config *config);

#endif
