/*
 * Two clocks count from the start of the machine: one that stands still while it sleeps
 * (monotonic), and one that does not (boottime). A program that is moved to another machine must
 * not see them jump; so a namespace adds an offset to each. What time it is on the wall, all
 * containers agree on.
 *
 * What must hold: the offsets are set between the namespace's making and its first process. A clone
 * would put the child in at once; unshare(2) only says where children go. Then the runtime sets the
 * clocks, which root in a user namespace cannot do for itself, and the process follows into it.
 */
#include "7-runtime/process/time_namespace.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <time.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"

static const struct {
	const char *name;
	clockid_t id;
	size_t offset; /* of the member */
} clocks[] = {
	{"monotonic", CLOCK_MONOTONIC, offsetof(struct config_time_offsets, monotonic)},
	{"boottime", CLOCK_BOOTTIME, offsetof(struct config_time_offsets, boottime)},
};

enum { CLOCKS = sizeof(clocks) / sizeof(*clocks) };

static const struct config_time_offset *offset_of(const struct config *config, size_t clock)
{
	const char *offsets = (const char *)&config->linux.time_offsets;
	return *(struct config_time_offset *const *)(offsets + clocks[clock].offset);
}

/* The kernel keeps them from 0 to the half of what it can count, 146 years. */
static int check_offset(const struct config_time_offset *offset, size_t clock)
{
	const int64_t most = INT64_MAX / 1000000000 / 2;
	struct timespec now;
	step_for("linux.timeOffsets.%s.secs", clocks[clock].name);
	clock_gettime(clocks[clock].id, &now);
	if (offset->secs < -now.tv_sec)
		return fail("%" PRId64 ": the clock stands at %lld s, and cannot go below 0",
			offset->secs, (long long)now.tv_sec);
	if (offset->secs > most - now.tv_sec - 1)
		return fail("%" PRId64 ": the clock cannot go beyond %" PRId64 " s", offset->secs,
			most);
	return 0;
}

int time_namespace_check(const struct config *config)
{
	for (size_t i = 0; i < config->linux.namespaces.count; i++) {
		step_for("linux.namespaces[%zu].type", i);
		if (config->linux.namespaces.items[i].type->value == CLONE_NEWTIME &&
			!file_exists(AT_FDCWD, "/proc/self/ns/time"))
			return fail("this kernel has no time namespaces");
	}
	for (size_t i = 0; i < CLOCKS; i++) {
		const struct config_time_offset *offset = offset_of(config, i);
		if (offset && check_offset(offset, i) < 0)
			return -1;
	}
	step_for(NULL);
	return 0;
}

bool time_namespace_is_new(const struct config *config)
{
	const struct config_namespace *namespace = config_namespace(config, CLONE_NEWTIME);
	return namespace && !namespace->path;
}

bool time_namespace_has_offsets(const struct config *config)
{
	return offset_of(config, 0) || offset_of(config, 1);
}

int time_namespace_make(const struct config *config)
{
	const struct config_namespace *all = config->linux.namespaces.items;
	step_for("linux.namespaces[%zu]", (size_t)(config_namespace(config, CLONE_NEWTIME) - all));
	step("unshare: a new time namespace");
	if (unshare(CLONE_NEWTIME) < 0)
		return fail_errno();
	step_for(NULL);
	return 0;
}

int time_namespace_set(const struct config *config, pid_t pid)
{
	char path[64], text[64];
	snprintf(path, sizeof(path), "/proc/%d/timens_offsets", pid);
	for (size_t i = 0; i < CLOCKS; i++) {
		const struct config_time_offset *offset = offset_of(config, i);
		if (!offset)
			continue;
		step_for("linux.timeOffsets.%s", clocks[i].name);
		snprintf(text, sizeof(text), "%s %" PRId64 " %" PRIu32, clocks[i].name,
			offset->secs, offset->nanosecs);
		if (file_write(AT_FDCWD, path, text) < 0)
			return -1;
	}
	step_for(NULL);
	return 0;
}

int time_namespace_enter(int proc)
{
	step("setns: enter the new time namespace");
	_cleanup_fd int fd = openat(proc, "ns/time_for_children", O_RDONLY | O_CLOEXEC);
	return fd < 0 || setns(fd, CLONE_NEWTIME) < 0 ? fail_errno() : 0;
}
