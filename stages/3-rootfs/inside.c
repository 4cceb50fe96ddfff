/*
 * While the root is built, this process still has the host's root directory, and the rootfs may
 * hold anything: a link /etc -> /../../../etc, a link /dev -> /proc/1/root/dev. Followed by the
 * host's rules, such a path leads out, and root would mount or write there.
 *
 * What must hold: no path of the rootfs is ever resolved by the host's rules. openat2(2) follows
 * links with a given directory as "/", in one step, so that nobody can exchange a component between
 * a check and its use. What was found is then used by its fd, never again by its path.
 */
#include "3-rootfs/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"

static int open_by_rules(int root, const char *path, int flags, uint64_t rules)
{
	enum { TRIES_MOST = 10000 };
	struct open_how how = {
		.flags = (unsigned)flags | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | rules,
	};
	int fd, tries = 0;
	/*
	 * EAGAIN: something was renamed meanwhile, and the kernel cannot vouch for the result. Who
	 * renames without end shall not keep us here.
	 */
	do
		fd = (int)syscall(SYS_openat2, root, *path ? path : ".", &how, sizeof(how));
	while (fd < 0 && errno == EAGAIN && ++tries < TRIES_MOST);
	return fd;
}

int inside_open(int root, const char *path, int flags)
{
	return open_by_rules(root, path, flags, 0);
}

int inside_open_plain(int root, const char *path, int flags)
{
	return open_by_rules(root, path, flags, RESOLVE_NO_SYMLINKS);
}

/* The length of @path without its last component, and without slashes at its end. */
static size_t parent_length(const char *path)
{
	size_t length = strlen(path);
	while (length > 0 && path[length - 1] == '/')
		length--;
	while (length > 0 && path[length - 1] != '/')
		length--;
	return length;
}

static int missing(const char *path)
{
	step("openat2: %s, inside the rootfs", path);
	return fail_errno();
}

/* Goes down @path; each component that is missing is made in the directory before it. */
int inside_make_directory(int root, const char *path)
{
	int found = inside_open(root, path, O_PATH | O_DIRECTORY);
	if (found >= 0 || errno != ENOENT)
		return found >= 0 ? found : missing(path);
	const char *name;
	_cleanup_fd int parent = inside_make_parent(root, path, &name);
	if (parent < 0)
		return -1;
	char last[NAME_MAX + 1];
	snprintf(last, sizeof(last), "%.*s", (int)strcspn(name, "/"), name);
	step("mkdir: %s, inside the rootfs", path);
	if (mkdirat(parent, last, 0755) < 0 && errno != EEXIST)
		return fail_errno();
	found = inside_open(root, path, O_PATH | O_DIRECTORY);
	return found >= 0 ? found : missing(path);
}

int inside_make_parent(int root, const char *path, const char **name)
{
	size_t length = parent_length(path);
	char parent[PATH_MAX];
	if (length >= sizeof(parent))
		return fail("%s: the path is too long", path);
	snprintf(parent, sizeof(parent), "%.*s", (int)length, path);
	*name = path + length;
	if (strspn(parent, "/") == length)
		return inside_make_directory(root, ".");
	return inside_make_directory(root, parent);
}

int inside_make_file(int root, const char *path)
{
	int found = inside_open(root, path, O_PATH);
	if (found >= 0 || errno != ENOENT)
		return found >= 0 ? found : missing(path);
	const char *name;
	_cleanup_fd int parent = inside_make_parent(root, path, &name);
	if (parent < 0)
		return -1;
	step("open: make the empty file %s, inside the rootfs", path);
	_cleanup_fd int made =
		openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (made < 0 && errno != EEXIST)
		return fail_errno();
	found = inside_open(root, path, O_PATH);
	return found >= 0 ? found : missing(path);
}
