/*
 * A device node is two numbers that select a driver in the kernel; it can stand in any directory.
 * That makes it dangerous, too: the node of a disk opens the whole disk, whatever rootfs it lies
 * in. So /dev is a fresh tmpfs with just the harmless ones.
 */
#include "3-rootfs/device.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "2-namespaces/userns.h"
#include "3-rootfs/inside.h"
#include "3-rootfs/mount.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"
#include "common/text.h"

const struct device device_standard[] = {
	{"/dev/null", S_IFCHR, 1, 3, 0666, 0, 0},
	{"/dev/zero", S_IFCHR, 1, 5, 0666, 0, 0},
	{"/dev/full", S_IFCHR, 1, 7, 0666, 0, 0},
	{"/dev/random", S_IFCHR, 1, 8, 0666, 0, 0},
	{"/dev/urandom", S_IFCHR, 1, 9, 0666, 0, 0},
	{"/dev/tty", S_IFCHR, 5, 0, 0666, 0, 0},
	{},
};

static dev_t number_of(const struct device *device)
{
	return makedev(device->major, device->minor);
}

static bool matches(const struct stat *info, const struct device *device)
{
	return (info->st_mode & S_IFMT) == device->type &&
	       (device->type == S_IFIFO || info->st_rdev == number_of(device));
}

static bool is_node(const char *path, const struct device *device)
{
	struct stat info;
	return stat(path, &info) == 0 && matches(&info, device);
}

/* An empty file is what a bind mount of an earlier run was attached to. */
static int check_place(const struct device *device, int root)
{
	struct stat info;
	_cleanup_fd int place = inside_open(root, device->path, O_PATH);
	if (place < 0)
		return errno == ENOENT ? 0 : fail_errno();
	if (fstat(place, &info) < 0)
		return fail_errno();
	if (!matches(&info, device) && (!S_ISREG(info.st_mode) || info.st_size > 0))
		return fail("%s: something else is there already", device->path);
	return 0;
}

/* The host's name for the device, in fresh memory; NULL, without an error set: it has none. */
static char *name_on_host(const struct device *device)
{
	char file[64];
	snprintf(file, sizeof(file), "/sys/dev/%s/%u:%u/uevent",
		device->type == S_IFBLK ? "block" : "char", device->major, device->minor);
	if (!file_exists(AT_FDCWD, file))
		return NULL;
	_cleanup_free char *properties = file_read(AT_FDCWD, file, 65536, NULL);
	const char *name = properties ? strstr(properties, "DEVNAME=") : NULL;
	if (!name)
		return NULL;
	name += strlen("DEVNAME=");
	return text_format("/dev/%.*s", (int)strcspn(name, "\n"), name);
}

static int bind_from_host(const struct device *device, int root)
{
	bool same = is_node(device->path, device);
	_cleanup_free char *other = same ? NULL : name_on_host(device);
	const char *source = same ? device->path : other;
	const struct mount bind = {.source = source, .destination = device->path};
	step("stat: the host's node of device %u:%u", device->major, device->minor);
	if (!source || !is_node(source, device)) {
		fail("%s: this host has no node of device %u:%u to show", device->path,
			device->major, device->minor);
		return fail_hint("in a user namespace the kernel makes no device nodes");
	}
	return check_place(device, root) < 0 ? -1 : mount_add(&bind, root);
}

/* Whether what is there already is the very node that was asked for. */
static int check_existing(const struct device *device, int parent, const char *name)
{
	struct stat info;
	if (fstatat(parent, name, &info, AT_SYMLINK_NOFOLLOW) < 0)
		return fail_errno();
	if (!matches(&info, device))
		return fail("%s: something else is there already", device->path);
	return 0;
}

/*
 * The kernel lets nobody in a user namespace make a device, also where it has all ids of the
 * host's; and there it may be bound already.
 */
static bool must_be_bound(const struct device *device, int error)
{
	return device->type != S_IFIFO &&
	       (error == EPERM || (error == EEXIST && !userns_is_initial()));
}

int device_make(const struct device *device, int root)
{
	const char *name;
	_cleanup_fd int parent = inside_make_parent(root, device->path, &name);
	if (parent < 0)
		return -1;
	step("mknod: %s (%u:%u)", device->path, device->major, device->minor);
	mode_t umask_before = umask(0);
	int made = mknodat(parent, name, device->type | device->mode, number_of(device));
	int error = errno;
	umask(umask_before);
	if (made < 0 && must_be_bound(device, error))
		return bind_from_host(device, root);
	errno = error;
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
