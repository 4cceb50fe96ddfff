/*
 * Resources that release themselves when their variable goes out of scope.
 *
 * A function that fails half way must not leak what it has opened so far. Instead of a chain of
 * gotos, a variable is declared with the way to release it:
 *
 *	_cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
 *
 * What shall outlive the function is handed over with steal_fd() or steal_pointer(), which leave
 * behind a value that needs no release.
 *
 * See "Common Variable Attributes", cleanup, in the GCC manual.
 */
#ifndef COMMON_CLEANUP_H
#define COMMON_CLEANUP_H

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void release_fd(const int *fd)
{
	/* A release must not hide the error that led to it. */
	int saved = errno;
	if (*fd >= 0)
		close(*fd);
	errno = saved;
}

static inline void release_memory(void *pointer)
{
	free(*(void **)pointer);
}

static inline void release_stream(FILE **stream)
{
	if (*stream)
		fclose(*stream);
}

static inline void release_directory(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

#define _cleanup_fd        __attribute__((cleanup(release_fd)))
#define _cleanup_free      __attribute__((cleanup(release_memory)))
#define _cleanup_stream    __attribute__((cleanup(release_stream)))
#define _cleanup_directory __attribute__((cleanup(release_directory)))

/* Hands a file descriptor over: returns it and leaves -1 behind. */
static inline int steal_fd(int *fd)
{
	int stolen = *fd;
	*fd = -1;
	return stolen;
}

/* Hands a pointer over: returns it and leaves NULL behind. */
#define steal_pointer(pointer)                                                                     \
	({                                                                                         \
		__auto_type stolen_ = *(pointer);                                                  \
		*(pointer) = NULL;                                                                 \
		stolen_;                                                                           \
	})

#endif
