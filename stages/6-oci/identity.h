/* Who the container's process is and what it may use: user, groups, rlimits, umask, cwd. */
#ifndef STAGE6_IDENTITY_H
#define STAGE6_IDENTITY_H

#include "6-oci/config.h"

/* The limits of the process. See process.rlimits in config.md, setrlimit(2). */
int identity_limit(const struct config_process *process);

/*
 * Gives the standard streams that nobody else can name, pipes, sockets and the container's own
 * terminal, to the user: /dev/stdout and the like open them anew, with that user's rights. Where
 * that cannot be (an id that has no place in the user namespace) they stay as they are.
 */
void identity_own_streams(const struct config_process *process);

/*
 * The user, its groups, the umask. From here on the process has the rights of that user. See
 * process.user in config.md, setgroups(2), setresuid(2).
 */
int identity_become(const struct config_process *process);

/* The working directory, as that user. Made before by identity_make_directory(). */
int identity_change_directory(const struct config_process *process);

/* Makes the working directory inside @root where it is missing. */
int identity_make_directory(const struct config_process *process, int root);

#endif
