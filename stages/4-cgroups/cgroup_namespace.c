/*
 * /proc/self/cgroup tells a process where it is in the host's tree, and with that, a good deal
 * about the host. In a cgroup namespace the paths start at the cgroup that the process was in when
 * it made the namespace: what is above does not show. A cgroup filesystem that is mounted there
 * starts at the same place.
 *
 * What must hold: the process makes the namespace itself, and after it has arrived in its cgroup.
 * clone3(2) could make the two together, but the kernel copies the namespaces first: the root of
 * the new one would be the cgroup of the parent.
 */
#include "4-cgroups/cgroup_namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "3-rootfs/inside.h"
#include "3-rootfs/mount.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"
#include "common/text.h"

int cgroup_namespace_enter(void)
{
	/* Task 4.4: give this process, which is in its cgroup by now, a new cgroup namespace.
	 *
	 * Until then: return 0;
	 */
	step("unshare cgroup: a cgroup namespace, with our own cgroup as its root");
	if (unshare(CLONE_NEWCGROUP) < 0)
		return fail_errno();
	return 0;
	/* End of task 4.4. */
}

/* "cpu,cpuacct": the names that a v1 tree is mounted by, and that its directory usually has. */
static char *controllers_text(const struct hierarchy *hierarchy)
{
	char *text = calloc(1, 128);
	for (enum controller c = 0; text && c < CONTROLLER_COUNT; c++) {
		if (!(hierarchy->controllers & 1u << c))
			continue;
		if (*text)
			strcat(text, ",");
		strcat(text, controller_name(c, CGROUP_V1));
	}
	if (!text)
		fail("out of memory");
	return text;
}

/* Where @hierarchy shows the cgroup of this process, in fresh memory. */
static char *own_directory(const struct hierarchy *hierarchy)
{
	if (hierarchy->own)
		return text_format("%s%s", hierarchy->mount, hierarchy->own);
	fail("%s: the cgroup of this process does not show there", hierarchy->mount);
	return NULL;
}

int cgroup_mount_one(const struct hierarchy *hierarchy, const char *destination, int root,
	uint64_t attributes, bool bind)
{
	bool v1 = hierarchy->version == CGROUP_V1;
	_cleanup_free char *names = v1 ? controllers_text(hierarchy) : NULL;
	_cleanup_free char *own = bind ? own_directory(hierarchy) : NULL;
	if ((v1 && !names) || (bind && !own))
		return -1;
	const struct mount mount = {.destination = destination,
		.type = bind ? NULL
			: v1 ? "cgroup"
			     : "cgroup2",
		.source = bind ? own : "cgroup",
		.data = bind ? NULL : names,
		.set = attributes};
	return mount_add(&mount, root);
}

/* "cpu" is where programs look for it, and not in "cpu,cpuacct". */
static int link_names(const char *names, const char *above, int root)
{
	_cleanup_free char *copy = strdup(names);
	_cleanup_fd int directory = inside_open(root, above, O_PATH | O_DIRECTORY);
	char *rest = copy;
	step("symlink: to %s, by each of its names", names);
	if (!copy || directory < 0)
		return fail_errno();
	for (char *name; strchr(names, ',') && (name = strsep(&rest, ","));)
		if (symlinkat(names, directory, name) < 0 && errno != EEXIST)
			return fail_errno();
	return 0;
}

static int mount_below(const struct hierarchy *hierarchy, const char *above, int root,
	uint64_t attributes, bool bind)
{
	bool v1 = hierarchy->version == CGROUP_V1;
	_cleanup_free char *names = v1 ? controllers_text(hierarchy) : strdup("unified");
	_cleanup_free char *destination = names ? text_format("%s/%s", above, names) : NULL;
	if (!destination || cgroup_mount_one(hierarchy, destination, root, attributes, bind) < 0)
		return -1;
	return link_names(names, above, root);
}

int cgroup_mount(const struct hierarchies *hierarchies, const char *destination, int root,
	uint64_t attributes, bool bind)
{
	const struct mount top = {.destination = destination,
		.type = "tmpfs",
		.data = "mode=755",
		.set = attributes & ~(uint64_t)MOUNT_ATTR_RDONLY};
	if (hierarchies->count == 0)
		return 0;
	if (hierarchies->count == 1 && hierarchy_unified(hierarchies))
		return cgroup_mount_one(hierarchies->list, destination, root, attributes, bind);
	if (mount_add(&top, root) < 0)
		return -1;
	for (size_t i = 0; i < hierarchies->count; i++)
		if (mount_below(&hierarchies->list[i], destination, root, attributes, bind) < 0)
			return -1;
	if (!(attributes & MOUNT_ATTR_RDONLY))
		return 0;
	/* Only now, since the directories had to be made in it. */
	step("mount_setattr: make %s read-only", destination);
	_cleanup_fd int directory = inside_open(root, destination, O_PATH | O_DIRECTORY);
	if (directory < 0)
		return fail_errno();
	return mount_change(directory, "", MOUNT_ATTR_RDONLY, false);
}

int cgroup_show(const struct hierarchies *hierarchies, int root)
{
	return cgroup_mount(hierarchies, "/sys/fs/cgroup", root,
		MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC,
		false);
}
