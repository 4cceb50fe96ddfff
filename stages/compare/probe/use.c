/*
 * What can be used up. A try takes a little more than the limits that the runner sets, and gives it
 * back: 96 MiB of memory, 64 processes, half a second of one processor, no disk.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
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

/* A process of its own takes the memory: the kernel ends that one. */
static void use_memory(struct answer *answer)
{
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

static long milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * A limit is kept by taking a process off its processor for the rest of each tenth of a second:
 * long gaps, one after the other, as no neighbour that shares the processor makes them.
 */
static void use_processor(struct answer *answer)
{
	enum { TENTHS = 6, GAP_MS = 40 };
	int gaps = 0;
	long start = milliseconds(), last = start;
	while (last - start < TENTHS * 100) {
		long now = milliseconds();
		gaps += now - last >= GAP_MS;
		last = now;
	}
	note(answer, "in %d ms of work, %d pauses of %d ms or more", TENTHS * 100, gaps, GAP_MS);
	if (gaps >= TENTHS / 2)
		found(answer, LIMITED, "a share");
	else
		found(answer, OPEN, "all");
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
	attempt(answer, setrlimit(RLIMIT_NOFILE, &limit), "setrlimit: %d files", 2 * DESCRIPTORS);
	_cleanup_fd int high = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, DESCRIPTORS);
	if (attempt(answer, high, "fcntl: a descriptor with the number %d", DESCRIPTORS) >= 0)
		return found(answer, OPEN, "%d", DESCRIPTORS);
	getrlimit(RLIMIT_NOFILE, &limit);
	found(answer, LIMITED, "%lu", (unsigned long)limit.rlim_cur);
}

const struct fact use_facts[] = {
	{"memory", use_memory, "Can it take as much memory as it likes?"},
	{"processes", use_processes, "Can it start as many processes as it likes?"},
	{"processor", use_processor, "Can it have a processor all to itself?"},
	{"disk", use_disk, "Can it fill the disk?"},
	{"open-files", use_descriptors, "Can it open as many files as it likes?"},
	{},
};
