/* PID 1 of a PID namespace. */
#ifndef STAGE2_INIT_H
#define STAGE2_INIT_H

#include "1-chroot/command.h"

/*
 * Starts the command as a child of this process, which is PID 1, and does PID 1's duties until the
 * command ends: reaps what nobody else reaps, passes signals on. Returns the command's exit status
 * as a shell has it, or -1 with the error set. When it exits then, the kernel kills all processes
 * that are left in the namespace.
 */
int init_run(const struct command *command);

#endif
