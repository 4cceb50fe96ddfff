#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "error.h"
#include "step.h"

pid_t process_clone(uint64_t flags, int cgroup, int *pidfd)
{
	int fd = -1;
	struct clone_args arguments = {
		.flags = flags | CLONE_PIDFD,
		.pidfd = (uint64_t)(uintptr_t)&fd,
		/* With CLONE_PARENT the child tells the parent's parent, in the parent's way. */
		.exit_signal = (flags & CLONE_PARENT) ? 0 : SIGCHLD,
	};
	if (cgroup >= 0) {
		arguments.flags |= CLONE_INTO_CGROUP;
		arguments.cgroup = (uint64_t)cgroup;
	}
	pid_t pid = (pid_t)syscall(SYS_clone3, &arguments, sizeof(arguments));
	if (pid < 0)
		return fail_errno();
	if (pid > 0 && pidfd)
		*pidfd = fd;
	else if (pid > 0)
		close(fd);
	return pid;
}

int process_exit_status(int wait_status)
{
	return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

int process_wait(pid_t pid)
{
	int status;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR) {
			step("waitpid: for process %d", pid);
			return fail_errno();
		}
	return status;
}

int process_die_with_parent(void)
{
	step("prctl: die with the parent (PR_SET_PDEATHSIG)");
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return fail_errno();
	return 0;
}

static int held = -1; /* see process_hold() */

void process_hold(int fd)
{
	held = fd;
}

/* The child of process_run(): its three streams set, the program in its place. */
static void __attribute__((noreturn)) become(const char *const argv[], int input, int output)
{
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(input, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	close_range(STDERR_FILENO + 1, UINT_MAX, CLOSE_RANGE_CLOEXEC);
	if (held >= 0)
		fcntl(held, F_SETFD, 0);
	/* A plain user's PATH, and the one inside a service, often lacks /usr/sbin. */
	char path[4096];
	const char *given = getenv("PATH");
	snprintf(path, sizeof(path), "%s:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin",
		given ? given : "");
	setenv("PATH", path, 1);
	execvp(argv[0], (char *const *)argv);
	dprintf(output, "%s", strerror(errno));
	_exit(errno == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE);
}

/* A program that says much is cut; the first line is what the error quotes. */
static void read_first_line(int fd, char *line, size_t size)
{
	size_t length = 0;
	ssize_t count;
	char rest[512];
	while ((count = length + 1 < size ? read(fd, line + length, size - 1 - length)
					  : read(fd, rest, sizeof(rest))) > 0)
		if (length + 1 < size)
			length += (size_t)count;
	line[length] = '\0';
	line[strcspn(line, "\n")] = '\0';
}

int process_run(const char *const argv[], const char *input)
{
	step("run: %s%s%s", argv[0], argv[1] ? " " : "", argv[1] ? argv[1] : "");
	/* A file takes an input of any size without a second process to feed it. */
	_cleanup_stream FILE *in = tmpfile();
	int out[2];
	if (!in || (input && fputs(input, in) < 0) || fflush(in) < 0 || pipe2(out, O_CLOEXEC) < 0)
		return fail_errno();
	rewind(in);
	_cleanup_fd int reader = out[0];
	pid_t pid = fork();
	if (pid < 0) {
		close(out[1]);
		return fail_errno();
	}
	if (pid == 0)
		become(argv, fileno(in), out[1]);
	close(out[1]);
	char said[1024];
	read_first_line(reader, said, sizeof(said));
	int status = process_wait(pid);
	if (status < 0)
		return -1;
	if (status == 0)
		return 0;
	return fail("%s: %s (it ended with status %d)", step_text(), *said ? said : "failed",
		process_exit_status(status));
}
