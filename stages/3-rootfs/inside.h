/* Paths inside a root directory whose content is not trusted. */
#ifndef STAGE3_INSIDE_H
#define STAGE3_INSIDE_H

#include <sys/types.h>

/*
 * Opens @path inside the directory @root with the flags @flags of open(2) (O_CLOEXEC is added).
 * Symbolic links and ".." are followed as a process would follow them that has @root as its root
 * directory; magic links of /proc are not followed at all. Returns a fd, or -1 with errno set and
 * NO error set, since a path that is missing is often no error. See RESOLVE_IN_ROOT in openat2(2).
 */
int inside_open(int root, const char *path, int flags);

/* The same, but a symbolic link anywhere in @path is an error, ELOOP. */
int inside_open_plain(int root, const char *path, int flags);

/*
 * The same for a path that shall exist: what is missing of it is made first, directories down to a
 * directory (mode 0755) or, for inside_make_file, down to an empty file (mode 0644). Returns an
 * O_PATH fd, or -1 with the error set.
 */
int inside_make_directory(int root, const char *path);
int inside_make_file(int root, const char *path);

/*
 * The directory that holds @path, made as above, for a caller that will make the last component
 * itself (a device node, a link); *@name points at that component within @path. Returns an O_PATH
 * fd, or -1 with the error set.
 */
int inside_make_parent(int root, const char *path, const char **name);

#endif
