/*
 * A limit has one meaning and two spellings. Cgroup v1 and v2 keep it in files with different
 * names, and some in different units: processor shares became a weight, "memory and swap together"
 * became swap alone. The table below is the dictionary. The limits themselves are kept as the OCI
 * specification has them, in the units of v1.
 *
 * What must hold: the order. The kernel checks a write against what stands in the other files
 * (memory with swap may not be less than memory, a burst not more than the quota), so a row comes
 * after those that it depends on.
 *
 * See Documentation/admin-guide/cgroup-v1/ and cgroup-v2.rst in the kernel's sources.
 */
#include "4-cgroups/limits.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/error.h"

enum { TEXT_SIZE = 128, WEIGHT_MOST = 10000, SHARES_LEAST = 2, SHARES_MOST = 262144 };

/* Puts what to write into @text; returns whether there is anything to write. */
typedef bool limit_spelling(const struct cgroup_limits *limits, const struct limit *limit,
	char text[TEXT_SIZE]);

static bool number(const struct cgroup_limits *limits, const struct limit *limit, char *text)
{
	(void)limits;
	snprintf(text, TEXT_SIZE, "%" PRId64, limit->value);
	return true;
}

static bool number_or_max(const struct cgroup_limits *limits, const struct limit *limit, char *text)
{
	if (limit->value < 0)
		snprintf(text, TEXT_SIZE, "max");
	else
		number(limits, limit, text);
	return true;
}

/* Version 2 counts swap alone. */
static bool swap_alone(const struct cgroup_limits *limits, const struct limit *limit, char *text)
{
	struct limit swap = *limit;
	if (swap.value >= 0)
		swap.value -= limits->memory.value;
	return number_or_max(limits, &swap, text);
}

/*
 * Shares of 2, 1024 and 262144 are weights of 1, 100 and 10000: the ends and the defaults of both
 * scales meet. Between them runs the curve that runtimes have agreed on, 10^((l^2 + 125 l) / 612 -
 * 7/34) for shares of 2^l.
 */
static bool weight_of_shares(const struct cgroup_limits *limits, const struct limit *limit,
	char *text)
{
	int64_t weight = 1;
	(void)limits;
	if (limit->value >= SHARES_MOST) {
		weight = WEIGHT_MOST;
	} else if (limit->value > SHARES_LEAST) {
		double l = log2((double)limit->value);
		weight = (int64_t)ceil(pow(10, (l * l + 125 * l) / 612 - 7.0 / 34));
	}
	snprintf(text, TEXT_SIZE, "%" PRId64, weight);
	return true;
}

/* From 10..1000 to 1..10000. */
static bool weight_of_blkio_weight(const struct cgroup_limits *limits, const struct limit *limit,
	char *text)
{
	(void)limits;
	snprintf(text, TEXT_SIZE, "%" PRId64, 1 + (limit->value - 10) * (WEIGHT_MOST - 1) / 990);
	return true;
}

/* Version 2 has quota and period in one file. Without a period the kernel keeps the one it has. */
static bool quota_and_period(const struct cgroup_limits *limits, const struct limit *limit,
	char *text)
{
	number_or_max(limits, limit, text);
	if (limits->cpu_period.set)
		snprintf(text + strlen(text), TEXT_SIZE - strlen(text), " %" PRId64,
			limits->cpu_period.value);
	return true;
}

static bool period_alone(const struct cgroup_limits *limits, const struct limit *limit, char *text)
{
	snprintf(text, TEXT_SIZE, "max %" PRId64, limit->value);
	return !limits->cpu_quota.set;
}

#define OF(member) offsetof(struct cgroup_limits, member)

