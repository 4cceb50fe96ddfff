/*
 * Runs into a limit on purpose, and tells what the kernel did:
 *
 *	limits [cpu] [pids] [memory]		nothing named: all three
 *
 * Each limit answers in its own way. The CPU limit makes a process wait, the limit on processes
 * makes fork(2) fail, and the memory limit kills.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Wants the processor for a second, without a pause. */
static void run_into_cpu(void)
{
	double start = seconds(CLOCK_MONOTONIC), used = seconds(CLOCK_PROCESS_CPUTIME_ID), passed;
	do
		passed = seconds(CLOCK_MONOTONIC) - start;
	while (passed < 1);
	used = seconds(CLOCK_PROCESS_CPUTIME_ID) - used;
	printf("cpu:    wanted a whole CPU, got %.0f%% of it\n", 100 * used / passed);
}

/* Has children until there may be no more. */
static void run_into_pids(void)
{
	enum { MOST = 1000 };
	pid_t children[MOST];
	int count = 0;
	while (count < MOST && (children[count] = fork()) >= 0) {
		if (children[count] == 0) {
			pause();
			_exit(0);
		}
		count++;
	}
	if (count < MOST)
		printf("pids:   fork number %d failed: %s\n", count + 1, strerror(errno));
	else
		printf("pids:   had %d children: there is no limit\n", count);
	for (int i = 0; i < count; i++) {
		kill(children[i], SIGKILL);
		waitpid(children[i], NULL, 0);
	}
}

/* Memory counts when it is written to; asking for it is free. */
static void eat_memory(int mebibytes, int report)
{
	for (int i = 1; i <= mebibytes; i++) {
		void *memory = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (memory == MAP_FAILED)
			_exit(1);
		memset(memory, 1, 1 << 20);
		if (write(report, &i, sizeof(i)) < 0)
			_exit(1);
	}
	_exit(0);
}

/* A child does it, so that somebody is left to tell. */
static void run_into_memory(void)
{
	enum { MOST = 256 };
	int pipe_ends[2], eaten = 0, status = 0;
	if (pipe(pipe_ends) < 0)
		return;
	pid_t child = fork();
	if (child == 0)
		eat_memory(MOST, pipe_ends[1]);
	close(pipe_ends[1]);
	while (read(pipe_ends[0], &eaten, sizeof(eaten)) == sizeof(eaten))
		;
	if (child < 0 || waitpid(child, &status, 0) < 0)
		printf("memory: no process to try it with: %s\n", strerror(errno));
	else if (WIFSIGNALED(status))
		printf("memory: the process was killed (signal %d) after %d MiB\n",
			WTERMSIG(status), eaten);
	else
		printf("memory: got all of %d MiB: there is no limit\n", eaten);
}

static const struct {
	const char *name;
	void (*run_into)(void);
} limits[] = {
	{"cpu", run_into_cpu},
	{"pids", run_into_pids},
	{"memory", run_into_memory},
};

int main(int argc, char **argv)
{
	/* A child of fork would print again what still waits in the buffer. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		int wanted = argc == 1;
		for (int word = 1; word < argc; word++)
			wanted |= !strcmp(argv[word], limits[i].name);
		if (wanted)
			limits[i].run_into();
	}
	return 0;
}
