/* The part of update that is not about cgroups: shares of a processor's cache and of its bus. */
#ifndef STAGE7_VERBS_UPDATE_RDT_H
#define STAGE7_VERBS_UPDATE_RDT_H

#include "7-runtime/record.h"

struct rdt_update {
	const char *l3_cache, *memory_bandwidth; /* lines of "schemata"; NULL: as they are */
};

/*
 * Whether this host and this container have what is to be changed. Returns 0, or -1 with the error
 * set. Touches nothing. See "IntelRdt" in config-linux.md and resctrl.rst in the kernel's
 * documentation.
 */
int rdt_update_check(const struct rdt_update *update, const struct record *record);

/* Changes it. Returns 0, or -1 with the error set. */
int rdt_update(const struct rdt_update *update, const struct record *record);

#endif
