/* What every unit test needs: cmocka, and a child whose end and output can be looked at. */
#ifndef TESTS_UNIT_TEST_H
#define TESTS_UNIT_TEST_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
/* The project has a function of that name. */
#undef fail

#include "common/error.h"

/*
 * Runs act(@what) in a child process and returns the child's exit status, or 128 and the number of
 * the signal that killed it. What it printed, on stdout and stderr, is in @output then.
 */
static inline int in_child(void (*act)(void *what), void *what, char *output, size_t size)
{
	int ends[2], status;
	size_t length = 0;
	ssize_t count;
	assert_return_code(pipe(ends), errno);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		act(what);
		fflush(stdout);
		_exit(0);
	}
	close(ends[1]);
	while (length + 1 < size && (count = read(ends[0], output + length, size - 1 - length)) > 0)
		length += (size_t)count;
	output[length] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Errors last until they are cleared: each test begins without one. */
static inline int without_error(void **state)
{
	(void)state;
	error_clear();
	return 0;
}

#define test(name) cmocka_unit_test_setup(name, without_error)

#endif
