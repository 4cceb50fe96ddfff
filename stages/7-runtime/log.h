/* The log that an engine reads: --log, --log-format, --debug. */
#ifndef STAGE7_LOG_H
#define STAGE7_LOG_H

#include <stdbool.h>

#include "common/flags.h"

struct log_options {
	const char *path;
	bool json, debug;
};

/* --log, --log-format, --debug; they fill log_options. */
extern const struct flag log_flags[];
extern struct log_options log_options;

/*
 * Opens the log that the flags ask for. From here on every error and warning goes there, too, and
 * with --debug every step. Returns 0, or -1 with the error set.
 */
int log_open(void);

/* Its file descriptor, or -1. A child of this program that shall log keeps it open. */
int log_fd(void);

#endif
