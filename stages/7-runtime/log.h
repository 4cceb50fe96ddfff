/* The log that an engine reads: --log, --log-format, --debug. */
#ifndef STAGE7_LOG_H
#define STAGE7_LOG_H

#include "common/flags.h"

/* --log, --log-format, --debug. */
extern const struct flag log_flags[];
extern const struct flag_group log_group;

/*
 * Opens the log that the flags ask for. From here on every error and warning goes there, too, and
 * with --debug every step. Returns 0, or -1 with the error set.
 */
int log_open(void);

/* Its file descriptor, or -1. A child of this program that shall log keeps it open. */
int log_fd(void);

#endif
