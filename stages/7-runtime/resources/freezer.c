/*
 * A signal would be seen by the process, and by its parent. A frozen cgroup is stopped by the
 * scheduler: whatever runs in it stands still between two instructions, and knows nothing of it.
 *
 * The kernel freezes at its own pace: a process deep in a system call comes later. In v2 a file
 * says when all are, and poll(2) wakes up when it changes. In v1 one has to look; and a process
 * that forks may be missed, which a second write puts right.
 */
#include "7-runtime/resources/freezer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"
#include "common/text.h"

enum { TRIES = 1000, PAUSE_MILLISECONDS = 10, FILE_MOST = 4096 };

static const struct hierarchy *freezer_of(const struct cgroup *cgroup)
{
	const struct hierarchy *freezer = hierarchy_with(&cgroup->in, CONTROLLER_FREEZER);
	return freezer ? freezer : hierarchy_unified(&cgroup->in);
}

/* A file of the cgroup in the freezer's hierarchy. */
static char *path_of(const struct cgroup *cgroup, const char *file)
{
	_cleanup_free char *directory = cgroup_directory(cgroup, freezer_of(cgroup));
	return directory ? text_format("%s/%s", directory, file) : NULL;
}

static int write_state(const struct cgroup *cgroup, bool frozen)
{
	bool v1 = freezer_of(cgroup)->version == CGROUP_V1;
	_cleanup_free char *path = path_of(cgroup, v1 ? "freezer.state" : "cgroup.freeze");
	const char *text = v1 ? (frozen ? "FROZEN" : "THAWED") : (frozen ? "1" : "0");
	return path ? file_write(AT_FDCWD, path, text) : -1;
}

/* 1: all stand still; 0: not yet; -1: error. */
static int is_still(const char *path, const char *word)
{
	_cleanup_free char *text = file_read(AT_FDCWD, path, FILE_MOST, NULL);
	return text ? strstr(text, word) != NULL : -1;
}

static int await_v1(const struct cgroup *cgroup, const char *path)
{
	for (int i = 0; i < TRIES; i++) {
		int still = is_still(path, "FROZEN");
		if (still != 0)
			return still < 0 ? -1 : 0;
		nanosleep(&(struct timespec){.tv_nsec = PAUSE_MILLISECONDS * 1000000L}, NULL);
		if (write_state(cgroup, true) < 0)
			return -1;
	}
	return fail("unable to freeze: a process does not stop");
}

static int await_v2(const char *path)
{
	step("open: %s", path);
	_cleanup_fd int events = open(path, O_RDONLY | O_CLOEXEC);
	if (events < 0)
		return fail_errno();
	for (int i = 0; i < TRIES; i++) {
		char text[FILE_MOST];
		ssize_t count = pread(events, text, sizeof(text) - 1, 0);
		if (count < 0)
			return fail_errno();
		text[count] = '\0';
		if (strstr(text, "frozen 1"))
			return 0;
		struct pollfd change = {.fd = events, .events = POLLPRI};
		poll(&change, 1, PAUSE_MILLISECONDS);
	}
	return fail("unable to freeze: a process does not stop");
}

static int await(const struct cgroup *cgroup)
{
	bool v1 = freezer_of(cgroup)->version == CGROUP_V1;
	_cleanup_free char *path = path_of(cgroup, v1 ? "freezer.state" : "cgroup.events");
	if (!path)
		return -1;
	return v1 ? await_v1(cgroup, path) : await_v2(path);
}

int freezer_set(const struct cgroup *cgroup, bool frozen)
{
	if (!freezer_of(cgroup) || !cgroup_exists_in(cgroup, freezer_of(cgroup))) {
		fail("the container has no cgroup to freeze");
		return fail_hint("without root, cgroups must be delegated to the user");
	}
	if (write_state(cgroup, frozen) < 0)
		return -1;
	if (!frozen || await(cgroup) == 0)
		return 0;
	/* What is half frozen helps nobody. The error that is set stays. */
	write_state(cgroup, false);
	return -1;
}

bool freezer_is_set(const struct cgroup *cgroup)
{
	const struct hierarchy *freezer = freezer_of(cgroup);
	if (!freezer || !cgroup_exists_in(cgroup, freezer))
		return false;
	_cleanup_free char *path = path_of(cgroup,
		freezer->version == CGROUP_V1 ? "freezer.self_freezing" : "cgroup.freeze");
	_cleanup_fd int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	char digit = '0';
	return fd >= 0 && read(fd, &digit, 1) == 1 && digit == '1';
}
