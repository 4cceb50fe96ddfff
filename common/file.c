#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "error.h"
#include "step.h"
#include "text.h"

/* O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever. */
static int open_regular(int directory, const char *path, struct stat *info)
{
	step("open: %s", path);
	_cleanup_fd int fd = openat(directory, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, info) < 0)
		return fail_errno();
	if (!S_ISREG(info->st_mode))
		return fail("%s: expected a regular file, found a %s", path,
			S_ISDIR(info->st_mode)    ? "directory"
			: S_ISFIFO(info->st_mode) ? "FIFO"
						  : "device or socket");
	return steal_fd(&fd);
}

/* The end is found by reading, in steps that double from @room on. */
static char *read_to_end(int fd, const char *path, size_t room, size_t most, size_t *size)
{
	_cleanup_free char *content = NULL;
	size_t length = 0;
	for (;;) {
		if (length > most) {
			fail("%s: larger than %zu bytes", path, most);
			return NULL;
		}
		char *larger = realloc(content, room + 1);
		if (!larger) {
			fail("%s: out of memory", path);
			return NULL;
		}
		content = larger;
		ssize_t count = read(fd, content + length, room - length);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0) {
			step("read: %s", path);
			fail_errno();
			return NULL;
		}
		if (count == 0)
			break;
		length += (size_t)count;
		if (length == room)
			room *= 2;
	}
	content[length] = '\0';
	if (size)
		*size = length;
	return steal_pointer(&content);
}

/* The files of /proc have the size 0, those of /sys a page, whatever is in them. */
char *file_read(int directory, const char *path, size_t most, size_t *size)
{
	struct stat info;
	_cleanup_fd int fd = open_regular(directory, path, &info);
	if (fd < 0)
		return NULL;
	size_t room = info.st_size > 0 ? (size_t)info.st_size : 4096;
	return read_to_end(fd, path, (room < most ? room : most) + 1, most, size);
}

char *file_read_from(int fd, const char *path, size_t most, size_t *size)
{
	return read_to_end(fd, path, 4096, most, size);
}

static int write_all(int fd, const char *text)
{
	size_t length = strlen(text);
	while (length > 0) {
		ssize_t count = write(fd, text, length);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -1;
		text += count;
		length -= (size_t)count;
	}
	return 0;
}

int file_write(int directory, const char *path, const char *text)
{
	/* The text without the newlines at its end: they would tear the line of the step. */
	step("write: %.*s > %s", (int)strcspn(text, "\n"), text, path);
	_cleanup_fd int fd = openat(directory, path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 || write_all(fd, text) < 0)
		return fail_errno();
	return 0;
}

/* One of this name is left from a writer that was killed, or a trap: a link to what to overwrite.
 */
static int open_new(int directory, const char *path, mode_t mode)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
	int fd = openat(directory, path, flags, mode);
	if (fd >= 0 || errno != EEXIST || unlinkat(directory, path, 0) < 0)
		return fd;
	return openat(directory, path, flags, mode);
}

static int write_new(int directory, const char *path, const char *text, mode_t mode)
{
	_cleanup_fd int fd = open_new(directory, path, mode);
	if (fd < 0)
		return fail_errno();
	if (write_all(fd, text) == 0)
		return 0;
	fail_errno();
	unlinkat(directory, path, 0);
	return -1;
}

static int replace(int directory, const char *path, const char *suffix, const char *text,
	mode_t mode, unsigned flags)
{
	_cleanup_free char *temporary = text_format("%s%s", path, suffix);
	if (!temporary)
		return -1;
	step("write: %s", path);
	if (write_new(directory, temporary, text, mode) < 0)
		return -1;
	/* There may be nothing to exchange with, and not every filesystem can. */
	if (renameat2(directory, temporary, directory, path, flags) == 0 ||
		(flags && renameat(directory, temporary, directory, path) == 0))
		return 0;
	fail_errno();
	unlinkat(directory, temporary, 0);
	return -1;
}

int file_replace(int directory, const char *path, const char *text, mode_t mode)
{
	return replace(directory, path, ".new", text, mode, 0);
}

int file_replace_keeping(int directory, const char *path, const char *text, mode_t mode)
{
	return replace(directory, path, ".before", text, mode, RENAME_EXCHANGE);
}

bool file_exists(int directory, const char *path)
{
	return faccessat(directory, path, F_OK, 0) == 0 ||
	       (errno != ENOENT && errno != ENOTDIR && errno != EACCES);
}

int directory_make(const char *path, mode_t mode)
{
	char partial[PATH_MAX];
	if (snprintf(partial, sizeof(partial), "%s", path) >= (int)sizeof(partial))
		return fail("%s: the path is too long", path);
	step("mkdir: %s", path);
	for (char *slash = strchr(partial + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(partial, mode) < 0 && errno != EEXIST)
			return fail_errno();
		*slash = '/';
	}
	if (mkdir(partial, mode) < 0 && errno != EEXIST)
		return fail_errno();
	return 0;
}
