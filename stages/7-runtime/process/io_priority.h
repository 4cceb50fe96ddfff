/* Whose reads and writes a disk does first: process.ioPriority. */
#ifndef STAGE7_PROCESS_IO_PRIORITY_H
#define STAGE7_PROCESS_IO_PRIORITY_H

#include <sys/types.h>

#include "6-oci/config.h"

/*
 * Sets the class and the priority of the process @pid, for all that it will start. @wanted may be
 * NULL. Returns -1 with the error set. See ioprio_set(2).
 */
int io_priority_apply(const struct config_io_priority *wanted, pid_t pid);

#endif
