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
#include <stdlib.h>
#include <unistd.h>

#include "common/error.h"
#include "common/output.h"
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

static void finish_output(void)
{
	/* A program that has failed already has said so. */
	if (!*error_message() && output_finish() < 0)
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
