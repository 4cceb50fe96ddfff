/* A /proc, also where none is mounted: whoever may mount one can look at it. */
#ifndef COMPARE_PROBE_PROC_H
#define COMPARE_PROBE_PROC_H

#include <stddef.h>

/*
 * A directory that is the root of a proc filesystem: the one at /proc, or a new one that is
 * attached nowhere and goes with the process. Stays open. Returns -1 with errno when neither is to
 * be had.
 */
int proc_open(void);

/*
 * The file @path below it into @text, cut to @size, without the newline at its end. Returns its
 * length, or -1 with errno.
 */
int proc_read(const char *path, char *text, size_t size);

/* The value of a line of /proc/self/status ("CapEff"), or "" when there is no such line. */
const char *proc_status(const char *name);

#endif
