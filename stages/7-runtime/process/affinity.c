/*
 * A process that joins a container does some work first, on whatever processor it finds itself. On
 * a machine that keeps some for real-time work, that is a disturbance. So an engine may say where
 * to do it, and where to run afterwards. A list that names processors that are not there, or not in
 * the cgroup's cpuset, counts for those that are; none of them is an error.
 */
#include "7-runtime/process/affinity.h"

#include <sched.h>

#include "6-oci/number_list.h"
#include "common/error.h"
#include "common/step.h"

static int set_affinity(const char *list, const char *property, pid_t pid)
{
	struct number_set processors;
	step_for("process.execCPUAffinity.%s", property);
	if (!number_list_read(list, &processors))
		return fail("not a list of processors");
	if (processors.count > 0) {
		step("sched_setaffinity: run on the processors %s", list);
		if (sched_setaffinity(pid, sizeof(processors.bits),
			    (const cpu_set_t *)processors.bits) < 0)
			return fail_errno();
	}
	step_for(NULL);
	return 0;
}

int affinity_initial(const struct config_exec_cpu_affinity *affinity)
{
	return affinity ? set_affinity(affinity->initial, "initial", 0) : 0;
}

int affinity_final(const struct config_exec_cpu_affinity *affinity, pid_t pid)
{
	return affinity ? set_affinity(affinity->final, "final", pid) : 0;
}
