/* What reaches out of a container: criu must not save it, but be told what to put in its place. */
#ifndef STAGE7_CRIU_OUTSIDE_H
#define STAGE7_CRIU_OUTSIDE_H

#include <sys/types.h>

#include "6-oci/config.h"
#include "7-runtime/criu/options.h"
#include "7-runtime/criu/protobuf.h"

/*
 * Adds to the request for a dump of the container's init @init: its bind mounts and masks, the
 * namespaces that it has joined, its standard streams, and puts on record beside the images what
 * these were. Returns 0, or -1 with the error set.
 */
int outside_leave(struct protobuf *options, const struct config *config, pid_t init,
	const struct criu_places *places);

/* The files that criu needs besides its standard streams; outside_close() closes them. */
enum { OUTSIDE_FILES_MOST = 2 };

struct outside {
	int files[OUTSIDE_FILES_MOST];
	size_t count;
};

/*
 * Adds to the request for a restore what stands for all that now. A mount's source comes from
 * @config and is, when it is relative, in @bundle; the streams are this process's. Returns 0, or -1
 * with the error set; outside_close() in both cases.
 */
int outside_bring(struct outside *outside, struct protobuf *options, const struct config *config,
	const char *bundle, const struct criu_places *places);

void outside_close(struct outside *outside);

#endif
