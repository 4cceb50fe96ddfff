/* The rules of linux.seccomp, call by call, as the numbers of one architecture. */
#ifndef STAGE7_SECCOMP_RULES_H
#define STAGE7_SECCOMP_RULES_H

#include "6-oci/arena.h"
#include "6-oci/config.h"
#include "7-runtime/process/seccomp_numbers.h"

/* One way for a call to end. */
struct seccomp_rule {
	uint32_t action; /* SECCOMP_RET_*, with its data */
	const struct config_syscall_argument *conditions;
	size_t count; /* of the conditions, which must all hold; 0: always */
};

/* A rule, and a call that it is for. */
struct seccomp_case {
	uint32_t number;
	bool wide; /* its arguments have 64 bits */
	size_t order;
	struct seccomp_rule rule;
};

/* By number; for one number, rules with conditions first, in the order of the config. */
struct seccomp_cases {
	struct seccomp_case *items;
	size_t count;
	uint32_t highest; /* number that the config has a name for, with or without a case */
};

/* The action @action with its errno: @number, or EPERM. */
uint32_t seccomp_action(const struct config_choice *action, const uint32_t *number);

/*
 * Adds the rules of @seccomp for @architecture to @cases, in memory of @arena. @cases must have
 * room for seccomp_cases_room() more.
 */
void seccomp_cases_add(struct seccomp_cases *cases, const struct config_seccomp *seccomp,
	const struct architecture *architecture, struct arena *arena);
size_t seccomp_cases_room(const struct config_seccomp *seccomp);

void seccomp_cases_sort(struct seccomp_cases *cases);

#endif
