/* What a process is given, and what is taken from it, beside its identity (stage 6). */
#ifndef STAGE7_PROCESS_SETUP_H
#define STAGE7_PROCESS_SETUP_H

#include "6-oci/config.h"

/*
 * A process on its way to the exec of a command: the container's init, or one that exec brings in.
 * The functions are called by the process itself, each at its moment (container.h), and return 0,
 * or -1 with the error set. @line leads to its parent.
 */
struct setup {
	const struct config *config;
	const struct config_process *process;
	int proc; /* the host's /proc, which no rootfs can fake; set by setup_begin() */
};

/* While the host's files are still there: opens what is needed of them later. */
int setup_begin(struct setup *setup);

/* What takes root, and what the user must inherit. */
int setup_as_root(const struct setup *setup, int line);

/* As the user: what must not be lost by becoming that. */
int setup_as_user(const struct setup *setup, int line);

/* Right before the exec. */
int setup_last(const struct setup *setup, int line);

#endif
