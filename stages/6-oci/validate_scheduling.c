/*
 * The checks of what a process gets of the processors, the disks and the memory nodes. The kernel
 * has a rule for every policy, and one answer to whoever breaks it: EINVAL, without a word on which
 * of seven values it means.
 */
#include <inttypes.h>
#include <linux/ioprio.h>
#include <linux/mempolicy.h>
#include <linux/sched.h>
#include <stdio.h>

#include "6-oci/number_list.h"
#include "6-oci/validate.h"

/* --- the scheduler ---------------------------------------------------------------------------- */

/* Where a property stands, for the lines of errors. */
struct place {
	const char *at; /* "process.", or "" */
	struct config_errors *errors;
};

/* A thread of these two has a place in the queue: 1 to 99. Others have none. See sched(7). */
static void validate_priority(const struct config_scheduler *scheduler, const struct place *place)
{
	uint64_t policy = scheduler->policy->value;
	bool real_time = policy == SCHED_FIFO || policy == SCHED_RR;
	int32_t priority = scheduler->priority;
	if (real_time && (priority < 1 || priority > 99))
		config_errors_add(place->errors,
			"%sscheduler.priority: expected a whole number from 1 to 99 for %s, found "
			"%" PRId32,
			place->at, scheduler->policy->name, priority);
	else if (!real_time && priority != 0)
		config_errors_add(place->errors,
			"%sscheduler.priority: only SCHED_FIFO and SCHED_RR have one, not %s",
			place->at, scheduler->policy->name);
}

/* The kernel would bend such a value, silently. */
static void validate_nice(const struct config_scheduler *scheduler, const struct place *place)
{
	if (scheduler->nice < -20 || scheduler->nice > 19)
		config_errors_add(place->errors,
			"%sscheduler.nice: expected a whole number from -20 to 19, found %" PRId32,
			place->at, scheduler->nice);
}

/* A period of 0 stands for one as long as the deadline. Times below 1024 ns are none. */
static void validate_deadline(const struct config_scheduler *scheduler, const struct place *place)
{
	struct config_errors *errors = place->errors;
	uint64_t runtime = scheduler->runtime, deadline = scheduler->deadline;
	uint64_t period = scheduler->period ? scheduler->period : deadline;
	if (runtime < 1024)
		config_errors_add(errors,
			"%sscheduler.runtime: expected at least 1024 ns, found %" PRIu64, place->at,
			runtime);
	else if (runtime > deadline)
		config_errors_add(errors,
			"%sscheduler.deadline: cannot be less than runtime, %" PRIu64
			", found %" PRIu64,
			place->at, runtime, deadline);
	else if (deadline > period)
		config_errors_add(errors,
			"%sscheduler.period: cannot be less than deadline, %" PRIu64
			", found %" PRIu64,
			place->at, deadline, period);
	else if (period > INT64_MAX)
		config_errors_add(errors, "%sscheduler.period: longer than 2^63 ns", place->at);
}

static void validate_no_deadline(const struct config_scheduler *scheduler,
	const struct place *place)
{
	const struct {
		const char *name;
		uint64_t value;
	} times[] = {
		{"runtime", scheduler->runtime},
		{"deadline", scheduler->deadline},
		{"period", scheduler->period},
	};
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++)
		if (times[i].value)
			config_errors_add(place->errors,
				"%sscheduler.%s: only SCHED_DEADLINE has one, not %s", place->at,
				times[i].name, scheduler->policy->name);
}

static void validate_scheduler(const struct config_scheduler *scheduler, const struct place *place)
{
	validate_nice(scheduler, place);
	if (!scheduler->policy)
		return;
	validate_priority(scheduler, place);
	if (scheduler->policy->value == SCHED_DEADLINE)
		validate_deadline(scheduler, place);
	else
		validate_no_deadline(scheduler, place);
}

/* --- disks and processors --------------------------------------------------------------------- */

static void validate_io_priority(const struct config_io_priority *io, const struct place *place)
{
	if (io->priority < 0 || io->priority > 7)
		config_errors_add(place->errors,
			"%sioPriority.priority: expected a whole number from 0 to 7, found "
			"%" PRId32,
			place->at, io->priority);
}

