/* Processes, and what lies between them: ends, other programs, handshakes, the janitor. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>

#include "common/cleanup.h"
#include "common/handshake.h"
#include "common/janitor.h"
#include "common/process.h"
#include "common/step.h"

static int status_of(const char *script)
{
	pid_t pid = fork();
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", script, NULL);
		_exit(99);
	}
	return process_exit_status(process_wait(pid));
}

static void an_end_is_told_as_a_shell_tells_it(void **state)
{
	(void)state;
	assert_int_equal(status_of("exit 0"), 0);
	assert_int_equal(status_of("exit 255"), 255);
	assert_int_equal(status_of("kill -TERM $$"), 143);
	assert_int_equal(status_of("kill -KILL $$"), 137);
}

static void to_wait_for_a_stranger_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(process_wait(getpid()), -1);
	assert_non_null(strstr(error_message(), "waitpid: for process "));
}

static void a_clone_has_a_pidfd_that_ends_with_it(void **state)
{
	int line[2], pidfd = -1;
	(void)state;
	assert_return_code(pipe2(line, O_CLOEXEC), errno);
	pid_t pid = process_clone(0, -1, &pidfd);
	if (pid == 0) {
		char byte;
		close(line[1]);
		_exit(read(line[0], &byte, 1) == 0 ? 7 : 1);
	}
	assert_true(pid > 0);
	struct pollfd end = {.fd = pidfd, .events = POLLIN};
	assert_int_equal(poll(&end, 1, 0), 0);
	assert_int_equal(fcntl(pidfd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	close(line[0]);
	close(line[1]);
	assert_int_equal(poll(&end, 1, -1), 1);
	assert_int_equal(process_exit_status(process_wait(pid)), 7);
	close(pidfd);
}

static void another_program_is_run_with_its_input(void **state)
{
	const char *const good[] = {"sh", "-c", "test \"$(cat)\" = words", NULL};
	const char *const quiet[] = {"sh", "-c", "test -z \"$(cat)\"", NULL};
	(void)state;
	assert_int_equal(process_run(good, "words"), 0);
	assert_int_equal(process_run(quiet, NULL), 0);
}

static void an_input_larger_than_a_pipe_does_not_hang(void **state)
{
	enum { SIZE = 1 << 20 };
	const char *const ignores[] = {"sh", "-c", "exit 0", NULL};
	const char *const counts[] = {"sh", "-c", "test $(wc -c) = 1048576", NULL};
	_cleanup_free char *much = malloc(SIZE + 1);
	(void)state;
	memset(much, 'x', SIZE);
	much[SIZE] = '\0';
	assert_int_equal(process_run(ignores, much), 0);
	assert_int_equal(process_run(counts, much), 0);
}

static void what_another_program_complains_of_is_the_error(void **state)
{
	const char *const bad[] = {"sh", "-c", "echo first >&2; echo second >&2; exit 3", NULL};
	const char *const missing[] = {"no-such-program", NULL};
	const char *const talks[] = {"sh", "-c", "seq 100000; exit 4", NULL};
	(void)state;
	assert_int_equal(process_run(bad, NULL), -1);
	assert_string_equal(error_message(), "run: sh -c: first (it ended with status 3)");
	error_clear();
	assert_int_equal(process_run(missing, NULL), -1);
	assert_non_null(strstr(error_message(), "run: no-such-program: No such file or directory"));
	error_clear();
	assert_int_equal(process_run(talks, NULL), -1);
	assert_non_null(strstr(error_message(), "(it ended with status 4)"));
}

static void a_word_comes_with_a_file(void **state)
{
	struct handshake handshake;
	int line[2], received = -1;
	(void)state;
	assert_int_equal(handshake_make(&handshake), 0);
	assert_return_code(pipe2(line, O_CLOEXEC), errno);
	assert_int_equal(handshake_send(handshake.child, 'a', line[0]), 0);
	assert_int_equal(handshake_send(handshake.child, 'b', -1), 0);
	assert_int_equal(handshake_await(handshake.parent, 'a', &received), 0);
	assert_int_equal(fcntl(received, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	assert_int_equal(write(line[1], "x", 1), 1);
	char byte;
	assert_int_equal(read(received, &byte, 1), 1);
	close(received);
	assert_int_equal(handshake_await(handshake.parent, 'b', &received), 0);
	assert_int_equal(received, -1);
	close(line[0]);
	close(line[1]);
	close(handshake.parent);
	close(handshake.child);
}

static void another_word_is_an_error(void **state)
{
	struct handshake handshake;
	(void)state;
	assert_int_equal(handshake_make(&handshake), 0);
	assert_int_equal(handshake_send(handshake.child, 'z', -1), 0);
	assert_int_equal(handshake_await(handshake.parent, 'y', NULL), -1);
	assert_non_null(strstr(error_message(), "'y'"));
	close(handshake.parent);
	close(handshake.child);
}

static void the_other_s_end_ends_the_wait(void **state)
{
	struct handshake handshake;
	(void)state;
	assert_int_equal(handshake_make(&handshake), 0);
	pid_t pid = fork();
	if (pid == 0) {
		handshake_as_child(&handshake);
		_exit(0);
	}
	int end = handshake_as_parent(&handshake);
	assert_int_equal(handshake_await(end, 'y', NULL), -1);
	assert_int_equal(errno, ECONNRESET);
	assert_string_equal(error_message(), "");
	assert_false(handshake_alive(end));
	process_wait(pid);
	close(end);
}

static void the_other_lives_even_when_it_has_spoken(void **state)
{
	struct handshake handshake;
	(void)state;
	assert_int_equal(handshake_make(&handshake), 0);
	assert_true(handshake_alive(handshake.child));
	assert_int_equal(handshake_send(handshake.parent, 'g', -1), 0);
	assert_true(handshake_alive(handshake.child));
	close(handshake.parent);
	assert_false(handshake_alive(handshake.child));
	close(handshake.child);
}

/* What the janitor has to clean here: it writes a byte into a pipe. */
static int clean_line(void *line)
{
	return write(*(int *)line, "c", 1) == 1 ? 0 : fail("the pipe is broken");
}

