/*
 * An old program, or a build that asks which machine it is on, may want to see one of 32 bits. The
 * personality makes uname(2) say so; what the processor can do stays.
 */
#include "7-runtime/process/personality.h"

#include <sys/personality.h>

#include "common/error.h"
#include "common/step.h"

int personality_apply(const struct config_personality *wanted)
{
	if (!wanted)
		return 0;
	step_for("linux.personality");
	step("personality: %s", wanted->domain->name);
	if (personality(wanted->domain->value) < 0)
		return fail_errno();
	step_for(NULL);
	return 0;
}
