/* Ways out. Each ends at the host's file "mark", which is only read; on the host itself there is
 * none. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "compare/probe/answer.h"
#include "compare/probe/climb.h"
#include "compare/probe/facts.h"
#include "compare/probe/outside.h"
#include "compare/probe/proc.h"

/* Whether there is something to escape to, and something to escape from. */
static bool is_inside(struct answer *answer)
{
	if (!outside("mark")) {
		nobody_outside(answer, "a file to get at");
		return false;
	}
	if (access(outside("mark"), F_OK) == 0) {
		note(answer, "this is the host");
		found(answer, UNKNOWN, "the host");
		return false;
	}
	return true;
}

/* Is @file, just opened, the host's? */
static void reached(struct answer *answer, int file)
{
	char text[64] = "";
	if (attempt(answer, file, "open %s", outside("mark")) < 0)
		return answer->error == ENOENT ? found(answer, CLOSED, "stays inside")
					       : refused(answer);
	bool is_it = read(file, text, sizeof(text) - 1) > 0 && strcmp(text, outside("token")) == 0;
	found(answer, is_it ? OPEN : CLOSED, is_it ? "out" : "not the host");
}

static void escape_by_climbing(struct answer *answer)
{
	if (!is_inside(answer))
		return;
	if (attempt(answer, climb_out(), "chroot below, and climb") < 0)
		return refused(answer);
	_cleanup_fd int file = open(outside("mark"), O_RDONLY | O_CLOEXEC);
	reached(answer, file);
}

/* The link is followed for those who may trace the process. See proc_pid_root(5). */
static void escape_by_proc(struct answer *answer)
{
	char path[600];
	if (!is_inside(answer))
		return;
	int proc = proc_open();
	if (attempt(answer, proc, "a /proc to look at") < 0)
		return refused(answer);
	const char *const processes[] = {"1", outside("process")};
	for (size_t i = 0; i < sizeof(processes) / sizeof(*processes); i++) {
		snprintf(path, sizeof(path), "%s/root%s", processes[i], outside("mark"));
		_cleanup_fd int file = openat(proc, path, O_RDONLY | O_CLOEXEC);
		note(answer, "by way of /proc/%s/root", processes[i]);
		reached(answer, file);
		if (file >= 0)
			return;
	}
}

/* The runner leaves a directory of the host open in whatever it starts. */
static void escape_by_descriptor(struct answer *answer)
{
	if (!is_inside(answer))
		return;
	for (int fd = 3; fd < 1024; fd++) {
		struct stat kind;
		if (fstat(fd, &kind) < 0 || !S_ISDIR(kind.st_mode))
			continue;
		_cleanup_fd int file = openat(fd, "mark", O_RDONLY | O_CLOEXEC);
		if (file < 0)
			continue;
		note(answer, "descriptor %d is a directory of the host", fd);
		return reached(answer, file);
	}
	note(answer, "no descriptor from 3 to 1023 is a directory of the host");
	found(answer, CLOSED, "none");
}

/* In a copy of the mounts: what reads /proc would believe it. */
static void escape_by_false_proc(struct answer *answer)
{
	if (attempt(answer, unshare(CLONE_NEWNS), "unshare: a copy of the mounts") < 0 ||
		attempt(answer, mount("none", "/proc", "tmpfs", 0, NULL),
			"mount: a tmpfs on /proc") < 0)
		return refused(answer);
	found(answer, OPEN, "covered");
}

static void escape_by_joining(struct answer *answer)
{
	char path[64];
	if (!is_inside(answer))
		return;
	int proc = proc_open();
	if (attempt(answer, proc, "a /proc to look at") < 0)
		return refused(answer);
	snprintf(path, sizeof(path), "%s/ns/mnt", outside("process"));
	_cleanup_fd int namespace = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (attempt(answer, namespace, "open the namespace of a process of the host") < 0 ||
		attempt(answer, setns(namespace, CLONE_NEWNS), "setns") < 0)
		return refused(answer);
	_cleanup_fd int file = open(outside("mark"), O_RDONLY | O_CLOEXEC);
	reached(answer, file);
}

/* A file by its number, not by a path: no root directory stands in the way. See
 * open_by_handle_at(2). */
static void escape_by_handle(struct answer *answer)
{
	struct {
		struct file_handle header;
		unsigned char bytes[MAX_HANDLE_SZ];
	} handle = {};
	int type, at;
	if (!is_inside(answer))
		return;
	if (!outside("handle") || sscanf(outside("handle"), "%d %n", &type, &at) != 1)
		return nobody_outside(answer, "a handle");
	handle.header.handle_type = type;
	const char *digits = outside("handle") + at;
	while (handle.header.handle_bytes < MAX_HANDLE_SZ &&
		sscanf(digits, "%2hhx", &handle.bytes[handle.header.handle_bytes]) == 1) {
		handle.header.handle_bytes++;
		digits += 2;
	}
	/* Of any file of the same filesystem, the image's top at first. */
	_cleanup_fd int place = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_cleanup_fd int file = open_by_handle_at(place, &handle.header, O_RDONLY | O_CLOEXEC);
	note(answer, "open_by_handle_at");
	reached(answer, file);
}

/* Opened only. The kernel runs what stands there, on the host and as root, when a process crashes.
 */
static void escape_by_core_pattern(struct answer *answer)
{
	int proc = proc_open();
	_cleanup_fd int file =
		proc < 0 ? -1 : openat(proc, "sys/kernel/core_pattern", O_WRONLY | O_CLOEXEC);
	if (attempt(answer, file, "open /proc/sys/kernel/core_pattern to write") < 0)
		return refused(answer);
	found(answer, OPEN, "may");
}

const struct fact escape_facts[] = {
	{"chroot-climb", escape_by_climbing, "Can it climb out of its root?"},
	{"proc-root", escape_by_proc, "Does /proc/PID/root lead out?"},
	{"inherited-fd", escape_by_descriptor, "Does an open directory lead out?"},
	{"mount-over-proc", escape_by_false_proc, "Can it put another /proc in place?"},
	{"join-namespace", escape_by_joining, "Can it join the host's mounts?"},
	{"file-handle", escape_by_handle, "Can it open the host's files by number?"},
	{"core-pattern", escape_by_core_pattern, "Can it have the kernel run a program outside?"},
	{},
};
