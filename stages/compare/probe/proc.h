/* A /proc, also where none is mounted: whoever may mount one can look at it. */
#ifndef COMPARE_PROBE_PROC_H
#define COMPARE_PROBE_PROC_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A directory that is the root of a proc filesystem: the one at /proc, or a new one that is
 * attached nowhere and goes with the process. Stays open. Returns -1 with errno when neither is to
 * be had.
 */
int proc_open(void);

/* Whether it had to be mounted: whoever looks at /proc sees nothing of it. */
bool proc_is_hidden(void);

/*
 * A new filesystem of the kernel's ("sysfs"), with the option @flag unless that is NULL, attached
 * nowhere: it goes when it is closed. Returns its root directory, or -1 with errno. See fsopen(2).
 */
int kernel_filesystem(const char *type, const char *flag);

/*
 * The file @path below it into @text, cut to @size, without the newline at its end. Returns its
 * length, or -1 with errno.
 */
int proc_read(const char *path, char *text, size_t size);

/* The value of a line of /proc/self/status ("CapEff"), or "" when there is no such line. */
const char *proc_status(const char *name);

#endif
