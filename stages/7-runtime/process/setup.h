/* What a process is given, and what is taken from it, beside its identity (stage 6). */
#ifndef STAGE7_PROCESS_SETUP_H
#define STAGE7_PROCESS_SETUP_H

#include <stdbool.h>
#include <sys/types.h>

#include "6-oci/config.h"
#include "7-runtime/process/seccomp.h"

/*
 * A process on its way to the exec of a command: the container's init, or one that exec brings in.
 * The functions are called by the process itself, each at its moment (container.h), and return 0,
 * or -1 with the error set. @line leads to its parent.
 */
struct setup {
	const struct config *config;
	struct config_process *process; /* its own: variables are added */
	const char *id;                 /* the container's */
	bool no_new_keyring;            /* it keeps its parent's */
	int proc; /* its own directory in the host's /proc, which no rootfs can fake */
	struct seccomp_filter seccomp; /* from seccomp_filter_make(), before the process is there */
};

/*
 * Before anything is made, by the command that will make it: whether this host can do what the
 * config asks for. What depends on the config alone is checked by validate() in stage 6.
 */
int setup_check(const struct config *config, const struct config_process *process);

/* Whether there is anything for the next one to do. */
bool setup_needs_outside(const struct config_process *process);

/*
 * By the runtime for the process @pid, which is in its cgroup and waits, still root: what root in a
 * user namespace may not do for itself.
 */
int setup_from_outside(const struct config_process *process, pid_t pid);

/*
 * While the host's files are still there: the directory @name of its /proc ("self", or a pid), as a
 * mount of its own, from which no ".." leads on, and which nothing covers. Returns an O_PATH fd, or
 * -1 with the error set. (Without root, for a pid, it is the plain directory.)
 */
int setup_open_proc(const char *name);

/*
 * Away from the caller's session: no signal of its terminal reaches the process, which cannot type
 * on it either (TIOCSTI), its process group has a number inside, and it can be saved and restored
 * (checkpoint). See setsid(2).
 */
int setup_leave_session(const struct config_process *process);

/* What takes root, and what the user must inherit. */
int setup_as_root(const struct setup *setup, int line);

/* As the user: what must not be lost by becoming that. */
int setup_as_user(const struct setup *setup, int line);

/* Before the parent is told that all is ready: what needs the parent. */
int setup_with_parent(const struct setup *setup, int line);

/* Right before the exec: no program but the command may be started after it. */
int setup_last(const struct setup *setup, int line);

#endif
