/* The terminal of a container that somebody else looks after. */
#ifndef STAGE7_CONSOLE_H
#define STAGE7_CONSOLE_H

/*
 * Connects to the Unix socket @path and sends it the file descriptor @master, with the name of the
 * file beside it, as engines expect it of --console-socket. Returns 0, or -1 with the error set.
 */
int console_send(const char *path, int master);

#endif
