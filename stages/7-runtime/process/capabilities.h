/* What root may do is some forty separate rights; a container gets a few of them. */
#ifndef STAGE7_CAPABILITIES_H
#define STAGE7_CAPABILITIES_H

#include "6-oci/config.h"

/*
 * As root, before the process becomes its user: drops from the bounding set what @wanted does not
 * list, and sees to it that the rest outlives the change of user. NULL: nothing is wanted. See
 * capabilities(7).
 */
int capabilities_bound(const struct config_capabilities *wanted);

/* As the user: exactly the permitted, effective, inheritable and ambient sets of @wanted. */
int capabilities_set(const struct config_capabilities *wanted);

/* Prints a warning for each name that this kernel does not know; such a name is passed over. */
void capabilities_warn(const struct config_capabilities *wanted);

#endif
