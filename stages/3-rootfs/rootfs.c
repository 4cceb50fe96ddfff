/*
 * chroot moves a process's idea of "/"; the host's mounts are all still there, and a way back is
 * known. pivot_root(2) exchanges the root mount of the mount namespace itself, and after that the
 * old one is unmounted. What is not mounted cannot be reached: there is no way out to a place that
 * does not exist.
 *
 * What must hold: everything from the host that the container shall have is mounted before (a new
 * /proc, too: in a user namespace the kernel allows one only to those who can see one).
 */
#include "3-rootfs/rootfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "2-namespaces/userns.h"
#include "3-rootfs/device.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"

enum {
	GUARDED = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC,
	READ_ONLY = GUARDED | MOUNT_ATTR_RDONLY,
};

/* "SRC:DST", "SRC:DST:ro" or "SRC:DST:rw". */
static int read_volume(const char *flag, const char *value, void *target)
{
	char *source = strdupa(value), *destination = strchr(source, ':');
	if (!destination || destination == source || destination[1] != '/')
		return fail("%s: expected SRC:DST or SRC:DST:ro, with DST from the root, found "
			    "\"%s\"",
			flag, value);
	*destination++ = '\0';
	char *mode = strchr(destination, ':');
	if (mode)
		*mode++ = '\0';
	if (mode && strcmp(mode, "ro") != 0 && strcmp(mode, "rw") != 0)
		return fail("%s: expected ro or rw after the destination, found \"%s\"", flag,
			mode);
	struct mount volume = {
		.source = strdup(source),
		.destination = strdup(destination),
		.recursive = true,
		.set_below = mode && !strcmp(mode, "ro") ? MOUNT_ATTR_RDONLY : 0,
	};
	if (!volume.source || !volume.destination)
		return fail("out of memory");
	return rootfs_add_volume(target, &volume);
}

const struct flag rootfs_flags[] = {
	{"volume", "SRC:DST[:ro]", "show the host's SRC inside, at DST (may be repeated)",
		read_volume, 0},
	{"read-only", NULL, "nothing in the root can be changed (volumes can)", flag_switch,
		offsetof(struct rootfs, read_only)},
	{},
};

int rootfs_add_volume(struct rootfs *rootfs, const struct mount *volume)
{
	struct mount *volumes =
		reallocarray(rootfs->volumes, rootfs->volume_count + 1, sizeof(*volumes));
	if (!volumes)
		return fail("out of memory");
	volumes[rootfs->volume_count++] = *volume;
	rootfs->volumes = volumes;
	return 0;
}

int rootfs_open(const char *path)
{
	step("open: the root %s", path);
	int root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return root >= 0 ? root : fail_errno();
}

/*
 * A new sysfs shows the network of this process's namespace, so it takes privilege over that one.
 * In a user namespace with the host's network, the host's /sys is the next best.
 */
static int add_sys(int root)
{
	const struct mount fresh = {.destination = "/sys", .type = "sysfs", .set = READ_ONLY};
	const struct mount hosts = {.destination = "/sys",
		.source = "/sys",
		.recursive = true,
		.set_below = MOUNT_ATTR_RDONLY};
	if (mount_add(&fresh, root) == 0)
		return 0;
	if (errno != EPERM)
		return -1;
	error_clear();
	return mount_add(&hosts, root);
}

static int add_dev(int root)
{
	/* Group 5 is "tty"; a user namespace with few ids does not have it. */
	const char *pts = userns_is_initial() ? "newinstance,ptmxmode=0666,mode=0620,gid=5"
					      : "newinstance,ptmxmode=0666,mode=0620";
	const struct mount dev[] = {
		{.destination = "/dev",
			.type = "tmpfs",
			.set = MOUNT_ATTR_NOSUID,
			.data = "mode=755,size=65536k"},
		{.destination = "/dev/pts",
			.type = "devpts",
			.data = pts,
			.set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC},
		{.destination = "/dev/shm",
			.type = "tmpfs",
			.data = "mode=1777,size=65536k",
			.set = GUARDED},
		{.destination = "/dev/mqueue", .type = "mqueue", .set = GUARDED},
	};
	for (size_t i = 0; i < sizeof(dev) / sizeof(*dev); i++)
		if (mount_add(&dev[i], root) < 0)
			return -1;
	for (const struct device *device = device_standard; device->path; device++)
		if (device_make(device, root) < 0)
			return -1;
	return device_make_links(root);
}

int rootfs_furnish(const struct rootfs *rootfs, int root)
{
	const struct mount proc = {.destination = "/proc", .type = "proc", .set = GUARDED};
	if (mount_add(&proc, root) < 0 || add_sys(root) < 0 || add_dev(root) < 0)
		return -1;
	for (size_t i = 0; i < rootfs->volume_count; i++)
		if (mount_add(&rootfs->volumes[i], root) < 0)
			return -1;
	if (!rootfs->read_only)
		return 0;
	step("mount_setattr: make the root read-only");
	return mount_change(root, "", MOUNT_ATTR_RDONLY, false);
}

/*
 * With "." for both places the old root lands on top of the new one, so no directory is needed to
 * put it in, and the unmount takes the upper of the two.
 */
int rootfs_pivot(int root)
{
	/* Task 3.1: go into the new root, which is open as @root, and make it the root mount:
	 * syscall(SYS_pivot_root, new root, place for the old one). Paths are looked up as ever, so
	 * a short one is enough for both.
	 */
	step("fchdir: into the new root");
	if (fchdir(root) < 0)
		return fail_errno();
	step("pivot_root: make it the root mount");
	if (syscall(SYS_pivot_root, ".", ".") < 0)
		return fail_errno();
	/* End of task 3.1. */
	/* Task 3.2: the old root lies on top of the new one now, with everything that is mounted in
	 * it, and is still in use. Let go of it.
	 *
	 * Until then: ;
	 */
	step("umount2: let go of the old root and all that is mounted in it");
	if (umount2(".", MNT_DETACH) < 0)
		return fail_errno();
	/* End of task 3.2. */
	step("chdir: /");
	if (chdir("/") < 0)
		return fail_errno();
	return 0;
}

int rootfs_close_inherited(const int *kept, size_t count)
{
	/* Task 3.5: an open directory of the host is a way out, whatever the root is. Close every
	 * file but 0, 1, 2 and those in @kept, which stand there in ascending order.
	 *
	 * Until then: return 0;
	 */
	unsigned first = STDERR_FILENO + 1;
	step("close_range: let go of all files that were open outside");
	for (size_t i = 0; i < count; i++) {
		if (kept[i] < (int)first)
			continue;
		unsigned keep = (unsigned)kept[i];
		if (keep > first && close_range(first, keep - 1, 0) < 0)
			return fail_errno();
		first = keep + 1;
	}
	if (close_range(first, UINT_MAX, 0) < 0)
		return fail_errno();
	/* End of task 3.5. */
	return 0;
}
