/* On which processors an exec runs: process.execCPUAffinity. */
#ifndef STAGE7_PROCESS_AFFINITY_H
#define STAGE7_PROCESS_AFFINITY_H

#include <sys/types.h>

#include "6-oci/config.h"

/*
 * For exec alone. The first is for the calling process, before one of its children enters the
 * container's cgroup. The second is for the child @pid, after that, and before its scheduler is
 * set, since SCHED_DEADLINE fixes it. Where the list is missing or empty nothing is done.
 * @affinity may be NULL. Returns -1 with the error set. See sched_setaffinity(2).
 */
int affinity_initial(const struct config_exec_cpu_affinity *affinity);
int affinity_final(const struct config_exec_cpu_affinity *affinity, pid_t pid);

#endif
