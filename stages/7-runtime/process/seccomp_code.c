/*
 * A filter runs before every single system call, so it must be short where it is run, and quick to
 * make. Most rules do not look at arguments: they cut the numbers into ranges, "0 to 134: allow".
 * A profile with four hundred names comes to some fifty ranges, and the right one is found by
 * halving, in six comparisons. (The kernel, too, runs the filter once for each number when it is
 * loaded, to know which calls need no filter at all.)
 *
 * What must hold: a call by an architecture that was not listed is never taken for one of another.
 * The numbers of one mean something else in the next.
 */
#include "7-runtime/process/seccomp_code.h"

#include <endian.h>
#include <errno.h>
#include <linux/bpf_common.h>
#include <linux/seccomp.h>

#include "6-oci/arena.h"
#include "7-runtime/process/seccomp_rules.h"
#include "common/error.h"

/* A process with a thread less than it knows of only hangs. */
#define NOT_LISTED SECCOMP_RET_KILL_PROCESS

/* Since Linux 5.1 a new call has the same number everywhere, beginning with pidfd_send_signal. */
enum { NEW_CALLS = 424 };

/* --- conditions ------------------------------------------------------------------------------- */

/* The machine compares 32 bits at a time. */
static uint32_t offset_of(uint32_t argument, bool upper)
{
	bool second = upper == (__BYTE_ORDER == __LITTLE_ENDIAN);
	return (uint32_t)offsetof(struct seccomp_data, args) + 8 * argument + (second ? 4 : 0);
}

static label write_load(struct seccomp_program *program,
	const struct config_syscall_argument *condition, bool upper)
{
	return program_load(program, offset_of(condition->index, upper));
}

static uint32_t upper(uint64_t value)
{
	return (uint32_t)(value >> 32);
}

/* (argument & mask) == value */
static label write_equal(struct seccomp_program *program,
	const struct config_syscall_argument *condition, bool wide, uint64_t mask, uint64_t value,
	label yes, label no)
{
	/* Task 7.5: instructions that go to @yes if it holds, to @no if not; return the place of
	 * the first. An argument has 64 bits (32 if not @wide), and the machine takes 32 at a time:
	 * write_load() one half, program_mask() it where the mask leaves something out, compare it.
	 * Remember that a program is written from its end.
	 *
	 * Until then: return no;
	 */
	program_jump(program, BPF_JEQ, (uint32_t)value, yes, no);
	if ((uint32_t)mask != UINT32_MAX)
		program_mask(program, (uint32_t)mask);
	label next = write_load(program, condition, false);
	if (!wide)
		return next;
	program_jump(program, BPF_JEQ, upper(value), next, no);
	if (upper(mask) != UINT32_MAX)
		program_mask(program, upper(mask));
	return write_load(program, condition, true);
	/* End of task 7.5. */
}

/* @how: BPF_JGT or BPF_JGE. */
static label write_greater(struct seccomp_program *program,
	const struct config_syscall_argument *condition, bool wide, unsigned how, label yes,
	label no)
{
	program_jump(program, how, (uint32_t)condition->value, yes, no);
	label next = write_load(program, condition, false);
	if (!wide)
		return next;
	next = program_jump(program, BPF_JEQ, upper(condition->value), next, no);
	program_jump(program, BPF_JGT, upper(condition->value), yes, next);
	return write_load(program, condition, true);
}

static label write_condition(struct seccomp_program *program,
	const struct config_syscall_argument *condition, bool wide, label yes, label no)
{
	uint64_t value = condition->value;
	switch ((enum comparison)condition->op->value) {
	case EQUAL:
		return write_equal(program, condition, wide, UINT64_MAX, value, yes, no);
	case NOT_EQUAL:
		return write_equal(program, condition, wide, UINT64_MAX, value, no, yes);
	case MASKED_EQUAL:
		return write_equal(program, condition, wide, value, condition->value_two, yes, no);
	case GREATER:
		return write_greater(program, condition, wide, BPF_JGT, yes, no);
	case LESS_OR_EQUAL:
		return write_greater(program, condition, wide, BPF_JGT, no, yes);
	case GREATER_OR_EQUAL:
		return write_greater(program, condition, wide, BPF_JGE, yes, no);
	case LESS:
		break;
	}
	return write_greater(program, condition, wide, BPF_JGE, no, yes);
}

