/*
 * A copy of a directory, as "cp -a" makes it, of a directory that may hold anything.
 *
 * What must hold: the source is hostile. Every entry is opened in the directory that was opened
 * before it, and no link is followed; a file that is exchanged for another in between is noticed. A
 * mount in the source is left alone: below it may be anything, /proc for one. The copy is not
 * attached yet, so nobody else can reach it, and there paths may be used.
 */
#include "7-runtime/mounts/copy_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"
#include "common/text.h"

/* Where a file with several names was copied to first. */
struct copied {
	dev_t device;
	ino_t inode;
	char *path;
};

struct copy {
	int top; /* of the copy */
	uint64_t mount;
	void *files; /* a tree of struct copied: tsearch(3) */
};

/* A directory of the source, the same in the copy, and its path there. */
struct place {
	int from, to;
	const char *path;
};

static int copy_directory(struct copy *copy, const struct place *place);

/* --- what a file has beside its content ------------------------------------------------------- */

/* A tmpfs has no user attributes before Linux 6.6; whoever cannot keep one is not stopped by it. */
static int copy_attribute(int from, int to, const char *name)
{
	ssize_t size = fgetxattr(from, name, NULL, 0);
	_cleanup_free char *value = size >= 0 ? malloc((size_t)size + 1) : NULL;
	if (value)
		size = fgetxattr(from, name, value, (size_t)size);
	if (!value || size < 0)
		return fail_errno();
	if (fsetxattr(to, name, value, (size_t)size, 0) < 0 && errno != ENOTSUP)
		return fail_errno();
	return 0;
}

static int copy_attributes(int from, int to)
{
	ssize_t size = flistxattr(from, NULL, 0);
	if (size <= 0)
		return size < 0 && errno != ENOTSUP ? fail_errno() : 0;
	_cleanup_free char *names = calloc((size_t)size + 1, 1);
	if (!names || flistxattr(from, names, (size_t)size) < 0)
		return fail_errno();
	for (const char *name = names; *name; name += strlen(name) + 1)
		if (copy_attribute(from, to, name) < 0)
			return -1;
	return 0;
}

/* An id that this user namespace does not have cannot be given; the file stays root's then. */
static int copy_owner(int directory, const char *name, const struct stat *info)
{
	if (fchownat(directory, name, info->st_uid, info->st_gid,
		    AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) < 0 &&
		errno != EINVAL)
		return fail_errno();
	return 0;
}

static int copy_times(int directory, const char *name, const struct stat *info)
{
	const struct timespec times[] = {info->st_atim, info->st_mtim};
	if (utimensat(directory, name, times, AT_SYMLINK_NOFOLLOW) < 0)
		return fail_errno();
	return 0;
}

int copy_metadata(int from, int to, const struct stat *info)
{
	/* The mode after the owner, whose change takes set-user-ID away, and capabilities. */
	if (copy_owner(to, "", info) < 0)
		return -1;
	if (fchmod(to, info->st_mode & 07777) < 0)
		return fail_errno();
	return copy_attributes(from, to);
}

/* --- the kinds of files ----------------------------------------------------------------------- */

/* What lies between two holes. Two kinds of filesystems: copy_file_range(2) would say EXDEV. */
static int copy_data(int from, int to, off_t size)
{
	for (off_t start = lseek(from, 0, SEEK_DATA); start >= 0;
		start = lseek(from, start, SEEK_DATA)) {
		off_t end = lseek(from, start, SEEK_HOLE);
		if (end < 0 || lseek(to, start, SEEK_SET) < 0)
			return fail_errno();
		while (start < end) {
			ssize_t count = sendfile(to, from, &start, (size_t)(end - start));
			if (count < 0)
				return fail_errno();
			if (count == 0)
				break; /* it has become shorter */
		}
	}
	/* After the last data: ENXIO. */
	if (errno != ENXIO || ftruncate(to, size) < 0)
		return fail_errno();
	return 0;
}

