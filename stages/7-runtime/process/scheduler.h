/* Which processor time a process gets: process.scheduler. */
#ifndef STAGE7_PROCESS_SCHEDULER_H
#define STAGE7_PROCESS_SCHEDULER_H

#include <sys/types.h>

#include "6-oci/config.h"

/* Whether this kernel has the policy and the flags. @scheduler may be NULL, here and below. */
int scheduler_check(const struct config_scheduler *scheduler);

/*
 * Sets policy, priority and flags of the process @pid. Of a process that has a new user namespace
 * only one outside of it may be trusted with more than the default. Returns -1 with the error set.
 * See sched_setattr(2), sched(7).
 */
int scheduler_apply(const struct config_scheduler *scheduler, pid_t pid);

#endif
