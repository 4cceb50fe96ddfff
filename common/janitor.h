/*
 * A process whose only work is to clean up when the program is gone.
 *
 * What a program makes on the host (a cgroup, a bridge, a rule) does not go away by itself when it
 * is killed, and nothing can catch SIGKILL. So a second process waits for the first one's end,
 * however it comes, and then takes down what was made. The normal way out is the same one: the
 * program tells the janitor to start, and waits until it has finished.
 */
#ifndef COMMON_JANITOR_H
#define COMMON_JANITOR_H

#include <sys/types.h>

struct janitor {
	pid_t pid;
	int line; /* open for as long as the program lives */
};

/*
 * Starts a janitor that will run clean(@what) after this process has ended or has called
 * janitor_finish(). What it has to clean must be known now, before it is made: @clean must cope
 * with things that were never made. It sees this process's memory as it is at this moment.
 */
int janitor_start(struct janitor *janitor, int (*clean)(void *what), void *what);

/* Lets the janitor clean now and waits for it. Returns -1, error set, when it could not. */
int janitor_finish(struct janitor *janitor);

#endif
