/*
 * To open a FIFO for writing takes somebody who has it open for reading: so an open waits, and
 * another one ends the wait. After that the FIFO leads back from the init to start. The init writes
 * one byte when all is done but the exec, and behind it, or in its place, what went wrong. An exec
 * that succeeds closes the FIFO.
 *
 * What must hold: start does not return before the command runs, or never will; and start, killed
 * at any point, leaves no gate behind that a second start could wait at for ever.
 */
#include "7-runtime/gate.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"

enum { PASSED = '0', LOOK_MILLISECONDS = 500 };

/* The init is another user by the time it opens this; the directory keeps everybody else away. */
int gate_make(const struct record *record)
{
	step("mkfifo: the exec fifo, for start to open");
	if (mkfifoat(record->directory, "exec.fifo", 0600) < 0 ||
		fchmodat(record->directory, "exec.fifo", 0622, 0) < 0)
		return fail_errno();
	return 0;
}

int gate_open(const struct record *record)
{
	step("open: the exec fifo, for the init");
	int gate = openat(record->directory, "exec.fifo", O_PATH | O_CLOEXEC);
	return gate < 0 ? fail_errno() : gate;
}

/* --- the init -------------------------------------------------------------------------------- */

static int answer = -1;

static void tell(const char *level, const char *line)
{
	if (!strcmp(level, "error") && write(answer, line, strlen(line)) < 0)
		return; /* start has gone; stderr has it, too */
}

int gate_wait(int gate, int proc)
{
	char path[32];
	snprintf(path, sizeof(path), "fd/%d", gate);
	/* Where start has been killed meanwhile a write must not kill this process. */
	step("signal: ignore SIGPIPE");
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return fail_errno();
	/* Task 7.2: wait until start opens the FIFO, too. By its own name it cannot be reached from
	 * here; but @path, below @proc, leads to it: the magic link of @gate. What @answer is from
	 * then on leads to start.
	 *
	 * Until then: return 0;
	 */
	step("open: the exec fifo; wait there for start");
	do
		answer = openat(proc, path, O_WRONLY | O_CLOEXEC);
	while (answer < 0 && errno == EINTR);
	if (answer < 0)
		return fail_errno();
	/* End of task 7.2. */
	narrate_task(NULL);
	narrate_to(tell);
	return 0;
}

int gate_passed(void)
{
	const char byte = PASSED;
	if (answer < 0)
		return 0;
	step("write: tell start that all is done but the exec");
	if (write(answer, &byte, 1) < 0 && errno != EPIPE)
		return fail_errno();
	step("signal: ignore SIGPIPE no longer");
	return signal(SIGPIPE, SIG_DFL) == SIG_ERR ? fail_errno() : 0;
}

/* --- start ----------------------------------------------------------------------------------- */

static int lift(const struct record *record)
{
	char path[32];
	_cleanup_fd int gate = gate_open(record);
	if (gate < 0)
		return -1;
	step("unlink: the exec fifo, which no other start may find");
	if (unlinkat(record->directory, "exec.fifo", 0) < 0)
		return fail_errno();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", gate);
	step("open: the exec fifo; the init goes on");
	int fifo = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return fifo < 0 ? fail_errno() : fifo;
}

static int refuse_stopped(const struct record *record)
{
	if (!record_is_stopped_by_signal(record))
		return 0;
	fail("the container's init is stopped by a signal");
	return fail_hint("let it go on first: cooper kill %s CONT", record->id);
}

/* Waits until there is something to read, or the init has closed its side, or is no more. */
static int wait_for_answer(int fifo, int init, const struct record *record)
{
	struct pollfd ends[] = {{.fd = fifo, .events = POLLIN}, {.fd = init, .events = POLLIN}};
	int count;
	do {
		count = poll(ends, 2, LOOK_MILLISECONDS);
		if (count == 0 && refuse_stopped(record) < 0)
			return -1;
	} while (count == 0 || (count < 0 && errno == EINTR));
	return count < 0 ? fail_errno() : 0;
}

static int read_answer(int fifo, int init, const struct record *record, char *text, size_t size)
{
	size_t length = 0;
	ssize_t count;
	do {
		step("poll: wait for the init's exec");
		if (wait_for_answer(fifo, init, record) < 0)
			return -1;
		count = read(fifo, text + length, size - 1 - length);
		length += count > 0 ? (size_t)count : 0;
	} while (count > 0 || (count < 0 && errno == EINTR));
	text[length] = '\0';
	return 0;
}

int gate_lift(const struct record *record, bool *over)
{
	char text[2048];
	*over = false;
	step("pidfd_open: the container's init");
	_cleanup_fd int init = pidfd_open((pid_t)record->pid, 0);
	if (init < 0)
		return fail_errno();
	_cleanup_fd int fifo = refuse_stopped(record) < 0 ? -1 : lift(record);
	if (fifo < 0)
		return -1;
	/* What the init's own hooks take, takes the init alone. */
	if (record_unlock(record) < 0 || read_answer(fifo, init, record, text, sizeof(text)) < 0)
		return -1;
	bool passed = text[0] == PASSED;
	const char *error = text + passed;
	*over = !passed;
	if (*error)
		return fail("%s", error);
	return passed ? 0 : fail("the container's init has ended before the command could run");
}
