/* A file descriptor for somebody else: a terminal's master side, or a process. */
#ifndef STAGE7_CONSOLE_H
#define STAGE7_CONSOLE_H

/*
 * Connects to the Unix socket @path, which @property (or a flag) names, and sends it the file
 * descriptor @fd, which is @what in errors, with @text beside it. Who does not accept, or does not
 * read, is not waited for longer than some seconds. Returns 0, or -1 with the error set. See
 * unix(7).
 */
int console_send(const char *property, const char *path, const char *what, const char *text,
	int fd);

#endif
