/*
 * What must hold: the child never runs without its parent. Until it is released it waits on a
 * socket that closes when the parent dies, and after that the kernel kills it with the parent. So
 * a killed parent leaves no container behind.
 */
#include "2-namespaces/spawn.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "2-namespaces/namespaces.h"
#include "2-namespaces/userns.h"
#include "common/error.h"
#include "common/handshake.h"
#include "common/process.h"
#include "common/step.h"

enum { END_MILLISECONDS = 1000 };

/* The order matters: a change of user ids switches the parent-death signal off. */
static int child_prepare(int line, bool new_user)
{
	if (handshake_await(line, 'g', NULL) < 0)
		return fail_reported(EXIT_ERROR);
	if (new_user && userns_become_root() < 0)
		return -1;
	if (process_die_with_parent() < 0)
		return -1;
	/* The parent may have died before the line above. */
	return handshake_alive(line) ? 0 : fail_reported(EXIT_ERROR);
}

void spawn_child(int line, bool new_user, child_main *inside, void *what)
{
	narrate_process("init");
	int status = child_prepare(line, new_user);
	if (status == 0)
		status = inside(what, line);
	if (status < 0) {
		status = error_report();
		handshake_send_failure(line);
	}
	_exit(status);
}

int spawn(struct child *child, uint64_t namespaces, int cgroup, child_main *inside, void *what)
{
	struct handshake handshake;
	if (handshake_make(&handshake) < 0 || signals_hold() < 0)
		return -1;
	step("clone3: a child in new namespaces:%s", namespaces_text(namespaces));
	child->pid = process_clone(namespaces, cgroup, &child->pidfd);
	if (child->pid < 0) {
		close(handshake.child);
		close(handshake.parent);
		return -1;
	}
	if (child->pid > 0) {
		child->line = handshake_as_parent(&handshake);
		return 0;
	}
	spawn_child(handshake_as_child(&handshake), namespaces & CLONE_NEWUSER, inside, what);
}

int spawn_give_up(struct child *child)
{
	struct pollfd end = {.fd = child->pidfd, .events = POLLIN};
	pidfd_send_signal(child->pidfd, SIGKILL, NULL, 0);
	/* One that is stuck in the kernel, or frozen, dies when it can. */
	if (poll(&end, 1, END_MILLISECONDS) > 0)
		waitpid(child->pid, NULL, 0);
	return -1;
}

int spawn_release(struct child *child)
{
	return handshake_send(child->line, 'g', -1);
}

int spawn_await(struct child *child, char word, int *fd)
{
	/* What the child does meanwhile may take for ever. */
	if (signals_await(child->line, -1) < 0)
		return -1;
	if (handshake_await(child->line, word, fd) == 0)
		return 0;
	if (errno != ECONNRESET)
		return -1;
	int status = process_wait(child->pid);
	if (status < 0)
		return -1;
	if (WIFSIGNALED(status))
		return fail("the container's process was killed by signal %d (%s)",
			WTERMSIG(status), strsignal(WTERMSIG(status)));
	return fail_reported(WEXITSTATUS(status) ? WEXITSTATUS(status) : EXIT_ERROR);
}

int spawn_supervise(struct child *child, struct watch *watch)
{
	int status = signals_pass_on(child->pid, false, watch);
	return status < 0 ? -1 : process_exit_status(status);
}
