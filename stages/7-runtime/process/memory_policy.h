/* From which memory nodes of the machine a process gets its memory: linux.memoryPolicy. */
#ifndef STAGE7_PROCESS_MEMORY_POLICY_H
#define STAGE7_PROCESS_MEMORY_POLICY_H

#include "6-oci/config.h"

/* Whether this machine has one of the nodes, and its kernel the mode. @wanted may be NULL. */
int memory_policy_check(const struct config_memory_policy *wanted);

/*
 * For the calling process and all that it will start, over an exec, too. It must be in its cgroup,
 * whose cpuset says which nodes count. @wanted may be NULL. Returns -1 with the error set. See
 * set_mempolicy(2), numa(7).
 */
int memory_policy_apply(const struct config_memory_policy *wanted);

#endif