/* --- ranges of numbers ------------------------------------------------------------------------ */

/* What is done from a number on: one action, or the rules with conditions, then the action. */
struct range {
	uint32_t first;
	uint32_t action;
	const struct seccomp_case *cases;
	size_t count;
};

struct ranges {
	struct range *items;
	size_t count;
};

static label write_cases(struct seccomp_program *program, const struct range *range)
{
	label next = program_return(program, range->action);
	for (size_t i = range->count; i > 0; i--) {
		const struct seccomp_case *one = &range->cases[i - 1];
		label yes = program_return(program, one->rule.action);
		for (size_t j = one->rule.count; j > 0; j--)
			yes = write_condition(program, &one->rule.conditions[j - 1], one->wide, yes,
				next);
		next = yes;
	}
	return next;
}

/* The ranges from @low up to, not including, @high; there is one at least. */
static label write_ranges(struct seccomp_program *program, const struct range *ranges, size_t low,
	size_t high)
{
	if (high - low == 1)
		return write_cases(program, &ranges[low]);
	size_t middle = low + (high - low) / 2;
	label above = write_ranges(program, ranges, middle, high);
	label below = write_ranges(program, ranges, low, middle);
	return program_jump(program, BPF_JGE, ranges[middle].first, above, below);
}

static void add_range(struct ranges *ranges, struct range range)
{
	if (ranges->count > 0 && ranges->items[ranges->count - 1].first == range.first)
		ranges->count--;
	const struct range *before = &ranges->items[ranges->count];
	if (ranges->count > 0 && before[-1].count == 0 && range.count == 0 &&
		before[-1].action == range.action)
		return;
	ranges->items[ranges->count++] = range;
}

/* All cases of the number that @cases begin with. */
static struct range range_of(const struct seccomp_case *cases, size_t count, uint32_t by_default,
	size_t *used)
{
	struct range range = {.first = cases->number, .action = by_default, .cases = cases};
	size_t i = 0;
	for (; i < count && cases[i].number == cases->number; i++)
		if (cases[i].rule.count > 0)
			range.count++;
		else
			range.action = cases[i].rule.action;
	*used = i;
	return range;
}

/* @ranges has room for two more a case. */
static void add_cases(struct ranges *ranges, const struct seccomp_cases *cases, uint32_t by_default)
{
	for (size_t i = 0, used; i < cases->count; i += used) {
		struct range range =
			range_of(&cases->items[i], cases->count - i, by_default, &used);
		add_range(ranges, range);
		if (range.first != UINT32_MAX)
			add_range(ranges,
				(struct range){.first = range.first + 1, .action = by_default});
	}
}

/* --- architectures ---------------------------------------------------------------------------- */

static bool is_listed(const struct config_seccomp *seccomp, const struct architecture *asked,
	const struct architecture *native)
{
	/* Without the native one nothing could ever run. */
	bool listed = asked == native;
	for (size_t i = 0; i < seccomp->architectures.count; i++)
		listed |= seccomp->architectures.items[i]->value == asked->id;
	return listed && asked->machine == native->machine;
}

/*
 * A program asks for a new call and, where the kernel says that there is none, goes the old way.
 * Whoever wrote a list of what is allowed before the call was there cannot have meant it; EPERM
 * would be taken for an answer. So a call that is newer than all that the config names does not
 * exist, if the default is an error; other defaults are kept to the letter, and so they are for
 * calls that have been there for long.
 */
