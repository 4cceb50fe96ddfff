/*
 * Images keep things in directories that a container shall have in memory: /var/cache with its
 * index, /etc of a read-only root. An empty tmpfs would hide them.
 *
 * What must hold: the copy is complete before the tmpfs is attached. A container that sees it sees
 * all of it.
 */
#include "7-runtime/mounts/copy_up.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "3-rootfs/inside.h"
#include "7-runtime/mounts/copy_tree.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"

/* Whether the options say what the top of the tmpfs shall have for @name: "mode", "uid". */
static bool says(const struct mount *mount, const char *name)
{
	size_t length = strlen(name);
	for (const char *option = mount->data; option; option = strchr(option, ',')) {
		option += *option == ',';
		if (!strncmp(option, name, length) && option[length] == '=')
			return true;
	}
	return false;
}

/* The top takes after the directory that it covers. */
static int copy_top(const struct mount *mount, int from, int top)
{
	struct stat theirs, ours;
	if (fstat(from, &theirs) < 0 || fstat(top, &ours) < 0)
		return fail_errno();
	if (says(mount, "uid"))
		theirs.st_uid = ours.st_uid;
	if (says(mount, "gid"))
		theirs.st_gid = ours.st_gid;
	if (says(mount, "mode"))
		theirs.st_mode = ours.st_mode;
	if (copy_metadata(from, top, &theirs) < 0)
		return -1;
	const struct timespec times[] = {theirs.st_atim, theirs.st_mtim};
	return futimens(top, times) < 0 ? fail_errno() : 0;
}

static int fill(const struct mount *mount, int from, int tree)
{
	step("openat: the new tmpfs for %s", mount->destination);
	_cleanup_fd int top = openat(tree, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (top < 0)
		return fail_errno();
	step("sendfile: copy what is at %s into the tmpfs that will cover it", mount->destination);
	return copy_tree(from, top) < 0 ? -1 : copy_top(mount, from, top);
}

int copy_up_make(const struct mount *mount, int root)
{
	/* Nobody can write to what is read-only, not even for a start. */
	struct mount writable = *mount;
	uint64_t all = mount->set | mount->set_below;
	writable.set &= ~(uint64_t)MOUNT_ATTR_RDONLY;
	writable.set_below &= ~(uint64_t)MOUNT_ATTR_RDONLY;
	_cleanup_fd int tree = mount_make(&writable);
	if (tree < 0)
		return -1;
	step("openat2: %s, inside the rootfs", mount->destination);
	_cleanup_fd int from = inside_open(root, mount->destination, O_RDONLY | O_DIRECTORY);
	if (from < 0 && errno != ENOENT)
		return fail_errno();
	if (from >= 0 && fill(mount, from, tree) < 0)
		return -1;
	step("mount_setattr: make the copy for %s read-only", mount->destination);
	if (all & MOUNT_ATTR_RDONLY && mount_change(tree, "", MOUNT_ATTR_RDONLY, false) < 0)
		return -1;
	return steal_fd(&tree);
}