/* The row's limit; its file and how it is spelled there, in version 1 and in version 2. */
static const struct row {
	enum controller controller;
	size_t limit;
	const char *v1;
	limit_spelling *v1_spelling;
	const char *v2;
	limit_spelling *v2_spelling;
} rows[] = {
	/* Task 4.2: the rows of memory, of memory_swap and of pids. Version 1 knows -1 for
	 * "unlimited" (but for pids), version 2 the word "max".
	 *
	 * Until then: {},
	 */
	{CONTROLLER_MEMORY, OF(memory), "memory.limit_in_bytes", number, "memory.max",
		number_or_max},
	{CONTROLLER_MEMORY, OF(memory_swap), "memory.memsw.limit_in_bytes", number,
		"memory.swap.max", swap_alone},
	{CONTROLLER_PIDS, OF(pids), "pids.max", number_or_max, "pids.max", number_or_max},
	/* End of task 4.2. */
	{CONTROLLER_MEMORY, OF(memory_reservation), "memory.soft_limit_in_bytes", number,
		"memory.low", number_or_max},
	{CONTROLLER_CPU, OF(cpu_shares), "cpu.shares", number, "cpu.weight", weight_of_shares},
	{CONTROLLER_CPU, OF(cpu_period), "cpu.cfs_period_us", number, "cpu.max", period_alone},
	{CONTROLLER_CPU, OF(cpu_quota), "cpu.cfs_quota_us", number, "cpu.max", quota_and_period},
	{CONTROLLER_CPU, OF(cpu_burst), "cpu.cfs_burst_us", number, "cpu.max.burst", number},
	{CONTROLLER_CPU, OF(cpu_idle), "cpu.idle", number, "cpu.idle", number},
	{CONTROLLER_BLKIO, OF(blkio_weight), "blkio.bfq.weight", number, "io.weight",
		weight_of_blkio_weight},
	{},
};

static const struct {
	const char *v1_file, *v2_key;
} throttles[] = {
	[READ_BYTES] = {"blkio.throttle.read_bps_device", "rbps"},
	[WRITE_BYTES] = {"blkio.throttle.write_bps_device", "wbps"},
	[READ_OPERATIONS] = {"blkio.throttle.read_iops_device", "riops"},
	[WRITE_OPERATIONS] = {"blkio.throttle.write_iops_device", "wiops"},
};

static const struct limit *limit_of(const struct cgroup_limits *limits, const struct row *row)
{
	return (const struct limit *)((const char *)limits + row->limit);
}

int limits_check(const struct cgroup_limits *limits)
{
	const struct limit *memory = &limits->memory, *swap = &limits->memory_swap;
	if (!swap->set || swap->value < 0)
		return 0;
	if (!memory->set || memory->value < 0)
		return fail("a limit on swap needs one on memory, too");
	if (swap->value < memory->value)
		return fail("memory and swap together (%" PRId64
			    " bytes) are limited to less than memory alone (%" PRId64 ")",
			swap->value, memory->value);
	return 0;
}

unsigned limits_controllers(const struct cgroup_limits *limits)
{
	unsigned asked = limits->controllers;
	for (const struct row *row = rows; row->v1; row++)
		if (limit_of(limits, row)->set)
			asked |= 1u << row->controller;
	if (limits->cpuset_cpus || limits->cpuset_mems)
		asked |= 1u << CONTROLLER_CPUSET;
	if (limits->throttle_count > 0)
		asked |= 1u << CONTROLLER_BLKIO;
	return asked;
}

static int write_cpuset(const struct cgroup_limits *limits, limit_writer *write, void *where)
{
	if (limits->cpuset_cpus && write(where, "cpuset.cpus", limits->cpuset_cpus) < 0)
		return -1;
	return limits->cpuset_mems ? write(where, "cpuset.mems", limits->cpuset_mems) : 0;
}

static int write_throttle(const struct throttle *throttle, enum cgroup_version version,
	limit_writer *write, void *where)
{
	char text[TEXT_SIZE], rate[24] = "max";
	if (version == CGROUP_V1 || throttle->rate > 0)
		snprintf(rate, sizeof(rate), "%" PRIu64, throttle->rate);
	if (version == CGROUP_V1) {
		snprintf(text, sizeof(text), "%u:%u %s", throttle->major, throttle->minor, rate);
		return write(where, throttles[throttle->kind].v1_file, text);
	}
	snprintf(text, sizeof(text), "%u:%u %s=%s", throttle->major, throttle->minor,
		throttles[throttle->kind].v2_key, rate);
	return write(where, "io.max", text);
}

int limits_write(const struct cgroup_limits *limits, enum controller controller,
	enum cgroup_version version, limit_writer *write, void *where)
{
	char text[TEXT_SIZE];
	for (const struct row *row = rows; row->v1; row++) {
		const struct limit *limit = limit_of(limits, row);
		limit_spelling *spell = version == CGROUP_V1 ? row->v1_spelling : row->v2_spelling;
		if (row->controller == controller && limit->set && spell(limits, limit, text) &&
			write(where, version == CGROUP_V1 ? row->v1 : row->v2, text) < 0)
			return -1;
	}
	if (controller == CONTROLLER_CPUSET && write_cpuset(limits, write, where) < 0)
		return -1;
	for (size_t i = 0; controller == CONTROLLER_BLKIO && i < limits->throttle_count; i++)
		if (write_throttle(&limits->throttles[i], version, write, where) < 0)
			return -1;
	return 0;
}
