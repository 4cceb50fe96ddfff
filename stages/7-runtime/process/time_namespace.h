/* Clocks of the container's own: a new time namespace, linux.timeOffsets. */
#ifndef STAGE7_PROCESS_TIME_NAMESPACE_H
#define STAGE7_PROCESS_TIME_NAMESPACE_H

#include <stdbool.h>
#include <sys/types.h>

#include "6-oci/config.h"

/* Whether this kernel has such namespaces, and its clocks can be set so. */
int time_namespace_check(const struct config *config);

/*
 * The config lists a time namespace without a path. In this order: the container's process, which
 * has one thread, makes it; the runtime sets its clocks, if the config has offsets; the process
 * enters it. @proc: the host's /proc. Each returns -1 with the error set. See time_namespaces(7).
 */
bool time_namespace_is_new(const struct config *config);
bool time_namespace_has_offsets(const struct config *config);
int time_namespace_make(const struct config *config);
int time_namespace_set(const struct config *config, pid_t pid);
int time_namespace_enter(int proc);

#endif
