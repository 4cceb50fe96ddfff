#include "compare/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/process.h"
#include "common/step.h"

static long now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000L + time.tv_nsec / 1000;
}

static int start(const char *const words[], int output, int errors, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
	step("posix_spawn: %s", words[0]);
	errno = posix_spawnp(pid, words[0], &actions, NULL, (char *const *)words, environ);
	posix_spawn_file_actions_destroy(&actions);
	return errno ? fail_errno() : 0;
}

/* Moves what is there into @stream. Closes the pipe at its end. */
static void move_bytes(int *pipe, FILE *stream)
{
	char bytes[65536];
	ssize_t length = read(*pipe, bytes, sizeof(bytes));
	if (length > 0) {
		fwrite(bytes, 1, (size_t)length, stream);
	} else if (length == 0 || errno != EINTR) {
		close(*pipe);
		*pipe = -1;
	}
}

static void read_all(int pipes[2], FILE *streams[2], long begin, struct captured *captured)
{
	while (pipes[0] >= 0 || pipes[1] >= 0) {
		/* poll(2) leaves out what is negative. */
		struct pollfd waiting[2] = {{.fd = pipes[0], .events = POLLIN},
			{.fd = pipes[1], .events = POLLIN}};
		if (poll(waiting, 2, -1) < 0)
			continue;
		if ((waiting[0].revents & POLLIN) && captured->first_us < 0)
			captured->first_us = now() - begin;
		for (int i = 0; i < 2; i++)
			if (waiting[i].revents)
				move_bytes(&pipes[i], streams[i]);
	}
}

int capture(const char *const words[], struct captured *captured)
{
	size_t sizes[2];
	*captured = (struct captured){.first_us = -1};
	_cleanup_stream FILE *output = open_memstream(&captured->output, &sizes[0]);
	_cleanup_stream FILE *errors = open_memstream(&captured->errors, &sizes[1]);
	int out[2], err[2];
	pid_t pid;
	step("pipe2: for what %s prints", words[0]);
	if (!output || !errors || pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0)
		return fail_errno();
	long begin = now();
	int started = start(words, out[1], err[1], &pid);
	close(out[1]);
	close(err[1]);
	int pipes[2] = {out[0], err[0]};
	read_all(pipes, (FILE *[2]){output, errors}, begin, captured);
	if (started < 0)
		return -1;
	int status = process_wait(pid);
	captured->whole_us = now() - begin;
	captured->status = process_exit_status(status);
	return status < 0 ? -1 : 0;
}

void captured_free(struct captured *captured)
{
	free(captured->output);
	free(captured->errors);
	*captured = (struct captured){};
}
