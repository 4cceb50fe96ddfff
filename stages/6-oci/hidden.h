/* What a container shall not see, or not change: linux.maskedPaths, linux.readonlyPaths. */
#ifndef STAGE6_HIDDEN_H
#define STAGE6_HIDDEN_H

#include "6-oci/config.h"

/*
 * Hides the paths inside @root; one that is not there needs no hiding. @tops: for each of mounts[]
 * a fd of what is mounted, from where the paths below it are looked up; or -1: from @root. Returns
 * 0, or -1 with the error set.
 */
int hide_paths(const struct config *config, int root, const int *tops);

#endif
