/* System calls have names; a filter sees numbers, and each architecture has its own. */
#ifndef STAGE7_SECCOMP_NUMBERS_H
#define STAGE7_SECCOMP_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A way to make system calls that a machine has: x86_64 has three. */
struct architecture {
	uint32_t id;      /* as the config and libseccomp have it */
	uint32_t seen;    /* what the filter sees: AUDIT_ARCH_*. x32 looks like x86_64 */
	uint32_t machine; /* the first one of the machine that has it */
	uint32_t first;   /* where its numbers begin */
	bool wide;        /* arguments have 64 bits */
};

/* The architectures, in an order in which those of one machine, and those seen alike, adjoin. */
extern const struct architecture architectures[];
extern const size_t architecture_count;

/* The one that this program itself runs on. */
const struct architecture *architecture_native(void);

/* How a call is made. */
struct syscall_number {
	int64_t direct; /* -1: it has no number of its own */

	/* Older architectures have one call for a dozen: the first argument says which. */
	int64_t shared; /* -1: there is no such way */
	uint32_t selector;
	uint32_t selector_mask;
};

/* What syscall_find() needs to know of an architecture only once; zeroed at first. */
struct syscall_memory {
	bool filled;
	uint16_t sockets[32], ipcs[32]; /* own numbers of what has a selector, from first on */
};

/*
 * The number of the system call @name. Both ways are -1 when the architecture has no such call.
 * Returns false when nobody knows the name.
 */
bool syscall_find(const struct architecture *architecture, struct syscall_memory *memory,
	const char *name, struct syscall_number *number);

enum { TABLES_VERSION_SIZE = 32 };

/* The version of libseccomp, whose tables these are: "2.5.4". See seccomp_version(3). */
void syscall_tables_version(char version[TABLES_VERSION_SIZE]);

#endif
