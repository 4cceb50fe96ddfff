/*
 * Measures commands against each other, in turn: a b c a b c ... What disturbs the machine
 *meanwhile hits all of them.
 *
 *	measure [--runs N] [--times N [--at-once]] NAME=SCRIPT...
 *
 * A script is commands with " ; " between them. In their words "@" stands for a name that is new
 *each time. "wait" in place of a command waits until all processes that the others have left
 *running are gone. --times: a run is the script so many times, one after the other, or all
 *--at-once.
 *
 * For each run it prints "NAME MICROSECONDS CPU MEMORY": the time that passed; the time that
 * processors worked for all processes of the script (microseconds, too); the largest memory that
 *one of them had (KiB). Orphans count, too: they become children of this process. A run before the
 * first is not printed; with --runs 0 it is the only one.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORDS_MOST = 128, NAMES_MOST = 16 };

struct cost {
	long long wall, cpu;
	long memory;
};

static long long now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

static long long microseconds(struct timeval time)
{
	return time.tv_sec * 1000000LL + time.tv_usec;
}

/* Cuts @command into words. @name: what "@" in them stands for. */
static void read_words(char *command, const char *name, char *words[WORDS_MOST])
{
	size_t count = 0;
	char *rest = NULL;
	for (char *word = strtok_r(command, " \t\n", &rest); word;
		word = strtok_r(NULL, " \t\n", &rest)) {
		if (count == WORDS_MOST - 1)
			errx(2, "measure: more than %d words in a command", WORDS_MOST - 1);
		char *at = strchr(word, '@');
		if (!at)
			words[count++] = strdup(word);
		else if (asprintf(&words[count++], "%.*s%s%s", (int)(at - word), word, name,
				 at + 1) < 0)
			err(1, "measure");
	}
	words[count] = NULL;
}

static pid_t start(char **words)
{
	pid_t pid;
	errno = posix_spawnp(&pid, words[0], NULL, NULL, words, environ);
	if (errno)
		err(1, "measure: %s", words[0]);
	return pid;
}

/* Waits for @pid, or any (-1), and adds what it has cost. Returns false when there is none. */
static bool wait_for(pid_t pid, const char *what, struct cost *cost)
{
	int status;
	struct rusage used;
	pid_t ended = wait4(pid, &status, 0, &used);
	if (ended < 0 && errno == ECHILD)
		return false;
	if (ended < 0)
		err(1, "measure: wait4");
	if (what && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
		errx(1, "measure: it has failed (status 0x%x): %s", (unsigned)status, what);
	cost->cpu += microseconds(used.ru_utime) + microseconds(used.ru_stime);
	cost->memory = used.ru_maxrss > cost->memory ? used.ru_maxrss : cost->memory;
	return true;
}

static void wait_for_all(const char *what, struct cost *cost)
{
	while (wait_for(-1, what, cost))
		;
}

/* One command of a script; @stay: do not wait for its end. */
static void step(const char *command, const char *name, bool stay, struct cost *cost)
{
	char *words[WORDS_MOST], *copy = strdup(command);
	read_words(copy, name, words);
	if (words[0] && !strcmp(words[0], "wait")) {
		wait_for_all(NULL, cost);
	} else if (words[0]) {
		pid_t pid = start(words);
		if (!stay)
			wait_for(pid, command, cost);
	}
	for (char **word = words; *word; word++)
		free(*word);
	free(copy);
}

static void run_script(const char *script, bool stay, struct cost *cost)
{
	static unsigned runs;
	char name[32], *copy = strdup(script), *command = copy;
	snprintf(name, sizeof(name), "bench-%d-%u", (int)getpid(), runs++);
	while (command) {
		char *end = strstr(command, " ; ");
		if (end)
			*end = '\0';
		step(command, name, stay, cost);
		command = end ? end + 3 : NULL;
	}
	free(copy);
}

static struct cost run(const char *script, long times, bool at_once)
{
	struct cost cost = {};
	long long begin = now();
	for (long i = 0; i < times; i++)
		run_script(script, at_once, &cost);
	if (at_once)
		wait_for_all(script, &cost);
	cost.wall = now() - begin;
	wait_for_all(NULL, &cost);
	return cost;
}

static long read_number(const char *text)
{
	char *end;
	long number = text ? strtol(text, &end, 10) : -1;
	if (number < 0 || *end)
		errx(2, "measure: expected a number");
	return number;
}

int main(int argc, char **argv)
{
	long runs = 1, times = 1;
	bool at_once = false;
	char **scripts = argv + 1;
	for (; *scripts && **scripts == '-'; scripts++) {
		if (!strcmp(*scripts, "--at-once"))
			at_once = true;
		else if (!strcmp(*scripts, "--runs"))
			runs = read_number(*++scripts);
		else if (!strcmp(*scripts, "--times"))
			times = read_number(*++scripts);
		else
			errx(2, "measure: unknown option %s", *scripts);
	}
	if (argc < 2 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		err(2, "measure");
	for (long i = 0; i <= runs; i++)
		for (char **script = scripts; *script; script++) {
			const char *commands = strchr(*script, '=');
			if (!commands)
				errx(2, "measure: expected NAME=SCRIPT");
			struct cost cost = run(commands + 1, times, at_once);
			if (i > 0)
				printf("%.*s %lld %lld %ld\n", (int)(commands - *script), *script,
					cost.wall, cost.cpu, cost.memory);
		}
}
