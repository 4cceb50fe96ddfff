/*
 * What is outside: how a probe inside knows that what it sees is the host's.
 *
 * Before a probe is run anywhere, one is started on the host, "probe --outside DIRECTORY". It is
 * the stand-in for all that a host has: a process, sockets, shared memory, a disk, a mount, a file
 * that must not be found. It writes the marks of these, and of the host itself, into
 * DIRECTORY/host, a line each, "NAME VALUE", and stays until whoever started it has gone; with it
 * goes what it made. A copy of that file lies beside the probe inside, as "probe.host".
 *
 * What needs root for being made is left out without it. A probe without the file (run by hand) has
 * no answer to the questions that need it.
 */
#ifndef COMPARE_PROBE_OUTSIDE_H
#define COMPARE_PROBE_OUTSIDE_H

#include <stdbool.h>

/* The mark @name, or NULL when there is none. */
const char *outside(const char *name);

/* Reads the file beside the program. That there is none is no error. */
void outside_read(void);

/* The path of @name in the directory of the program: the top of the image, or its place outside. */
const char *image_path(const char *name);

/* Whether the open @file is in the image itself: a layer above it has another device. */
bool is_in_image(int file);

/*
 * Whether the process's namespace @name ("net") is the host's: 1 or 0, or -1 when that cannot be
 * told. See namespaces(7).
 */
int is_hosts_namespace(const char *name);

/* The number of this process's session keyring, or -1 with errno. See keyctl(2). */
int session_keyring(void);

/* Runs @command in a session of its own, with an empty keyring. Returns only what a shell would. */
int outside_session(char *const command[]);

/* Plays the host, as said above. Prints "ready" when all is there. Returns the exit status. */
int outside_play(const char *directory);

#endif
