#include "janitor.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cleanup.h"
#include "error.h"
#include "process.h"
#include "step.h"

/*
 * It must outlive what kills the program: a ^C goes to the whole process group, so it leaves the
 * session, and it takes no signal that can be held off.
 */
static void __attribute__((noreturn)) wait_and_clean(int line, int (*clean)(void *), void *what)
{
	narrate_process("janitor");
	sigset_t all;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	setsid();
	char nothing;
	ssize_t count;
	do
		count = read(line, &nothing, 1);
	while (count < 0 && errno == EINTR);
	_exit(clean(what) < 0 ? error_report() : 0);
}

int janitor_start(struct janitor *janitor, int (*clean)(void *what), void *what)
{
	int ends[2];
	step("fork: a janitor that cleans up even after a SIGKILL");
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return fail_errno();
	janitor->pid = fork();
	if (janitor->pid == 0) {
		close(ends[1]);
		wait_and_clean(ends[0], clean, what);
	}
	close(ends[0]);
	janitor->line = ends[1];
	if (janitor->pid < 0) {
		fail_errno();
		close(steal_fd(&janitor->line));
		return -1;
	}
	/* A program that outlives us could make what has been cleaned up already. */
	process_hold(janitor->line);
	return 0;
}

int janitor_finish(struct janitor *janitor)
{
	/* A child that waits for this process has the line, too; a close would not end it. */
	shutdown(janitor->line, SHUT_RDWR);
	close(steal_fd(&janitor->line));
	int status = process_wait(janitor->pid);
	if (status < 0)
		return -1;
	return status == 0 ? 0 : fail_reported(EXIT_ERROR);
}
