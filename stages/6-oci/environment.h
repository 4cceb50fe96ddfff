/* The variables that a process gets. */
#ifndef STAGE6_ENVIRONMENT_H
#define STAGE6_ENVIRONMENT_H

#include "6-oci/config.h"

/*
 * Where a name is there more than once, leaves one variable, in the place of the first, with the
 * value of the last. See environ(7).
 */
void environment_settle(struct config_strings *variables);

#endif
