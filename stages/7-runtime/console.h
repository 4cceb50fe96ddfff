/* A file descriptor for somebody else: a terminal's master side, or a process. */
#ifndef STAGE7_CONSOLE_H
#define STAGE7_CONSOLE_H

/*
 * Connects to the Unix socket @path of @who ("socket", in errors). Who does not accept is not
 * waited for longer than some seconds. Returns a fd, or -1 with the error set. See unix(7).
 */
int console_connect(const char *who, const char *path);

/*
 * Connects to the Unix socket @path and sends it the file descriptor @fd, with the name @name
 * beside it, as engines expect it of --console-socket. Returns 0, or -1 with the error set.
 */
int console_send(const char *path, const char *name, int fd);

#endif
