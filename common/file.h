/* Whole files at once: read, write, look whether one is there. */
#ifndef COMMON_FILE_H
#define COMMON_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Reads the file @path, relative to the directory @directory (AT_FDCWD for the working directory),
 * into fresh memory that ends with a NUL beyond its @size (may be NULL); free it. A file larger
 * than @most bytes is refused; so is, without being read, one that is no regular file on a disk or
 * in /proc or /sys (a FIFO, a device, a directory). Returns NULL with the error set.
 */
char *file_read(int directory, const char *path, size_t most, size_t *size);

/* The same from @fd, whatever that is, to its end. @path is what errors shall call it. */
char *file_read_from(int fd, const char *path, size_t most, size_t *size);

/*
 * Writes @text into the existing file @path in one write(2), as the files of /proc and
 * /sys/fs/cgroup want it. Returns 0, or -1 with the error set (and errno from open or write).
 */
int file_write(int directory, const char *path, const char *text);

/*
 * Replaces the file @path by one with the content @text and the permissions @mode: writes a
 * temporary one beside it, and renames it, so that nobody ever sees half of it. See rename(2).
 */
int file_replace(int directory, const char *path, const char *text, mode_t mode);

/* The same; the file as it was before, where there was one, is kept beside it as PATH.before. */
int file_replace_keeping(int directory, const char *path, const char *text, mode_t mode);

/*
 * Whether the file exists (a dangling symbolic link does not). One that the kernel cannot say this
 * of counts as there: who goes on with it fails, and nobody leaves out what is owed to it.
 */
bool file_exists(int directory, const char *path);

/* Makes the directory @path with all that is missing above it. See mkdir(2). */
int directory_make(const char *path, mode_t mode);

#endif
