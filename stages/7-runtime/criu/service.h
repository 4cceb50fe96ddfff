/* criu as a child of this program that does one thing when it is asked. */
#ifndef STAGE7_CRIU_SERVICE_H
#define STAGE7_CRIU_SERVICE_H

#include <sys/types.h>

#include "7-runtime/criu/fields.h"
#include "7-runtime/criu/options.h"
#include "7-runtime/criu/protobuf.h"

/* The program to run, a name for PATH or a path from the root on, instead of "criu". */
void criu_set_program(const char *program);

/*
 * Whether there is a criu (found by PATH), and whether it can do its work on this kernel. Returns
 * 0, or -1 with an error that says what to install.
 */
int criu_check(void);

struct criu_service {
	enum criu_request request;
	struct protobuf options; /* of the request; criu_run() ends and frees it */
	const struct criu_places *places;
	const int *kept; /* file descriptors that criu has, too */
	size_t kept_count;

	/* Each may be NULL, and returns 0, or -1 with the error set. */
	int (*started)(void *what, pid_t criu); /* it waits; what it shall be told can be added */
	int (*prepare)(void *what);             /* in the child, in the workshop */
	/* criu has come to the moment @moment, and waits; @fd came with it, or -1. */
	int (*notified)(void *what, const char *moment, pid_t pid, int fd);
	void *what;
};

/*
 * Starts criu, asks it for what @service says, and waits until that is done. criu dies with this
 * process. When it fails, its own last words are the error. Returns 0, or -1 with the error set.
 * See criu(8), "swrk".
 */
int criu_run(struct criu_service *service);

#endif
