/*
 * The parent stands between the user and the command: who sends it a SIGTERM means the command.
 * PID 1 inside has a second reason. The kernel drops signals to PID 1 that it has no handler for,
 * so a command that is PID 1 itself cannot be ended with ^C; one with an init above it can.
 *
 * Both read signals from a signalfd. Blocked signals are kept for it, even for PID 1.
 *
 * What must hold: a signal arrives once. The terminal sends ^C to every process of the foreground
 * group, the command included, so what comes from the terminal (SI_KERNEL) is not passed on again.
 */
#include "2-namespaces/signals.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"

/* All but those that must act on this process itself: its own faults, and a stop by ^Z. */
static void held_signals(sigset_t *held)
{
	static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT,
		SIGTSTP, SIGTTIN, SIGTTOU};
	sigfillset(held);
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		sigdelset(held, own[i]);
}

/* Whether the terminal is this process's. Asked before there is a child that could take it. */
static bool foreground;

int signals_hold(void)
{
	sigset_t held;
	held_signals(&held);
	foreground = tcgetpgrp(STDIN_FILENO) == getpgrp();
	step("sigprocmask: hold signals, to pass them on to the command");
	if (sigprocmask(SIG_BLOCK, &held, NULL) < 0)
		return fail_errno();
	return 0;
}

int signals_let_go(void)
{
	sigset_t none;
	step("sigaction: ignore no signal, and hold none");
	/*
	 * What the caller ignores (a SIGPIPE, often) would be ignored by the command, too. Some
	 * cannot be changed (EINVAL): SIGKILL, SIGSTOP, and those that the C library uses.
	 */
	for (int signal_number = 1; signal_number <= SIGRTMAX; signal_number++)
		if (signal(signal_number, SIG_DFL) == SIG_ERR && errno != EINVAL)
			return fail_errno();
	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL) < 0 ? fail_errno() : 0;
}

/* Those that ask a program to end, but for what the caller wants ignored (nohup). */
static void ending_signals(sigset_t *ending)
{
	static const int all[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
	sigemptyset(ending);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		struct sigaction action;
		if (sigaction(all[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
			sigaddset(ending, all[i]);
	}
}

int signals_await(int fd, int milliseconds)
{
	sigset_t ending;
	ending_signals(&ending);
	/* Where a filter of the container's refuses it, it is -1, which poll(2) leaves out. */
	_cleanup_fd int signals = signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
	struct pollfd polled[] = {{.fd = fd, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
	struct signalfd_siginfo signal;
	int count;
	do
		count = poll(polled, 2, milliseconds);
	while (count < 0 && errno == EINTR);
	if (count < 0) {
		step("poll: wait for the other process");
		return fail_errno();
	}
	if (polled[1].revents && read(signals, &signal, sizeof(signal)) == sizeof(signal))
		return fail("interrupted by SIG%s", sigabbrev_np((int)signal.ssi_signo));
	return polled[0].revents ? 1 : 0;
}

/* Returns 1 if @child is among those that ended, its status in *@status; 0 if not; or -1. */
static int reap(pid_t child, bool orphans, int *status)
{
	/* Task 2.6: take leave of every process that has ended, by waitpid(2): of @child, or, with
	 * @orphans (in a PID 1), of any. Do not wait for one that still runs: return 0 then.
	 *
	 * Until then: return waitpid(child, status, WNOHANG) == child;
	 */
	for (;;) {
		int ended;
		pid_t pid = waitpid(orphans ? -1 : child, &ended, WNOHANG);
		if (pid < 0) {
			step("waitpid: for process %d", child);
			return fail_errno();
		}
		if (pid == 0)
			return 0;
		if (pid == child) {
			*status = ended;
			return 1;
		}
	}
	/* End of task 2.6. */
}

/* Of a terminal that is gone the kernel tells the leader of the session alone. */
static void pass_on(pid_t child, const struct signalfd_siginfo *signal)
{
	if (signal->ssi_signo == SIGHUP ||
		(signal->ssi_signo != SIGCHLD && signal->ssi_code != SI_KERNEL))
		kill(child, (int)signal->ssi_signo);
}

/* A shell inside made its own process group the foreground one, and has gone with it. */
static void take_terminal_back(void)
{
	if (!foreground)
		return;
	sigset_t background_write;
	sigemptyset(&background_write);
	sigaddset(&background_write, SIGTTOU);
	sigprocmask(SIG_BLOCK, &background_write, NULL);
	tcsetpgrp(STDIN_FILENO, getpgrp());
}

int signals_pass_on(pid_t child, bool orphans, struct watch *watch)
{
	sigset_t held;
	held_signals(&held);
	_cleanup_fd int signals = signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0) {
		step("signalfd: to receive signals");
		return fail_errno();
	}
	struct watch nothing = {.polled = {{.fd = -1}, {.fd = -1}, {.fd = -1}}};
	if (!watch)
		watch = &nothing;
	for (int status;;) {
		int ended = reap(child, orphans, &status);
		if (ended > 0 && !orphans)
			take_terminal_back();
		if (ended)
			return ended < 0 ? -1 : status;
		struct pollfd polled[] = {watch->polled[0], watch->polled[1], watch->polled[2],
			{.fd = signals, .events = POLLIN}};
		if (poll(polled, 4, -1) < 0 && errno != EINTR) {
			step("poll: wait for signals");
			return fail_errno();
		}
		struct signalfd_siginfo signal;
		while (read(signals, &signal, sizeof(signal)) == sizeof(signal)) {
			if (watch->heard)
				watch->heard((int)signal.ssi_signo);
			pass_on(child, &signal);
		}
		memcpy(watch->polled, polled, sizeof(watch->polled));
		if (watch->ready)
			watch->ready(watch);
	}
}
