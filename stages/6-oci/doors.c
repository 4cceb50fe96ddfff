/*
 * To move somebody else, the kernel holds all forks and exits up for as long as RCU takes. To move
 * the thread that asks it need not: for that the file is "tasks".
 */
#include "6-oci/doors.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"
#include "common/text.h"

int cgroup_doors_open(struct cgroup_doors *doors, const struct cgroup *cgroup)
{
	*doors = (struct cgroup_doors){};
	for (size_t i = 0; i < cgroup->in.count; i++) {
		const struct hierarchy *hierarchy = &cgroup->in.list[i];
		if (hierarchy->version != CGROUP_V1)
			continue;
		_cleanup_free char *directory = cgroup_directory(cgroup, hierarchy);
		_cleanup_free char *path = directory ? text_format("%s/tasks", directory) : NULL;
		if (!path)
			return -1;
		int fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd >= 0) {
			doors->fds[doors->count++] = fd;
		} else if (errno != ENOENT) {
			step("open: %s", path);
			return fail_errno();
		}
	}
	return 0;
}

int cgroup_doors_enter(const struct cgroup_doors *doors)
{
	if (doors->count > 0)
		step("write: 0 > tasks, into the cgroup of %zu v1 hierarchies", doors->count);
	for (size_t i = 0; i < doors->count; i++)
		if (write(doors->fds[i], "0", 1) < 0)
			return fail_errno();
	return 0;
}

void cgroup_doors_close(const struct cgroup_doors *doors)
{
	for (size_t i = 0; i < doors->count; i++)
		close(doors->fds[i]);
}
