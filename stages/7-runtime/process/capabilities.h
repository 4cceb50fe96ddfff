/* What root may do is some forty separate rights; a container gets a few of them. */
#ifndef STAGE7_CAPABILITIES_H
#define STAGE7_CAPABILITIES_H

#include <stdbool.h>

#include "6-oci/config.h"

/*
 * As root, before the process becomes its user: drops from the bounding set what @wanted does not
 * list, and sees to it that the rest outlives the change of user. NULL: nothing is wanted. See
 * capabilities(7).
 */
int capabilities_bound(const struct config_capabilities *wanted);

/* As the user: the permitted, effective, inheritable and ambient sets of @wanted, if it has them.
 */
int capabilities_set(const struct config_capabilities *wanted);

/*
 * By the creator: prints a warning for each capability that the process will not get: this kernel
 * does not know it, another set lacks it, or this process does not have it itself. @all: that one
 * is no limit, since in a user namespace the process has them all.
 */
void capabilities_warn(const struct config_capabilities *wanted, bool all);

/* The number of the capability @name, "CAP_CHOWN", in *@capability; false when nobody knows it. */
bool capability_find(const char *name, int *capability);

#endif
