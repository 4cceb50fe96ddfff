/*
 * Every process has five sets. What it may do is in effective; what it may put there, in permitted.
 * The other three decide what is left after an exec: inheritable and ambient can hand a right on to
 * a program, and nothing that is not in bounding can ever come back.
 *
 * What must hold: the sets are exactly what the config lists. One that lists none gets none.
 */
#include "7-runtime/process/capabilities.h"

#include <stdbool.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>

#include "common/error.h"
#include "common/step.h"

static bool lists(const struct config_strings *names, cap_value_t capability)
{
	for (size_t i = 0; i < names->count; i++) {
		cap_value_t listed;
		if (cap_from_name(names->items[i], &listed) == 0 && listed == capability)
			return true;
	}
	return false;
}

static const struct config_capabilities *or_none(const struct config_capabilities *wanted)
{
	static const struct config_capabilities none;
	return wanted ? wanted : &none;
}

int capabilities_bound(const struct config_capabilities *wanted)
{
	wanted = or_none(wanted);
	step_for("process.capabilities.bounding");
	step("prctl: drop capabilities from the bounding set, keep %zu", wanted->bounding.count);
	for (cap_value_t capability = 0; capability < cap_max_bits(); capability++)
		if (!lists(&wanted->bounding, capability) && cap_get_bound(capability) == 1 &&
			cap_drop_bound(capability) < 0)
			return fail_errno();
	step("prctl: keep capabilities when the user changes (PR_SET_KEEPCAPS)");
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return fail_errno();
	step_for(NULL);
	return 0;
}

static int fill(cap_t sets, cap_flag_t set, const struct config_strings *names)
{
	for (cap_value_t capability = 0; capability < cap_max_bits(); capability++)
		if (lists(names, capability) &&
			cap_set_flag(sets, set, 1, &capability, CAP_SET) < 0)
			return fail_errno();
	return 0;
}

static int set_ambient(const struct config_strings *names)
{
	step_for("process.capabilities.ambient");
	step("prctl: set %zu ambient capabilities", names->count);
	if (cap_reset_ambient() < 0)
		return fail_errno();
	for (cap_value_t capability = 0; capability < cap_max_bits(); capability++)
		if (lists(names, capability) && cap_set_ambient(capability, CAP_SET) < 0)
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
	__attribute__((cleanup(release_sets))) cap_t sets = cap_init();
	if (!sets || fill(sets, CAP_EFFECTIVE, &wanted->effective) < 0 ||
		fill(sets, CAP_PERMITTED, &wanted->permitted) < 0 ||
		fill(sets, CAP_INHERITABLE, &wanted->inheritable) < 0 || cap_set_proc(sets) < 0)
		return fail_errno();
	if (set_ambient(&wanted->ambient) < 0)
		return -1;
	step_for(NULL);
	return 0;
}

static void warn_of(const struct config_strings *names, const char *set)
{
	cap_value_t capability;
	for (size_t i = 0; i < names->count; i++)
		if (cap_from_name(names->items[i], &capability) < 0 || capability >= cap_max_bits())
			warn("process.capabilities.%s[%zu]: this kernel does not know %s; passed "
			     "over",
				set, i, names->items[i]);
}

void capabilities_warn(const struct config_capabilities *wanted)
{
	wanted = or_none(wanted);
	warn_of(&wanted->bounding, "bounding");
	warn_of(&wanted->effective, "effective");
	warn_of(&wanted->permitted, "permitted");
	warn_of(&wanted->inheritable, "inheritable");
	warn_of(&wanted->ambient, "ambient");
}
