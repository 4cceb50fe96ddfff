/* A terminal of the container's own, and the relay between it and the user's. */
#ifndef STAGE3_TERMINAL_H
#define STAGE3_TERMINAL_H

#include <stdbool.h>

#include "2-namespaces/spawn.h"

/* Whether the user sits at a terminal: standard input and output both are one. */
bool terminal_wanted(void);

/*
 * Whether there is a user's terminal to pass bytes from and to. Returns -1 with the error set when
 * the standard input is none: a terminal's input has no end, so what waits for one would hang.
 */
int terminal_check(void);

/*
 * In the container, after rootfs_pivot(): opens a new pseudoterminal of its devpts, makes it the
 * controlling terminal of a new session, and its standard streams; with @console binds it on
 * /dev/console. Returns the master side, or -1 with the error set. See pty(7).
 */
int terminal_make(bool console);

/* The same, and sends the master side to the parent over @line. */
int terminal_hand_over(int line, bool console);

/*
 * By the parent, in place of spawn_supervise(): receives the master side from the child, and passes
 * bytes, window sizes and signals between the user's terminal and the container's until the child
 * ends. The user's terminal is raw meanwhile. Returns the child's exit status as a shell has it, or
 * -1 with the error set.
 */
int terminal_supervise(struct child *child);

/* The same with the master side that the caller has received already. */
int terminal_supervise_with(struct child *child, int master);

#endif
