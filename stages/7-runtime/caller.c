/*
 * A daemon that starts the runtime may have closed its standard streams, and ignore what becomes of
 * its children. Both are inherited, and both mislead: the next file to be opened would be the
 * standard output, and what is printed would go into it; and the kernel would throw the status of a
 * child away before it is asked for.
 */
#include "7-runtime/caller.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/error.h"
#include "common/step.h"

/* A new file gets the lowest number that is free. */
static int open_streams(void)
{
	for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++) {
		if (fcntl(stream, F_GETFD) >= 0 || errno != EBADF)
			continue;
		step("open: /dev/null, for a standard stream that is closed");
		if (open("/dev/null", O_RDWR) < 0)
			return fail_errno();
	}
	return 0;
}

/* The C library writes late, and tells nobody what became of it. */
static void finish_output(void)
{
	if (*error_message())
		return; /* this program has failed already, and has said so */
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return;
	step("write: to the standard output");
	if (errno)
		fail_errno();
	else
		fail("%s: failed", step_text());
	_exit(error_report());
}

int caller_make_good(void)
{
	if (open_streams() < 0)
		return -1;
	/* See the notes in wait(2). */
	if (signal(SIGCHLD, SIG_DFL) == SIG_ERR || atexit(finish_output) != 0)
		return fail_errno();
	return 0;
}
