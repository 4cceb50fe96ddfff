/* The command that runs inside: its environment, its working directory, its exec. */
#ifndef STAGE1_COMMAND_H
#define STAGE1_COMMAND_H

#include "common/flags.h"

struct command {
	char **arguments;              /* the program and its arguments, ends with NULL */
	const char *working_directory; /* inside the root; NULL: its top */
	struct text_list environment;  /* NAME=VALUE, beside the few that everyone gets */
};

/* --workdir, --env; they fill a struct command. */
extern const struct flag command_flags[];

/*
 * Replaces this process by the command, with a clean environment: PATH, HOME, TERM and what
 * @command asks for, nothing else of the caller's. Only returns when it fails: -1 with the error
 * set, and the exit status of a shell with it (127 when there is no such program, 126 when there is
 * one that cannot be executed).
 */
int command_run(const struct command *command);

/*
 * The two halves of it, for a caller that has an environment already. command_find() looks @name up
 * in the PATH of @environment (a name with a slash in it is taken as it is) and leaves the
 * program's path in @found, of PATH_MAX bytes. See "command search and execution" in POSIX's shell
 * language. command_execute() executes it, and returns only when it fails. See execve(2). Both
 * return -1 with error and exit status set as command_run() does.
 */
int command_find(const char *name, char *const environment[], char *found);
int command_execute(const char *found, char *const arguments[], char *const environment[]);

#endif
