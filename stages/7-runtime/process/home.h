/* The variable HOME, for a config that does not have it. */
#ifndef STAGE7_PROCESS_HOME_H
#define STAGE7_PROCESS_HOME_H

#include "6-oci/config.h"

/*
 * Adds HOME to @process's environment, unless it is there and not empty: the directory that
 * /etc/passwd in the container names for the user, or "/". In the container's root, as the user.
 * @proc: the host's /proc. Returns -1 only when there is no memory. See passwd(5).
 */
int home_set(struct config_process *process, int proc);

/* The home directory of @uid in @passwd, text as in /etc/passwd; @length is 0 if it has none. */
const char *home_find(const char *passwd, uint32_t uid, size_t *length);

#endif
