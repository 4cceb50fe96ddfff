/*
 * Hooks are how others take part in a container's life: an engine's network is made by one. They
 * run with the runtime's own rights, some of them inside the container's namespaces.
 *
 * What must hold: a hook cannot keep the runtime from ending. It has a session of its own, so that
 * everything it has started can be killed, too: at its timeout, when a signal ends the runtime, and
 * when somebody else has deleted the container meanwhile. No lock is held while it runs (record.h).
 */
#include "7-runtime/hooks.h"

#include <inttypes.h>
#include <limits.h>
#include <linux/close_range.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "2-namespaces/signals.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/process.h"
#include "common/step.h"

enum { LOOK_MILLISECONDS = 200 };

/* From the runtime's child to a program of somebody else's. */
static int part_ways(int input)
{
	/* Task 7.3: a session of the hook's own, so that everything it starts can be killed with
	 * it; @input, the state, as its standard input; and of what else the caller has left open,
	 * or preserves, nothing from the exec on.
	 */
	step("setsid: a session of the hook's own");
	if (setsid() < 0)
		return fail_errno();
	step("dup2: the state is the hook's standard input");
	if (dup2(input, STDIN_FILENO) < 0)
		return fail_errno();
	step("close_range: nothing else that is open is for a hook");
	if (close_range(STDERR_FILENO + 1, UINT_MAX, CLOSE_RANGE_CLOEXEC) < 0)
		return fail_errno();
	/* End of task 7.3. */
	return 0;
}

static void __attribute__((noreturn))
become(const struct config_hook *hook, int input, pid_t parent)
{
	char *const no_arguments[] = {hook->path, NULL};
	narrate_process("hook");
	/* Without its parent nobody would end it at its time any more. */
	if (part_ways(input) == 0 && process_die_with_parent() == 0 && getppid() == parent &&
		signals_let_go() == 0) {
		/* Without any in the config it has the runtime's, as under runc. */
		char *const *environment = hook->env.items ? hook->env.items : environ;
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

/* Inside the container there is no record to look at; and poststop comes after its end. */
static bool is_deleted(const struct record *record, enum status status)
{
	struct stat info;
	return status != STOPPED && record->directory >= 0 &&
	       fstat(record->directory, &info) == 0 && info.st_nlink == 0;
}

static int64_t milliseconds_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* Waits for the hook's end. Returns -1, error set, when it has to be killed. */
static int await(const struct config_hook *hook, pid_t pid, const struct record *record,
	enum status status)
{
	step("pidfd_open: the hook");
	_cleanup_fd int pidfd = pidfd_open(pid, 0);
	const int64_t most = INT32_MAX / 1000, begin = milliseconds_now();
	const int64_t *timeout = hook->timeout;
	const int64_t end = timeout ? 1000 * (*timeout < most ? *timeout : most) : INT64_MAX;
	if (pidfd < 0)
		return fail_errno();
	for (int ended = 0; ended == 0;) {
		int64_t left = end - (milliseconds_now() - begin);
		if (timeout && left < 0)
			return fail("%s: not done after %" PRId64 " s; killed", hook->path,
				*timeout);
		if (is_deleted(record, status))
			return fail("%s: the container was deleted meanwhile", hook->path);
		ended = signals_await(pidfd,
			left < LOOK_MILLISECONDS ? (int)left : LOOK_MILLISECONDS);
		if (ended < 0)
			return -1;
	}
	return 0;
}

static int judge(const struct config_hook *hook, int status)
{
	if (WIFSIGNALED(status))
		return fail("%s: killed by signal %d (%s)", hook->path, WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	if (status != 0)
		return fail("%s: ended with status %d", hook->path, WEXITSTATUS(status));
	return 0;
}

static int run(const struct config_hook *hook, const char *state, const struct record *record,
	enum status status)
{
	_cleanup_fd int input = make_input(state);
	sigset_t before;
	if (input < 0)
		return -1;
	step("sigprocmask: which signals are held already");
	if (sigprocmask(SIG_SETMASK, NULL, &before) < 0)
		return fail_errno();
	if (signals_hold() < 0)
		return -1;
	step("fork: the hook %s", hook->path);
	pid_t parent = getpid(), pid = fork();
	if (pid == 0)
		become(hook, input, parent);
	int result = pid < 0 ? fail_errno() : await(hook, pid, record, status);
	if (pid > 0 && result < 0) {
		kill(-pid, SIGKILL);
		/* It may not have come to make a session of its own. */
		kill(pid, SIGKILL);
	}
	int ended = pid > 0 ? process_wait(pid) : -1;
	/* Inside, the container's command would be the one to hold them. */
	step("sigprocmask: hold no more signals than before");
	if (sigprocmask(SIG_SETMASK, &before, NULL) < 0)
		result = fail_errno();
	return result < 0 || ended < 0 ? -1 : judge(hook, ended);
}

int hooks_run(const struct config_hook_list *hooks, const char *property,
	const struct record *record, enum status status)
{
	if (hooks->count == 0)
		return 0;
	_cleanup_free char *state = record_state(record, status, false);
	for (size_t i = 0; state && i < hooks->count; i++) {
		step_for("%s[%zu]", property, i);
		if (run(&hooks->items[i], state, record, status) < 0)
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