static int copy_file(const struct place *place, const char *name, const struct stat *info)
{
	struct stat opened;
	_cleanup_fd int from = openat(place->from, name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (from < 0 || fstat(from, &opened) < 0)
		return fail_errno();
	if (opened.st_ino != info->st_ino || opened.st_dev != info->st_dev)
		return fail("%s: exchanged while it was copied", name);
	_cleanup_fd int to = openat(place->to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (to < 0)
		return fail_errno();
	return copy_data(from, to, info->st_size) < 0 ? -1 : copy_metadata(from, to, info);
}

static int copy_link(const struct place *place, const char *name, const struct stat *info)
{
	char target[PATH_MAX];
	ssize_t length = readlinkat(place->from, name, target, sizeof(target) - 1);
	if (length < 0)
		return fail_errno();
	target[length] = '\0';
	if (symlinkat(target, place->to, name) < 0)
		return fail_errno();
	return copy_owner(place->to, name, info);
}

/* In a user namespace the kernel makes no device nodes, and would let nobody open one. */
static int copy_node(const struct place *place, const char *name, const struct stat *info)
{
	bool device = S_ISCHR(info->st_mode) || S_ISBLK(info->st_mode);
	if (mknodat(place->to, name, info->st_mode & S_IFMT, info->st_rdev) < 0)
		return device && errno == EPERM ? 0 : fail_errno();
	if (copy_owner(place->to, name, info) < 0)
		return -1;
	if (fchmodat(place->to, name, info->st_mode & 07777, 0) < 0)
		return fail_errno();
	return copy_times(place->to, name, info);
}

static int copy_subdirectory(struct copy *copy, const struct place *place, const char *name,
	const struct stat *info)
{
	struct stat opened;
	_cleanup_fd int from =
		openat(place->from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (from < 0 || fstat(from, &opened) < 0)
		return fail_errno();
	if (opened.st_ino != info->st_ino || opened.st_dev != info->st_dev)
		return fail("%s: exchanged while it was copied", name);
	if (mkdirat(place->to, name, 0700) < 0)
		return fail_errno();
	_cleanup_fd int to = openat(place->to, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_cleanup_free char *path = text_format("%s%s/", place->path, name);
	if (to < 0 || !path)
		return fail_errno();
	if (strlen(path) >= PATH_MAX)
		return fail("%.32s...: the directories are nested too deep to be copied", path);
	if (copy_directory(copy, &(struct place){from, to, path}) < 0)
		return -1;
	return copy_metadata(from, to, info);
}

/* --- the tree --------------------------------------------------------------------------------- */

static int compare(const void *one, const void *other)
{
	const struct copied *a = one, *b = other;
	if (a->inode != b->inode)
		return a->inode < b->inode ? -1 : 1;
	return a->device == b->device ? 0 : a->device < b->device ? -1 : 1;
}

static void forget(void *file)
{
	free(((struct copied *)file)->path);
	free(file);
}

/* Whether it was copied by another of its names already; then that is linked to. */
static int link_again(const struct copy *copy, const struct place *place, const char *name,
	const struct stat *info)
{
	const struct copied wanted = {info->st_dev, info->st_ino, NULL};
	struct copied **found = tfind(&wanted, &copy->files, compare);
	if (!found)
		return 0;
	return linkat(copy->top, (*found)->path, place->to, name, 0) < 0 ? fail_errno() : 1;
}

static int remember(struct copy *copy, const struct place *place, const char *name,
	const struct stat *info)
{
	struct copied *file = calloc(1, sizeof(*file));
	char *path = text_format("%s%s", place->path, name);
	if (file)
		*file = (struct copied){info->st_dev, info->st_ino, path};
	if (file && path && tsearch(file, &copy->files, compare))
		return 0;
	free(path);
	free(file);
	return fail("out of memory");
}

/* On an overlay a file and its directory may show two devices; the mount is one. */
static int is_mounted_on(const struct copy *copy, const struct place *place, const char *name)
{
	struct statx info;
	if (statx(place->from, name, AT_SYMLINK_NOFOLLOW, STATX_MNT_ID, &info) < 0)
		return fail_errno();
	return info.stx_mnt_id != copy->mount;
}

/* A place where something is mounted: only that there is a file, or a directory. */
static int copy_mount_point(const struct place *place, const char *name, const struct stat *info)
{
	if (S_ISDIR(info->st_mode))
		return mkdirat(place->to, name, 0755) < 0 ? fail_errno() : 0;
	return mknodat(place->to, name, S_IFREG | 0644, 0) < 0 ? fail_errno() : 0;
}

static int copy_content(struct copy *copy, const struct place *place, const char *name,
	const struct stat *info)
{
	switch (info->st_mode & S_IFMT) {
	case S_IFDIR:
		return copy_subdirectory(copy, place, name, info);
	case S_IFREG:
		return copy_file(place, name, info);
	case S_IFLNK:
		return copy_link(place, name, info);
	default:
		return copy_node(place, name, info);
	}
}

static int copy_entry(struct copy *copy, const struct place *place, const char *name)
{
	struct stat info;
	if (fstatat(place->from, name, &info, AT_SYMLINK_NOFOLLOW) < 0)
		return fail_errno();
	int elsewhere = is_mounted_on(copy, place, name);
	if (elsewhere != 0)
		return elsewhere < 0 ? -1 : copy_mount_point(place, name, &info);
	bool several = info.st_nlink > 1 && !S_ISDIR(info.st_mode);
	int linked = several ? link_again(copy, place, name, &info) : 0;
	if (linked != 0)
		return linked < 0 ? -1 : 0;
	if (copy_content(copy, place, name, &info) < 0 ||
		(several && remember(copy, place, name, &info) < 0))
		return -1;
	return S_ISREG(info.st_mode) || S_ISDIR(info.st_mode) || S_ISLNK(info.st_mode)
		       ? copy_times(place->to, name, &info)
		       : 0;
}

static int copy_directory(struct copy *copy, const struct place *place)
{
	int listed = fcntl(place->from, F_DUPFD_CLOEXEC, 0);
	_cleanup_directory DIR *directory = listed < 0 ? NULL : fdopendir(listed);
	if (!directory)
		return fail_errno();
	for (;;) {
		errno = 0;
		const struct dirent *entry = readdir(directory);
		if (!entry)
			return errno ? fail_errno() : 0;
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
			copy_entry(copy, place, entry->d_name) < 0)
			return -1;
	}
}

int copy_tree(int from, int to)
{
	struct statx info;
	if (statx(from, "", AT_EMPTY_PATH, STATX_MNT_ID, &info) < 0)
		return fail_errno();
	struct copy copy = {.top = to, .mount = info.stx_mnt_id};
	int result = copy_directory(&copy, &(struct place){from, to, ""});
	tdestroy(copy.files, forget);
	return result;
}
