/*
 * The specification does not say what holds when several rules are for one call. Here it is
 *
 *	the first rule whose conditions hold; else
 *	the last rule that has no conditions; else
 *	the default.
 *
 * Two things are as runc does them, since profiles count on it: a rule without conditions that says
 * the same as the default is passed over, and two conditions on one argument stand for two rules.
 *
 * What must hold: no rule is lost on a second way to make the same call. Such a way is
 *socketcall(2) on older architectures: its arguments are in memory, where a filter cannot look, so
 *that conditions cannot be asked. Of the rules for the call the most lenient one holds there.
 */
#include "7-runtime/process/seccomp_rules.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdlib.h>

uint32_t seccomp_action(const struct config_choice *action, const uint32_t *number)
{
	if (action->value == SECCOMP_RET_ERRNO || action->value == SECCOMP_RET_TRACE)
		return (uint32_t)action->value | (number ? *number : EPERM);
	return (uint32_t)action->value;
}

static bool two_on_one_argument(const struct config_syscall *syscall)
{
	unsigned seen = 0;
	for (size_t i = 0; i < syscall->args.count; i++) {
		unsigned bit = 1u << syscall->args.items[i].index;
		if (seen & bit)
			return true;
		seen |= bit;
	}
	return false;
}

static void add(struct seccomp_cases *cases, const struct architecture *architecture,
	int64_t number, struct seccomp_rule rule)
{
	cases->items[cases->count] = (struct seccomp_case){
		.number = (uint32_t)number,
		.wide = architecture->wide,
		.order = cases->count,
		.rule = rule,
	};
	cases->count++;
}

/* What shared calls have been added, by their selectors: an index in the cases, 0 for none. */
struct shared {
	size_t sockets[32], ipcs[32];
};

/* The kernel orders actions in the same way: as signed numbers, the lenient ones above. */
static bool more_lenient(uint32_t action, uint32_t than)
{
	return (int32_t)action > (int32_t)than;
}

static void add_shared(struct seccomp_cases *cases, const struct architecture *architecture,
	const struct syscall_number *number, uint32_t action, struct shared *shared,
	struct arena *arena)
{
	static const struct config_choice masked_equal = {"", MASKED_EQUAL};
	bool socket = number->selector_mask == UINT32_MAX;
	size_t *known = &(socket ? shared->sockets : shared->ipcs)[number->selector];
	if (*known) {
		struct seccomp_rule *rule = &cases->items[*known - 1].rule;
		if (more_lenient(action, rule->action))
			rule->action = action;
		return;
	}
	struct config_syscall_argument *selects = arena_take(arena, 1, sizeof(*selects));
	selects->op = &masked_equal;
	selects->value = number->selector_mask;
	selects->value_two = number->selector;
	add(cases, architecture, number->shared, (struct seccomp_rule){action, selects, 1});
	*known = cases->count;
}

static void add_call(struct seccomp_cases *cases, const struct architecture *architecture,
	const struct config_syscall *syscall, int64_t number)
{
	const struct config_syscall_argument *conditions = syscall->args.items;
	size_t count = syscall->args.count;
	uint32_t action = seccomp_action(syscall->action, syscall->errno_ret);
	if (!two_on_one_argument(syscall))
		return add(cases, architecture, number,
			(struct seccomp_rule){action, conditions, count});
	for (size_t i = 0; i < count; i++)
		add(cases, architecture, number, (struct seccomp_rule){action, &conditions[i], 1});
}

void seccomp_cases_add(struct seccomp_cases *cases, const struct config_seccomp *seccomp,
	const struct architecture *architecture, struct arena *arena)
{
	struct syscall_memory memory = {};
	struct shared shared = {};
	struct syscall_number number;
	uint32_t by_default = seccomp_action(seccomp->default_action, seccomp->default_errno_ret);
	for (size_t i = 0; i < seccomp->syscalls.count; i++) {
		const struct config_syscall *syscall = &seccomp->syscalls.items[i];
		uint32_t action = seccomp_action(syscall->action, syscall->errno_ret);
		bool passed_over = syscall->args.count == 0 && action == by_default;
		for (size_t j = 0; j < syscall->names.count; j++) {
			syscall_find(architecture, &memory, syscall->names.items[j], &number);
			if (number.direct > cases->highest)
				cases->highest = (uint32_t)number.direct;
			if (passed_over)
				continue;
			if (number.direct >= 0)
				add_call(cases, architecture, syscall, number.direct);
			if (number.shared >= 0)
				add_shared(cases, architecture, &number, action, &shared, arena);
		}
	}
}

size_t seccomp_cases_room(const struct config_seccomp *seccomp)
{
	size_t room = 0;
	for (size_t i = 0; i < seccomp->syscalls.count; i++) {
		const struct config_syscall *syscall = &seccomp->syscalls.items[i];
		/* A rule for each of its conditions at most, and one for a shared call. */
		room += syscall->names.count * (syscall->args.count + 2);
	}
	return room;
}

static int compare(const void *left, const void *right)
{
	const struct seccomp_case *one = left, *other = right;
	if (one->number != other->number)
		return one->number < other->number ? -1 : 1;
	if (!one->rule.count != !other->rule.count)
		return one->rule.count ? -1 : 1;
	return one->order < other->order ? -1 : 1;
}

void seccomp_cases_sort(struct seccomp_cases *cases)
{
	qsort(cases->items, cases->count, sizeof(*cases->items), compare);
}
