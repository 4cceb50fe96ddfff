/* Signals on their way to the command, and the command's end on its way back. */
#ifndef STAGE2_SIGNALS_H
#define STAGE2_SIGNALS_H

#include <poll.h>
#include <stdbool.h>
#include <sys/types.h>

/* What else goes on while the child runs. */
struct watch {
	struct pollfd polled[3];            /* what to wait for; a fd of -1: nothing */
	void (*ready)(struct watch *watch); /* some of it has come: see revents in poll(2) */
	void (*heard)(int signal);          /* a signal is about to be passed on */
};

/*
 * From here on the signals that are to be passed on stay pending, so that none is lost before
 * signals_pass_on() is there to take it. Inherited by children. See sigprocmask(2).
 */
int signals_hold(void);

/*
 * The opposite, for a child that is about to execute the command: no signal is held, and none is
 * ignored, whatever the caller did. Returns 0, or -1 with the error set. See signal(7).
 */
int signals_let_go(void);

/*
 * Where signals are held: waits until @fd can be read, so many @milliseconds at most (-1: for
 * ever). Returns 1, 0 when the time is over, or -1 with the error set when a signal wants this
 * process to end (HUP, INT, QUIT, TERM).
 */
int signals_await(int fd, int milliseconds);

/*
 * Passes every held signal on to @child until it ends. @orphans: reap other children, too, as PID 1
 * must. @watch may be NULL. Returns the child's wait(2) status, or -1 with the error set. See
 * signalfd(2).
 */
int signals_pass_on(pid_t child, bool orphans, struct watch *watch);

#endif
