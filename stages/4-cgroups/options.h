/* Limits from the command line. */
#ifndef STAGE4_OPTIONS_H
#define STAGE4_OPTIONS_H

#include "4-cgroups/limits.h"
#include "common/flags.h"

struct limit_options {
	struct cgroup_limits limits;
	struct limit swap; /* --swap: what may be used on top of the memory */
	struct throttle *throttles;
};

/* --memory, --swap, --cpus, ...; they fill a struct limit_options. */
extern const struct flag limit_flags[];

/*
 * Completes @options->limits, once all flags are read. Returns 0, or -1 with the error set when
 * they do not go together.
 */
int limit_options_settle(struct limit_options *options);

#endif