static void validate_affinity(const char *cpus, const char *property, const struct place *place)
{
	struct number_set set;
	if (!number_list_read(cpus, &set))
		config_errors_add(place->errors,
			"%sexecCPUAffinity.%s: expected a list such as \"0-3,7\", found %s",
			place->at, property, quoted(cpus));
}

void validate_scheduling(const struct config_process *process, const char *at,
	struct config_errors *errors)
{
	const struct place place = {.at = at, .errors = errors};
	if (process->scheduler)
		validate_scheduler(process->scheduler, &place);
	if (process->io_priority)
		validate_io_priority(process->io_priority, &place);
	if (process->exec_cpu_affinity) {
		validate_affinity(process->exec_cpu_affinity->initial, "initial", &place);
		validate_affinity(process->exec_cpu_affinity->final, "final", &place);
	}
}

/* A process of this policy cannot fork, but for RESET_ON_FORK; and a hook is a fork. */
void validate_hooks_can_run(const struct config *config, struct config_errors *errors)
{
	const struct config_scheduler *scheduler = config->process ? config->process->scheduler
								   : NULL;
	if (!scheduler || !scheduler->policy || scheduler->policy->value != SCHED_DEADLINE ||
		(!config->hooks.create_container.count && !config->hooks.start_container.count))
		return;
	for (size_t i = 0; i < scheduler->flags.count; i++)
		if (scheduler->flags.items[i] &&
			scheduler->flags.items[i]->value == SCHED_FLAG_RESET_ON_FORK)
			return;
	config_errors_add(errors,
		"process.scheduler.flags: a process of SCHED_DEADLINE cannot start the hooks that "
		"run inside; add SCHED_FLAG_RESET_ON_FORK");
}

/* --- memory nodes ----------------------------------------------------------------------------- */

#define POLICY "linux.memoryPolicy."

static uint64_t all_flags(const struct config_memory_policy *policy)
{
	uint64_t flags = 0;
	for (size_t i = 0; i < policy->flags.count; i++)
		if (policy->flags.items[i])
			flags |= policy->flags.items[i]->value;
	return flags;
}

static void validate_policy_flags(const struct config_memory_policy *policy, size_t nodes,
	struct config_errors *errors)
{
	uint64_t flags = all_flags(policy), mode = policy->mode->value;
	uint64_t of_nodes = flags & (MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES);
	if (of_nodes == (MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES))
		config_errors_add(errors,
			POLICY "flags: MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES exclude each "
			       "other");
	else if (of_nodes && nodes == 0)
		config_errors_add(errors,
			POLICY "flags: say how to read nodes, and there are none");
	else if (flags & MPOL_F_NUMA_BALANCING && mode != MPOL_BIND && mode != MPOL_PREFERRED_MANY)
		config_errors_add(errors,
			POLICY
			"flags: MPOL_F_NUMA_BALANCING goes with MPOL_BIND and MPOL_PREFERRED_MANY, "
			"not with %s",
			policy->mode->name);
}

void validate_memory_policy(const struct config_memory_policy *policy, struct config_errors *errors)
{
	struct number_set nodes;
	if (!number_list_read(policy->nodes, &nodes)) {
		config_errors_add(errors,
			POLICY "nodes: expected a list such as \"0-3,7\", found %s",
			quoted(policy->nodes));
		return;
	}
	if (!policy->mode)
		return;
	uint64_t mode = policy->mode->value;
	bool none = mode == MPOL_DEFAULT || mode == MPOL_LOCAL;
	if (none && nodes.count > 0)
		config_errors_add(errors, POLICY "nodes: %s takes none, found %s",
			policy->mode->name, quoted(policy->nodes));
	else if (!none && mode != MPOL_PREFERRED && nodes.count == 0)
		config_errors_add(errors, POLICY "nodes: %s needs at least one",
			policy->mode->name);
	else
		validate_policy_flags(policy, nodes.count, errors);
}
