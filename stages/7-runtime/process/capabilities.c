/*
 * Every process has five sets. What it may do is in effective; what it may put there, in permitted.
 * The other three decide what is left after an exec: inheritable and ambient can hand a right on to
 * a program, and nothing that is not in bounding can ever come back.
 *
 * What must hold: the sets are exactly what the config lists, but for what cannot be had: that is
 * passed over, with a warning ("Linux Process" in config.md). One that lists none gets none.
 */
#include "7-runtime/process/capabilities.h"

#include <errno.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>

#include "common/error.h"
#include "common/step.h"

/* The kernel has room for so many. (The library's count is found by trial, and too low if one
 * fails.) */
enum { CAPABILITIES_MOST = 64 };

bool capability_find(const char *name, int *capability)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
	cap_value_t value;
	/* The library takes a number for a name, too, and stops where a name could not go on. */
	if (strncasecmp(name, "CAP_", 4) != 0 || name[strspn(name, letters)] ||
		cap_from_name(name, &value) < 0)
		return false;
	*capability = value;
	return true;
}

/* A bit a capability. */
static uint64_t set_of(const struct config_strings *names)
{
	uint64_t set = 0;
	int capability;
	for (size_t i = 0; i < names->count; i++)
		if (capability_find(names->items[i], &capability))
			set |= UINT64_C(1) << capability;
	return set;
}

static bool is_in(uint64_t set, cap_value_t capability)
{
	return set >> capability & 1;
}

static const struct config_capabilities *or_none(const struct config_capabilities *wanted)
{
	static const struct config_capabilities none;
	return wanted ? wanted : &none;
}

/* What the kernel does not know, it does not have. Other errors are no answer: -1, error set. */
static int is_bound(cap_value_t capability)
{
	int bound = cap_get_bound(capability);
	if (bound < 0 && errno != EINVAL)
		return fail_errno();
	return bound > 0;
}

int capabilities_bound(const struct config_capabilities *wanted)
{
	wanted = or_none(wanted);
	uint64_t kept = set_of(&wanted->bounding);
	step_for("process.capabilities.bounding");
	/* Task 7.4: drop from the bounding set all that is_in() does not find in @kept, by
	 * cap_drop_bound(); see is_bound() for what the kernel does not have. Then see to it that
	 * what is permitted survives the change of user: PR_SET_KEEPCAPS in prctl(2). Announce both
	 * by step(), or what fails here is told of the step before.
	 *
	 * Until then: return 0;
	 */
	step("prctl: drop capabilities from the bounding set, keep %zu", wanted->bounding.count);
	for (cap_value_t capability = 0; capability < CAPABILITIES_MOST; capability++) {
		if (is_in(kept, capability) || cap_drop_bound(capability) == 0)
			continue;
		/* To drop takes a right that is not needed when there is nothing to drop. */
		int error = errno, bound = is_bound(capability);
		if (bound < 0)
			return -1;
		errno = error;
		if (bound)
			return fail_errno();
	}
	step("prctl: keep capabilities when the user changes (PR_SET_KEEPCAPS)");
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return fail_errno();
	/* End of task 7.4. */
	step_for(NULL);
	return 0;
}

static bool has(cap_t sets, cap_flag_t set, cap_value_t capability)
{
	cap_flag_value_t value = CAP_CLEAR;
	return cap_get_flag(sets, capability, set, &value) == 0 && value == CAP_SET;
}

/* What @names lists goes into @set of @sets, if it is among what is permitted in @limit. */
static int fill(cap_t sets, cap_flag_t set, const struct config_strings *names, cap_t limit)
{
	uint64_t listed = set_of(names);
	for (cap_value_t capability = 0; capability < CAPABILITIES_MOST; capability++) {
		if (!is_in(listed, capability) || !has(limit, CAP_PERMITTED, capability))
			continue;
		/* To inherit takes both, unless it was inherited already. */
		int may = set != CAP_INHERITABLE || has(limit, set, capability)
				  ? 1
				  : is_bound(capability);
		if (may < 0)
			return -1;
		if (may && cap_set_flag(sets, set, 1, &capability, CAP_SET) < 0)
			return fail_errno();
	}
	return 0;
}

static int set_ambient(const struct config_strings *names, cap_t sets)
{
	step_for("process.capabilities.ambient");
	step("prctl: set %zu ambient capabilities", names->count);
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return fail_errno();
	uint64_t listed = set_of(names);
	for (cap_value_t capability = 0; capability < CAPABILITIES_MOST; capability++)
		if (is_in(listed, capability) && has(sets, CAP_PERMITTED, capability) &&
			has(sets, CAP_INHERITABLE, capability) &&
			cap_set_ambient(capability, CAP_SET) < 0)
			return fail_errno();
	return 0;
}

static void release_sets(cap_t *sets)
{
	if (*sets)
		cap_free(*sets);
}

int capabilities_set(const struct config_capabilities *wanted)
{
	wanted = or_none(wanted);
	step_for("process.capabilities");
	step("capset: %zu effective, %zu permitted, %zu inheritable", wanted->effective.count,
		wanted->permitted.count, wanted->inheritable.count);
	__attribute__((cleanup(release_sets))) cap_t own = cap_get_proc(), sets = cap_init();
	if (!own || !sets || fill(sets, CAP_PERMITTED, &wanted->permitted, own) < 0 ||
		fill(sets, CAP_EFFECTIVE, &wanted->effective, sets) < 0 ||
		fill(sets, CAP_INHERITABLE, &wanted->inheritable, own) < 0 ||
		cap_set_proc(sets) < 0)
		return fail_errno();
	if (set_ambient(&wanted->ambient, sets) < 0)
		return -1;
	step_for(NULL);
	return 0;
}

/* What there is to warn of: @own is what the runtime has, or NULL where that is no limit. */
struct check {
	const struct config_capabilities *wanted;
	cap_t own;
	uint64_t permitted, inheritable; /* what it lists there */
	uint64_t told;                   /* once is enough */
};

static const char *find_fault(struct check *check, const char *name, bool effective, bool ambient)
{
	int capability;
	if (!capability_find(name, &capability) || capability >= cap_max_bits())
		return "this kernel does not know it";
	if (is_in(check->told, capability))
		return NULL;
	if (check->own && !has(check->own, CAP_PERMITTED, capability)) {
		check->told |= UINT64_C(1) << capability;
		return "this process does not have it itself";
	}
	if ((effective || ambient) && !is_in(check->permitted, capability))
		return "it is not in permitted";
	if (ambient && !is_in(check->inheritable, capability))
		return "it is not in inheritable";
	return NULL;
}

static void warn_of(struct check *check, const struct config_strings *names, const char *set)
{
	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->items[i];
		const char *fault = find_fault(check, name, names == &check->wanted->effective,
			names == &check->wanted->ambient);
		if (fault)
			warn("process.capabilities.%s[%zu]: %s: %s; passed over", set, i, name,
				fault);
	}
}

void capabilities_warn(const struct config_capabilities *wanted, bool all)
{
	wanted = or_none(wanted);
	__attribute__((cleanup(release_sets))) cap_t own = all ? NULL : cap_get_proc();
	struct check check = {.wanted = wanted,
		.own = own,
		.permitted = set_of(&wanted->permitted),
		.inheritable = set_of(&wanted->inheritable)};
	warn_of(&check, &wanted->bounding, "bounding");
	warn_of(&check, &wanted->permitted, "permitted");
	warn_of(&check, &wanted->effective, "effective");
	warn_of(&check, &wanted->inheritable, "inheritable");
	warn_of(&check, &wanted->ambient, "ambient");
}
