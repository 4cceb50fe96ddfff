/* The files that a command and its caller share: who gets the terminal, the pid, which fds stay. */
#ifndef STAGE7_FILES_H
#define STAGE7_FILES_H

#include <stddef.h>
#include <stdint.h>

#include "2-namespaces/spawn.h"
#include "6-oci/config.h"
#include "common/flags.h"

struct files {
	const char *console_socket; /* takes the master side of the terminal; NULL: none */
	const char *pid_file;       /* NULL: none */
	const char *pidfd_socket;   /* takes a pidfd of the process; NULL: none */
	int64_t preserved;          /* so many fds from 3 on are the command's, too */
};

/* --console-socket, --pid-file, --pidfd-socket, --preserve-fds; they fill a struct files. */
extern const struct flag files_flags[];

/*
 * The fds that stay open in a child: those to preserve, and the log. In fresh memory (free it), or
 * NULL with the error set: one of those to preserve is not open.
 */
int *files_kept(const struct files *files);
size_t files_kept_count(const struct files *files);

/*
 * With process.terminal: receives the master side from the child, and sends it on to who listens at
 * --console-socket, or keeps it in *@terminal. Returns 0, or -1 with the error set.
 */
int files_take_terminal(const struct files *files, const struct config_process *process,
	struct child *child, int *terminal);

/*
 * Passes signals on to the child until it ends, and what is typed, unless @terminal is -1. Returns
 * its exit status as a shell has it, or -1 with the error set.
 */
int files_supervise(struct child *child, int terminal);

/* Before anything is made: whether the pid file can be written. Returns 0, or -1, error set. */
int files_check(const struct files *files);

/* Tells whoever wants to know which process it is. Returns 0, or -1 with the error set. */
int files_tell_pid(const struct files *files, const struct child *child);

#endif
