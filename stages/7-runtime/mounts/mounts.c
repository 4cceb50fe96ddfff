/*
 * Stage 6 makes a mount where the container is, from its type, its source and its options. For some
 * that is not enough:
 *
 *	idmap, shared	made by the creator, on the host (trees.h): here they are only attached
 *	tmpcopyup	a tmpfs with the content of what it will cover (copy_up.h)
 *	remount		changes a mount that is there already
 *	cgroup		without a cgroup namespace: the container's own cgroup, bound
 *
 * What must hold: the rootfs is hostile. A path of the config may lead through a link of the rootfs
 * to /proc, and a mount there is how a container fakes what is read and written below /proc by
 * those who trust it (CVE-2019-16884, CVE-2019-19921). So the place itself is looked at, after it
 * was opened, and not its name.
 */
#include "7-runtime/mounts/mounts.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "3-rootfs/inside.h"
#include "4-cgroups/cgroup_namespace.h"
#include "6-oci/mount_options.h"
#include "7-runtime/mounts/copy_up.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"

static bool has_type(const struct mount *mount, const char *type)
{
	return mount->type && !strcmp(mount->type, type);
}

/* In the host's cgroup namespace a new mount would show the host's whole tree. */
static int bind_own_cgroup(const struct mount *mount, int root)
{
	__attribute__((cleanup(hierarchies_release))) struct hierarchies hierarchies;
	if (hierarchies_find(&hierarchies) < 0)
		return -1;
	if (has_type(mount, "cgroup"))
		return cgroup_mount(&hierarchies, mount->destination, root, mount->set, true);
	const struct hierarchy *unified = hierarchy_unified(&hierarchies);
	if (!unified)
		return fail("type: this host has no cgroup2");
	return cgroup_mount_one(unified, mount->destination, root, mount->set, true);
}

static bool is_on(int fd, unsigned long filesystem)
{
	struct statfs info;
	return fstatfs(fd, &info) == 0 && (unsigned long)info.f_type == filesystem;
}

/* What is known about a container's machine: lxcfs(1) has a truer answer than the kernel. */
static bool may_be_replaced(const char *name)
{
	static const char *const names[] = {"cpuinfo", "diskstats", "loadavg", "meminfo", "net/dev",
		"slabinfo", "stat", "swaps", "sys/crypto/fips_enabled", "sys/kernel/ns_last_pid",
		"uptime"};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

/* The path of @place in its filesystem, in so far as it is at /proc: "" for its top. */
static const char *name_in_proc(int place, char text[PATH_MAX])
{
	char magic[32];
	snprintf(magic, sizeof(magic), "/proc/self/fd/%d", place);
	ssize_t length = readlink(magic, text, PATH_MAX - 1);
	text[length > 0 ? length : 0] = '\0';
	const char *found = strstr(text, "/proc/");
	for (const char *next = found; next; next = strstr(next + 1, "/proc/"))
		found = next;
	const char *name = found ? found + strlen("/proc/") : text;
	/* /proc/net is a link to what a process sees of its network. */
	const char *below = name + strspn(name, "0123456789");
	return !strcmp(below, "/net/dev") ? below + 1 : name;
}

static int check(void *what, const struct mount *mount, int tree, int place)
{
	enum {
		TOP_OF_PROC = 1
	}; /* its inode: proc(5) does not tell, the kernel's proc_fs.h does */
	char path[PATH_MAX];
	struct stat info;
	(void)what;
	if (!is_on(place, PROC_SUPER_MAGIC))
		return 0;
	step("fstat: %s, which is in /proc", mount->destination);
	if (fstat(place, &info) < 0)
		return fail_errno();
	if (info.st_ino == TOP_OF_PROC)
		return is_on(tree, PROC_SUPER_MAGIC)
			       ? 0
			       : fail("destination: %s: only a proc can cover a proc",
					 mount->destination);
	if (may_be_replaced(name_in_proc(place, path)))
		return 0;
	fail("destination: %s: in /proc, where nothing may be mounted", mount->destination);
	return fail_hint("to hide it, or to make it read-only, there are linux.maskedPaths and "
			 "linux.readonlyPaths");
}

/* A tmpfs with the cgroups of v1 in it is attached by those who do not ask. */
static int check_directory(const struct mount *mount, int root)
{
	_cleanup_fd int place = inside_open(root, mount->destination, O_PATH);
	return place < 0 ? 0 : check(NULL, mount, -1, place);
}

static int make(void *what, size_t index, const struct mount *mount, int root)
{
	struct mounts *mounts = what;
	const struct config_mount *asked = &mounts->config->mounts.items[index];
	int tree = trees_take(&mounts->trees, index);
	if (tree >= 0)
		return tree;
	if (mount_has_option(asked, "remount"))
		return mount_again(mount, root) < 0 ? -1 : MOUNT_DONE;
	if (has_type(mount, "cgroup") && check_directory(mount, root) < 0)
		return -1;
	if (mount_has_option(asked, "tmpcopyup"))
		return copy_up_make(mount, root);
	if ((has_type(mount, "cgroup") || has_type(mount, "cgroup2")) &&
		!config_namespace(mounts->config, CLONE_NEWCGROUP))
		return bind_own_cgroup(mount, root) < 0 ? -1 : MOUNT_DONE;
	return MOUNT_USUAL;
}

struct mount_maker mounts_maker(struct mounts *mounts)
{
	return (struct mount_maker){.make = make, .check = check, .what = mounts};
}
