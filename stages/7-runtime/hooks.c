/*
 * Hooks are how others take part in a container's life: an engine's network is made by one. They
 * run with the runtime's own rights, some of them inside the container's namespaces.
 *
 * What must hold: a hook cannot keep the runtime from ending. It has a session of its own, so that
 * at its timeout everything it has started can be killed, too.
 */
#include "7-runtime/hooks.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "2-namespaces/signals.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/process.h"
#include "common/step.h"

static void __attribute__((noreturn)) become(const struct config_hook *hook, int input)
{
	char *const no_arguments[] = {hook->path, NULL};
	narrate_process("hook");
	/* Where the config says nothing of variables, a hook has the runtime's, as under runc. */
	char *const *environment = hook->env.items ? hook->env.items : environ;
	step("setsid: a session of the hook's own; the state is its input");
	if (setsid() < 0 || dup2(input, STDIN_FILENO) < 0) {
		fail_errno();
	} else if (signals_let_go() == 0) {
		step("execve: %s", hook->path);
		execve(hook->path, hook->args.count ? hook->args.items : no_arguments, environment);
		fail_errno();
	}
	error_report();
	_exit(EXIT_CANNOT_EXECUTE);
}

/* The state as a file, to be read to its end. */
static int make_input(const char *state)
{
	step("memfd_create: the state, for a hook to read");
	_cleanup_fd int fd = memfd_create("state", MFD_CLOEXEC);
	if (fd < 0 || write(fd, state, strlen(state)) < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return fail_errno();
	return steal_fd(&fd);
}

/* Waits for the hook's end, for as long as it has. Returns 0 when that is over; -1, error set. */
static int ends_in_time(pid_t pid, const int64_t *timeout)
{
	step("pidfd_open: the hook");
	_cleanup_fd int pidfd = pidfd_open(pid, 0);
	if (pidfd < 0)
		return fail_errno();
	struct pollfd ended = {.fd = pidfd, .events = POLLIN};
	int64_t most = INT32_MAX / 1000;
	int milliseconds = timeout ? 1000 * (int)(*timeout < most ? *timeout : most) : -1;
	int count;
	do
		count = poll(&ended, 1, milliseconds);
	while (count < 0 && errno == EINTR);
	return count != 0;
}

static int run(const struct config_hook *hook, const char *state)
{
	_cleanup_fd int input = make_input(state);
	if (input < 0)
		return -1;
	step("fork: the hook %s", hook->path);
	pid_t pid = fork();
	if (pid < 0)
		return fail_errno();
	if (pid == 0)
		become(hook, input);
	int in_time = ends_in_time(pid, hook->timeout);
	if (in_time <= 0) {
		kill(-pid, SIGKILL);
		/* It may not have come to make a session of its own. */
		kill(pid, SIGKILL);
	}
	int status = process_wait(pid);
	if (status < 0 || in_time < 0)
		return -1;
	if (!in_time)
		return fail("%s: not done after %lld s; killed", hook->path,
			(long long)*hook->timeout);
	if (WIFSIGNALED(status))
		return fail("%s: killed by signal %d (%s)", hook->path, WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	if (status != 0)
		return fail("%s: ended with status %d", hook->path, WEXITSTATUS(status));
	return 0;
}

int hooks_run(const struct config_hook_list *hooks, const char *property,
	const struct record *record, enum status status)
{
	if (hooks->count == 0)
		return 0;
	_cleanup_free char *state = record_state(record, status, false);
	for (size_t i = 0; state && i < hooks->count; i++) {
		step_for("%s[%zu]", property, i);
		if (run(&hooks->items[i], state) < 0)
			return -1;
	}
	step_for(NULL);
	return state ? 0 : -1;
}

void hooks_run_all(const struct config_hook_list *hooks, const char *property,
	const struct record *record, enum status status)
{
	for (size_t i = 0; i < hooks->count; i++) {
		const struct config_hook_list one = {.items = &hooks->items[i], .count = 1};
		if (hooks_run(&one, property, record, status) < 0)
			warn("%s", error_message());
		error_clear();
	}
	step_for(NULL);
}
