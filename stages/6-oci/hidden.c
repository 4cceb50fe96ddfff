/*
 * Some files of /proc and /sys say more than a container shall know, or do more than it may. They
 * are covered, by nothing or by a read-only copy of themselves.
 *
 * What must hold: what is to be hidden is hidden wherever its mount is by now. So the way to it
 * starts at the top of that mount, and not in the rootfs, which others may change meanwhile.
 */
#include "6-oci/hidden.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "3-rootfs/inside.h"
#include "3-rootfs/mount.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"

/* Where the paths are looked up. */
struct hiding {
	const struct config *config;
	int root;
	const int *tops;
};

/* A file is hidden behind /dev/null, a directory behind an empty tmpfs. */
static int mask(int place, const char *path)
{
	struct stat info;
	step("fstat: %s", path);
	if (fstat(place, &info) < 0)
		return fail_errno();
	/* Task 6.6: hide what is at @place, a directory behind an empty tmpfs that is read-only,
	 * anything else behind the host's /dev/null. Each is a struct mount for mount_make(), and
	 * goes to @place by mount_attach_at(). Something else under the name /dev/null would show,
	 * and take what is written (CVE-2025-31133): refuse what is not the device 1:3.
	 */
	const struct mount empty = {.destination = path,
		.type = "tmpfs",
		.set = MOUNT_ATTR_RDONLY,
		.data = "size=0k,mode=0755"};
	const struct mount null = {.destination = path, .source = "/dev/null"};
	bool directory = S_ISDIR(info.st_mode);
	_cleanup_fd int tree = mount_make(directory ? &empty : &null);
	if (tree < 0)
		return -1;
	if (!directory &&
		(fstat(tree, &info) < 0 || !S_ISCHR(info.st_mode) || info.st_rdev != makedev(1, 3)))
		return fail("%s: the host's /dev/null is not the null device", path);
	return mount_attach_at(tree, place, path);
	/* End of task 6.6. */
}

static int make_read_only(int place, const char *path)
{
	struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
	step("open_tree: a read-only copy of the mount at %s", path);
	_cleanup_fd int tree = open_tree(place, "",
		AT_EMPTY_PATH | AT_RECURSIVE | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (tree < 0 || mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes,
				sizeof(attributes)) < 0)
		return fail_errno();
	return mount_attach_at(tree, place, path);
}

/* The rest of @path, if it is below the directory @above; NULL: it is not, or is that itself. */
static const char *rest_below(const char *path, const char *above)
{
	for (;;) {
		path += strspn(path, "/");
		above += strspn(above, "/");
		size_t length = strcspn(above, "/");
		if (length == 0)
			return *path ? path : NULL;
		if (strncmp(path, above, length) != 0 || (path[length] != '/' && path[length]))
			return NULL;
		path += length;
		above += length;
	}
}

/* What the rootfs is made of may be moved meanwhile; from the top of a mount the way is the same.
 */
static int open_path(const struct hiding *hiding, const char *path)
{
	const struct config_mount *mounts = hiding->config->mounts.items;
	step("openat2: %s, inside the rootfs", path);
	for (size_t i = hiding->config->mounts.count; i > 0; i--) {
		const char *rest = rest_below(path, mounts[i - 1].destination);
		if (rest && hiding->tops[i - 1] >= 0)
			return inside_open(hiding->tops[i - 1], rest, O_PATH);
		if (rest)
			break;
	}
	return inside_open(hiding->root, path, O_PATH);
}

/* Kernels differ in what they have in /proc; a path that is not there needs no hiding. */
static int for_each_path(const struct config_strings *paths, const char *property,
	const struct hiding *hiding, int (*change)(int place, const char *path))
{
	for (size_t i = 0; i < paths->count; i++) {
		step_for("%s[%zu]", property, i);
		_cleanup_fd int place = open_path(hiding, paths->items[i]);
		if (place < 0 && errno != ENOENT && errno != ENOTDIR)
			return fail_errno();
		if (place >= 0 && change(place, paths->items[i]) < 0)
			return -1;
	}
	return 0;
}

int hide_paths(const struct config *config, int root, const int *tops)
{
	const struct hiding hiding = {config, root, tops};
	if (for_each_path(&config->linux.masked_paths, "linux.maskedPaths", &hiding, mask) < 0)
		return -1;
	return for_each_path(&config->linux.readonly_paths, "linux.readonlyPaths", &hiding,
		make_read_only);
}
