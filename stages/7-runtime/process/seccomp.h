/*
 * linux.seccomp: which system calls a process may make.
 *
 * The filter is made before the container is: what cannot be done is found then. The process only
 * hands it to the kernel.
 */
#ifndef STAGE7_SECCOMP_H
#define STAGE7_SECCOMP_H

#include <stdbool.h>
#include <stddef.h>

#include "6-oci/config.h"

/* A filter as the kernel takes it. Zeroed, it is none. */
struct seccomp_filter {
	struct sock_filter *instructions;
	unsigned short count;
	unsigned long flags; /* SECCOMP_FILTER_FLAG_* */
	bool notifies;       /* somebody answers some of the calls */
	bool early;          /* no_new_privs will not be set: only root may load it */
};

/*
 * Makes the filter that the config asks for; none when it does not. @process (NULL: there is none
 * yet) decides when it will be loaded. Names of system calls that nobody knows are passed over with
 * a warning. Returns 0, or -1 with the error set: it is too long, this kernel lacks an action or a
 * flag, or it would stop the runtime itself.
 */
int seccomp_filter_make(struct seccomp_filter *filter, const struct config *config,
	const struct config_process *process);

void seccomp_filter_free(struct seccomp_filter *filter);

/*
 * Loads it into the calling process, for good: seccomp(2). Needs no_new_privs, or CAP_SYS_ADMIN in
 * the user namespace. With a listener, sends it to the parent at @line, as the word 's'; see
 * seccomp_pass_listener().
 */
int seccomp_filter_load(const struct seccomp_filter *filter, int line);

#endif
