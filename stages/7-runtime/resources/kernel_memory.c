/*
 * In version 1 the kernel's own memory on behalf of a cgroup could have a limit beside that of its
 * processes. Since Linux 5.16 such a limit is refused, later the file takes any number and keeps
 * none. In version 2, memory is memory.
 *
 * So what counts is what stands in the file after the write.
 */
#include "7-runtime/resources/kernel_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"
#include "common/text.h"

/* The kernel rounds to whole pages. */
static bool is_kept(const char *path, int64_t limit)
{
	_cleanup_free char *text = file_read(AT_FDCWD, path, 64, NULL);
	int64_t kept = text ? strtoll(text, NULL, 10) : -1;
	return limit < 0 || (kept >= 0 && kept <= limit && limit - kept < sysconf(_SC_PAGESIZE));
}

static int set(const char *directory, const char *file, const char *property, const int64_t *limit)
{
	char number[24];
	_cleanup_free char *path = directory ? text_format("%s/%s", directory, file) : NULL;
	if (!limit || *limit == 0)
		return 0;
	step_for("linux.resources.memory.%s", property);
	snprintf(number, sizeof(number), "%" PRId64, *limit);
	if (path && file_exists(AT_FDCWD, path)) {
		if (file_write(AT_FDCWD, path, number) == 0 && is_kept(path, *limit))
			return 0;
		if (error_message()[0] && errno != EOPNOTSUPP && errno != 524 /* ENOTSUPP */)
			return -1;
		error_clear();
	}
	if (*limit > 0)
		warn("linux.resources.memory.%s: this kernel has no such limit; it counts as "
		     "memory, which memory.limit is for",
			property);
	return 0;
}

int kernel_memory_limit(const struct cgroup *cgroup, const struct config_memory *memory)
{
	const struct hierarchy *hierarchy = hierarchy_with(&cgroup->in, CONTROLLER_MEMORY);
	_cleanup_free char *directory = NULL;
	if (hierarchy && hierarchy->version == CGROUP_V1)
		directory = cgroup_directory(cgroup, hierarchy);
	if (set(directory, "memory.kmem.limit_in_bytes", "kernel", memory->kernel) < 0 ||
		set(directory, "memory.kmem.tcp.limit_in_bytes", "kernelTCP", memory->kernel_tcp) <
			0)
		return -1;
	step_for(NULL);
	return 0;
}
