/* Processes: raw clone3, how one ended, and other programs run to their end. */
#ifndef COMMON_PROCESS_H
#define COMMON_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

/*
 * Like fork(2), with the namespaces of @flags (CLONE_NEW*, and CLONE_PARENT), and born in the
 * cgroup v2 directory @cgroup unless that is -1. Returns 0 in the child and its pid in the parent,
 * with a file descriptor that stands for the child in *@pidfd (may be NULL), or -1 with the error
 * set. See clone3 in clone(2); glibc has no wrapper.
 */
pid_t process_clone(uint64_t flags, int cgroup, int *pidfd);

/* The exit status of a shell for a wait(2) status: the command's own, or 128 + signal. */
int process_exit_status(int wait_status);

/* Waits for @pid and returns its wait(2) status, or -1 with the error set. */
int process_wait(pid_t pid);

/* Kills this process when its parent dies. See PR_SET_PDEATHSIG in prctl(2). */
int process_die_with_parent(void);

/*
 * Runs the program @argv[0] (found by PATH, in the usual system directories beside it) to its end,
 * with @input on its standard input (NULL: nothing). What it prints on stderr is the error when it
 * fails. Returns 0 when it exited with 0.
 */
int process_run(const char *const argv[], const char *input);

/*
 * From now on the programs that process_run() starts hold @fd open, too: who waits for its other
 * end to close waits for them, should this process be killed meanwhile.
 */
void process_hold(int fd);

#endif