static void the_janitor_cleans_when_told(void **state)
{
	struct janitor janitor;
	int line[2];
	char byte = 0;
	(void)state;
	assert_return_code(pipe2(line, O_CLOEXEC | O_NONBLOCK), errno);
	assert_int_equal(janitor_start(&janitor, clean_line, &line[1]), 0);
	assert_int_equal(read(line[0], &byte, 1), -1);
	assert_int_equal(janitor_finish(&janitor), 0);
	assert_int_equal(read(line[0], &byte, 1), 1);
	assert_int_equal(byte, 'c');
	close(line[0]);
	close(line[1]);
}

static int clean_nothing(void *what)
{
	(void)what;
	return fail("could not");
}

static void the_janitor_s_failure_is_the_program_s(void **state)
{
	struct janitor janitor;
	(void)state;
	/* It prints its error itself: not into the results of this test. */
	int saved = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	dup2(null, STDERR_FILENO);
	assert_int_equal(janitor_start(&janitor, clean_nothing, NULL), 0);
	assert_int_equal(janitor_finish(&janitor), -1);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(null);
	assert_int_equal(error_report(), EXIT_ERROR);
}

static void the_janitor_cleans_after_a_kill(void **state)
{
	int line[2];
	char byte = 0;
	(void)state;
	assert_return_code(pipe2(line, O_CLOEXEC), errno);
	/* The janitor outlives its parent: here, it comes to this process then. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid_t pid = fork();
	if (pid == 0) {
		struct janitor janitor;
		if (janitor_start(&janitor, clean_line, &line[1]) < 0)
			_exit(1);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(process_exit_status(process_wait(pid)), 137);
	close(line[1]);
	assert_int_equal(read(line[0], &byte, 1), 1);
	assert_int_equal(byte, 'c');
	assert_true(waitpid(-1, NULL, 0) > 0);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	close(line[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(an_end_is_told_as_a_shell_tells_it),
		test(to_wait_for_a_stranger_is_an_error),
		test(a_clone_has_a_pidfd_that_ends_with_it),
		test(another_program_is_run_with_its_input),
		test(an_input_larger_than_a_pipe_does_not_hang),
		test(what_another_program_complains_of_is_the_error),
		test(a_word_comes_with_a_file),
		test(another_word_is_an_error),
		test(the_other_s_end_ends_the_wait),
		test(the_other_lives_even_when_it_has_spoken),
		test(the_janitor_cleans_when_told),
		test(the_janitor_s_failure_is_the_program_s),
		test(the_janitor_cleans_after_a_kill),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
