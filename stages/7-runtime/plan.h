/* What a container is to be: read and checked, while nothing has been made. */
#ifndef STAGE7_PLAN_H
#define STAGE7_PLAN_H

#include "7-runtime/create.h"

/*
 * Fills @creation's config, rootfs, filter, cgroup, scope and resctrl group for the container @id
 * of the bundle @bundle, and checks all that can be checked. @start: its process shall run at once.
 * Returns 0, or -1 with the error set.
 */
int plan(struct creation *creation, const struct create_options *options, const char *bundle,
	const char *id, bool start);

#endif