static void hide_newer(struct ranges *ranges, const struct config_seccomp *seccomp,
	const struct architecture *architecture, const struct seccomp_cases *cases)
{
	uint32_t first = architecture->first + NEW_CALLS;
	if (seccomp->default_action->value != SECCOMP_RET_ERRNO)
		return;
	if (first <= cases->highest)
		first = cases->highest + 1;
	add_range(ranges, (struct range){.first = first, .action = SECCOMP_RET_ERRNO | ENOSYS});
}

/* The calls of one architecture. */
static void add_architecture(struct ranges *ranges, const struct config_seccomp *seccomp,
	const struct architecture *architecture, uint32_t by_default, struct arena *arena)
{
	size_t room = seccomp_cases_room(seccomp);
	struct seccomp_cases cases = {.items = arena_take(arena, room, sizeof(*cases.items))};
	seccomp_cases_add(&cases, seccomp, architecture, arena);
	seccomp_cases_sort(&cases);
	add_range(ranges, (struct range){.first = architecture->first, .action = by_default});
	add_cases(ranges, &cases, by_default);
	hide_newer(ranges, seccomp, architecture, &cases);
}

/* A part of the filter: for the architectures that look the same to it. */
struct part {
	const struct architecture *alike;
	size_t count;
	label start;
};

static struct part find_part(size_t first)
{
	struct part part = {.alike = &architectures[first]};
	while (first + part.count < architecture_count &&
		part.alike[part.count].seen == part.alike->seen)
		part.count++;
	return part;
}

/* Returns false when none of the part's architectures is listed. */
static bool write_part(struct seccomp_program *program, const struct config_seccomp *seccomp,
	const struct architecture *native, struct part *part, struct arena *arena)
{
	uint32_t by_default = seccomp_action(seccomp->default_action, seccomp->default_errno_ret);
	struct ranges ranges = {};
	size_t listed = 0, room = part->count * (2 * seccomp_cases_room(seccomp) + 2) + 2;
	for (size_t i = 0; i < part->count; i++)
		listed += is_listed(seccomp, &part->alike[i], native);
	if (listed == 0)
		return false;
	ranges.items = arena_take(arena, room, sizeof(*ranges.items));
	add_range(&ranges, (struct range){.first = 0, .action = by_default});
	/* x32: its numbers are above those of x86_64. */
	for (size_t i = 0; i < part->count; i++)
		if (is_listed(seccomp, &part->alike[i], native))
			add_architecture(&ranges, seccomp, &part->alike[i], by_default, arena);
		else
			add_range(&ranges, (struct range){.first = part->alike[i].first,
						   .action = NOT_LISTED});
	/* The last one of all is no call, but one that a tracer has cancelled. */
	add_range(&ranges, (struct range){.first = UINT32_MAX, .action = by_default});
	write_ranges(program, ranges.items, 0, ranges.count);
	part->start = program_load(program, offsetof(struct seccomp_data, nr));
	return true;
}

static void write_parts(struct seccomp_program *program, const struct config_seccomp *seccomp,
	const struct architecture *native, struct arena *arena)
{
	/* A machine has three at most. */
	struct part parts[4];
	size_t count = 0;
	struct part part;
	for (size_t i = 0; i < architecture_count; i += part.count) {
		part = find_part(i);
		if (write_part(program, seccomp, native, &part, arena))
			parts[count++] = part;
	}
	label next = program_return(program, NOT_LISTED);
	while (count-- > 0)
		next = program_jump(program, BPF_JEQ, parts[count].alike->seen, parts[count].start,
			next);
	program_load(program, offsetof(struct seccomp_data, arch));
}

int seccomp_write(struct seccomp_program *program, const struct config_seccomp *seccomp)
{
	const struct architecture *native = architecture_native();
	if (!native)
		return fail("not known for the architecture of this machine");
	struct arena *arena = arena_make();
	if (!arena)
		return -1;
	write_parts(program, seccomp, native, arena);
	arena_free(arena);
	return 0;
}
