/*
 * The policies in the order of who comes first: SCHED_DEADLINE, which runs for so long in every
 * period; SCHED_FIFO and SCHED_RR, by priority; then all others by turns, the nicer the shorter.
 *
 * What must hold: it is set by the runtime and not by the process itself. In a user namespace of
 * its own a process is root, and yet may ask for nothing of this, since the processors are the
 * host's.
 */
#include "7-runtime/process/scheduler.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <linux/sched/types.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/error.h"
#include "common/file.h"
#include "common/step.h"

static uint64_t all_flags(const struct config_scheduler *scheduler)
{
	uint64_t flags = 0;
	for (size_t i = 0; i < scheduler->flags.count; i++)
		flags |= scheduler->flags.items[i]->value;
	return flags;
}

int scheduler_check(const struct config_scheduler *scheduler)
{
	if (!scheduler)
		return 0;
	step_for("process.scheduler.policy");
	if (syscall(SYS_sched_get_priority_max, scheduler->policy->value) < 0)
		return fail("this kernel does not have %s", scheduler->policy->name);
	step_for("process.scheduler.flags");
	if (all_flags(scheduler) & SCHED_FLAG_UTIL_CLAMP &&
		!file_exists(AT_FDCWD, "/proc/sys/kernel/sched_util_clamp_min"))
		return fail("this kernel does not clamp utilization");
	step_for(NULL);
	return 0;
}

int scheduler_apply(const struct config_scheduler *scheduler, pid_t pid)
{
	if (!scheduler)
		return 0;
	struct sched_attr attributes = {
		.size = sizeof(attributes),
		.sched_policy = (uint32_t)scheduler->policy->value,
		.sched_flags = all_flags(scheduler),
		.sched_nice = scheduler->nice,
		.sched_priority = (uint32_t)scheduler->priority,
		.sched_runtime = scheduler->runtime,
		.sched_deadline = scheduler->deadline,
		.sched_period = scheduler->period,
	};
	step_for("process.scheduler");
	step("sched_setattr: %s, nice %d, priority %d", scheduler->policy->name, scheduler->nice,
		scheduler->priority);
	if (syscall(SYS_sched_setattr, pid, &attributes, 0) < 0)
		return fail_errno();
	step_for(NULL);
	return 0;
}
