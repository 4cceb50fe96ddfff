/*
 * A device node is two numbers that select a driver in the kernel; it can stand in any directory.
 * That makes it dangerous, too: the node of a disk opens the whole disk, whatever rootfs it lies
 * in. So /dev is a fresh tmpfs with just the harmless ones.
 */
#include "3-rootfs/device.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "2-namespaces/userns.h"
#include "3-rootfs/inside.h"
#include "3-rootfs/mount.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"

const struct device device_standard[] = {
	{"/dev/null", S_IFCHR, 1, 3, 0666, 0, 0},
	{"/dev/zero", S_IFCHR, 1, 5, 0666, 0, 0},
	{"/dev/full", S_IFCHR, 1, 7, 0666, 0, 0},
	{"/dev/random", S_IFCHR, 1, 8, 0666, 0, 0},
	{"/dev/urandom", S_IFCHR, 1, 9, 0666, 0, 0},
	{"/dev/tty", S_IFCHR, 5, 0, 0666, 0, 0},
	{},
};

static int bind_from_host(const struct device *device, int root)
{
	const struct mount bind = {.source = device->path, .destination = device->path};
	return mount_add(&bind, root);
}

/* Whether what is there already is the very node that was asked for. */
static int check_existing(const struct device *device, int parent, const char *name)
{
	struct stat info;
	if (fstatat(parent, name, &info, AT_SYMLINK_NOFOLLOW) < 0)
		return fail_errno();
	dev_t wanted = makedev(device->major, device->minor);
	if ((info.st_mode & S_IFMT) != device->type ||
		(device->type != S_IFIFO && info.st_rdev != wanted))
		return fail("%s: something else is there already", device->path);
	return 0;
}

int device_make(const struct device *device, int root)
{
	if (!userns_is_initial() && device->type != S_IFIFO)
		return bind_from_host(device, root);
	const char *name;
	_cleanup_fd int parent = inside_make_parent(root, device->path, &name);
	if (parent < 0)
		return -1;
	step("mknod: %s (%u:%u)", device->path, device->major, device->minor);
	mode_t umask_before = umask(0);
	int made = mknodat(parent, name, device->type | device->mode,
		makedev(device->major, device->minor));
	umask(umask_before);
	if (made < 0)
		return errno == EEXIST ? check_existing(device, parent, name) : fail_errno();
	if (fchownat(parent, name, device->uid, device->gid, AT_SYMLINK_NOFOLLOW) < 0)
		return fail_errno();
	return 0;
}

int device_make_links(int root)
{
	static const struct {
		const char *name, *target;
	} links[] = {
		{"fd", "/proc/self/fd"},
		{"stdin", "/proc/self/fd/0"},
		{"stdout", "/proc/self/fd/1"},
		{"stderr", "/proc/self/fd/2"},
		{"ptmx", "pts/ptmx"},
	};
	_cleanup_fd int dev = inside_make_directory(root, "/dev");
	if (dev < 0)
		return -1;
	step("symlink: /dev/fd, stdin, stdout, stderr, ptmx");
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		if (symlinkat(links[i].target, dev, links[i].name) < 0 && errno != EEXIST)
			return fail_errno();
	return 0;
}
