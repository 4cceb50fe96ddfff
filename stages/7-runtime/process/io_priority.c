/*
 * The specification speaks of the process group. Where there is no terminal, that of the container
 * is the caller's: the user's shell and all of its pipeline would change with it. So it is set for
 * the container's first process, and whatever that starts inherits it.
 */
#include "7-runtime/process/io_priority.h"

#include <linux/ioprio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/error.h"
#include "common/step.h"

int io_priority_apply(const struct config_io_priority *wanted, pid_t pid)
{
	if (!wanted)
		return 0;
	int value = (int)(wanted->class->value << IOPRIO_CLASS_SHIFT) | wanted->priority;
	step_for("process.ioPriority");
	step("ioprio_set: %s, priority %d", wanted->class->name, wanted->priority);
	if (syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, pid, value) < 0)
		return fail_errno();
	step_for(NULL);
	return 0;
}
