/* Sockets that were opened for a service before it runs: they reach it through the runtime. */
#ifndef STAGE7_PROCESS_ACTIVATION_H
#define STAGE7_PROCESS_ACTIVATION_H

#include "6-oci/config.h"

/*
 * How many files, from the file descriptor 3 on, this process has been handed for its command; 0
 * when they were meant for another one. See sd_listen_fds(3).
 */
int activation_count(void);

/*
 * In the process itself, as its pid is part of it: adds the variables that tell the command of
 * @count files; nothing for 0. Returns 0, or -1 with the error set.
 */
int activation_tell(struct config_process *process, int count);

#endif
