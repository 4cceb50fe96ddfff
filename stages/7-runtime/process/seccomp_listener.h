/* Somebody who answers system calls in the container's place: the seccomp agent. */
#ifndef STAGE7_SECCOMP_LISTENER_H
#define STAGE7_SECCOMP_LISTENER_H

#include "2-namespaces/spawn.h"
#include "7-runtime/record.h"

/*
 * In the parent of a process that loads a filter: takes the listener, when there is one, and sends
 * it to the socket linux.seccomp.listenerPath with the container process state ("The Container
 * Process State" in config-linux.md). @record: the container's, @status: how it stands. Returns 0,
 * or -1 with the error set.
 */
struct seccomp_filter;
int seccomp_pass_listener(const struct seccomp_filter *filter, const struct config_seccomp *seccomp,
	struct child *child, const struct record *record, enum status status);

#endif
