/*
 * What can be used up. A try takes a little more than the limits that the runner sets, and gives it
 * back: 96 MiB of memory, 64 processes, a second of all processors, no disk.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "compare/probe/answer.h"
#include "compare/probe/facts.h"
#include "compare/probe/outside.h"
#include "compare/probe/proc.h"

enum {
	MEMORY_MIB = 96,
	PROCESSES = 64,
	DESCRIPTORS = 4000,
};

/* A plain user can set limits where the host has handed over a part of its cgroups. */
static void needs_limits(struct answer *answer)
{
	if (outside("token") && !outside("limits"))
		depends(answer, "no-limits");
}

/* A process of its own takes the memory: the kernel ends that one. */
static void use_memory(struct answer *answer)
{
	needs_limits(answer);
	pid_t child = fork();
	if (attempt(answer, child, "fork") < 0)
		return refused(answer);
	if (child == 0) {
		size_t size = (size_t)MEMORY_MIB << 20;
		char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			-1, 0);
		if (memory == MAP_FAILED)
			_exit(1);
		memset(memory, 1, size);
		_exit(0);
	}
	int status;
	waitpid(child, &status, 0);
	note(answer, "write to %d MiB: %s", MEMORY_MIB, status ? "killed" : "done");
	if (status)
		found(answer, LIMITED, "< %d MiB", MEMORY_MIB);
	else
		found(answer, OPEN, "%d MiB", MEMORY_MIB);
}

static void use_processes(struct answer *answer)
{
	needs_limits(answer);
	pid_t children[PROCESSES];
	int count = 0;
	while (count < PROCESSES && (children[count] = fork()) > 0)
		count++;
	if (count < PROCESSES && children[count] == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pause();
		_exit(0);
	}
	int error = errno;
	for (int i = 0; i < count; i++) {
		kill(children[i], SIGKILL);
		waitpid(children[i], NULL, 0);
	}
	if (count < PROCESSES) {
		note(answer, "fork: %s after %d", strerrorname_np(error), count);
		return found(answer, LIMITED, "%d", count);
	}
	note(answer, "fork: %d times", count);
	found(answer, OPEN, "%d", count);
}

static long now(void)
{
	struct timespec clock;
	clock_gettime(CLOCK_MONOTONIC, &clock);
	return clock.tv_sec * 1000 + clock.tv_nsec / 1000000;
}

static long processor_time(void)
{
	struct rusage used;
	getrusage(RUSAGE_CHILDREN, &used);
	return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000L +
	       (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
}

/* Several at once, so that others who work at the same time leave them more than the limit does. */
static long processor_share(void)
{
	enum { WORKERS = 8, TIME_MS = 400 };
	long used = processor_time(), start = now();
	for (int i = 0; i < WORKERS; i++)
		if (fork() == 0) {
			while (now() < start + TIME_MS)
				;
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	return (processor_time() - used) * 100 / (now() - start);
}

/* Who is busy for a moment is not limited: then a later try gets more. */
static void use_processor(struct answer *answer)
{
	enum { TRIES = 3, LIMITED_PERCENT = 22 };
	long percent = 0;
	needs_limits(answer);
	for (int i = 0; i < TRIES && percent < LIMITED_PERCENT; i++) {
		percent = processor_share();
		note(answer, "8 processes at once had %ld %% of a processor", percent);
	}
	found(answer, percent < LIMITED_PERCENT ? LIMITED : OPEN, "%ld %%", percent);
}

/* How much there is. (To fill a disk would be no fact, but a fault.) */
static void use_disk(struct answer *answer)
{
	struct statvfs disk;
	char path[PATH_MAX];
	snprintf(path, sizeof(path), "%s", image_path("written"));
	_cleanup_fd int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (attempt(answer, file, "make a file at the top of the image") < 0)
		return refused(answer);
	unlink(path);
	if (attempt(answer, fstatvfs(file, &disk), "fstatvfs") < 0)
		return refused(answer);
	bool image = is_in_image(file);
	note(answer, "it is in %s", image ? "the image" : "a layer above the image");
	found(answer, image ? OPEN : LIMITED, "%lu MiB", disk.f_bavail * disk.f_frsize >> 20);
}

static void use_descriptors(struct answer *answer)
{
	struct rlimit limit = {2L * DESCRIPTORS, 2L * DESCRIPTORS};
	if (outside("raises-limits"))
		depends(answer, "raises-limits");
	if (attempt(answer, setrlimit(RLIMIT_NOFILE, &limit), "setrlimit: %d files",
		    2 * DESCRIPTORS) < 0) {
		getrlimit(RLIMIT_NOFILE, &limit);
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	_cleanup_fd int high = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, DESCRIPTORS);
	if (attempt(answer, high, "fcntl: a descriptor with the number %d", DESCRIPTORS) >= 0)
		return found(answer, OPEN, "%d", DESCRIPTORS);
	getrlimit(RLIMIT_NOFILE, &limit);
	found(answer, LIMITED, "%lu", (unsigned long)limit.rlim_cur);
}

/* Writes the limit that is there. Who may do that may write another. */
static void use_more(struct answer *answer)
{
	bool v1 = outside("cgroup-v1");
	const char *name = v1 ? "memory.limit_in_bytes" : "memory.max";
	char limit[64] = "";
	needs_limits(answer);
	if (is_hosts_namespace("cgroup") != 0 || !outside("limits")) {
		note(answer, "no cgroup of its own, and so no limit");
		return found(answer, UNKNOWN, "no limit");
	}
	depends(answer, v1 ? "cgroup-v1" : outside("nsdelegate") ? "nsdelegate" : "cgroup-v2");
	_cleanup_fd int tree = v1 ? kernel_filesystem("cgroup", "memory")
				  : kernel_filesystem("cgroup2", NULL);
	if (attempt(answer, tree, "mount the own cgroup, read-write") < 0)
		return refused(answer);
	_cleanup_fd int file = openat(tree, name, O_RDWR | O_CLOEXEC);
	if (attempt(answer, file, "open %s", name) < 0 ||
		attempt(answer, (int)read(file, limit, sizeof(limit) - 1), "read it") < 0 ||
		attempt(answer, (int)pwrite(file, limit, strlen(limit), 0),
			"write what was in it") < 0)
		return refused(answer);
	found(answer, OPEN, "lifted");
}

const struct fact use_facts[] = {
	{"memory", use_memory, "Can it take as much memory as it likes?"},
	{"processes", use_processes, "Can it start as many processes as it likes?"},
	{"processor", use_processor, "Can it have a processor all to itself?"},
	{"disk", use_disk, "Can it fill the disk?"},
	{"lift-limits", use_more, "Can it lift its own limits?"},
	{"open-files", use_descriptors, "Can it open as many files as it likes?"},
	{},
};
