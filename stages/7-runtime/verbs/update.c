/*
 * cooper update: other limits for a container that runs.
 *
 * From flags, or from a file with an object like linux.resources, which goes through the same table
 * and the same checks as a config does.
 */
#include <ctype.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "6-oci/arena.h"
#include "6-oci/config_tables.h"
#include "6-oci/json.h"
#include "7-runtime/record.h"
#include "7-runtime/resources/resources.h"
#include "7-runtime/systemd/scope.h"
#include "7-runtime/verbs/update_rdt.h"
#include "7-runtime/verbs/verbs.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/flags.h"
#include "common/step.h"
#include "common/text.h"

enum { STAGE = 7 };

struct number {
	bool set;
	int64_t value;
};

static struct {
	const char *file;
	struct number blkio_weight, cpu_period, cpu_quota, cpu_burst, cpu_share, cpu_idle;
	struct number cpu_rt_period, cpu_rt_runtime;
	const char *cpuset_cpus, *cpuset_mems;
	struct number memory, memory_reservation, memory_swap, kernel_memory, kernel_memory_tcp;
	struct number pids_limit;
	struct rdt_update rdt;
} options;

/* --- flags ------------------------------------------------------------------------------------ */

static int read_number(const char *flag, const char *value, void *target)
{
	struct number *number = target;
	number->set = true;
	return text_number(flag, value, -1, INT64_MAX, &number->value);
}

/* There is no "no limit". */
static int read_count(const char *flag, const char *value, void *target)
{
	struct number *number = target;
	number->set = true;
	return text_number(flag, value, 0, INT64_MAX, &number->value);
}

static int read_weight(const char *flag, const char *value, void *target)
{
	struct number *number = target;
	number->set = true;
	return text_number(flag, value, 0, 1000, &number->value);
}

/* "64M", and also "64MB" and "64MiB"; -1 for no limit; 0 to leave it as it is. */
static int read_size(const char *flag, const char *value, void *target)
{
	struct number *number = target;
	number->set = true;
	if (!strcmp(value, "-1") || !strcmp(value, "0"))
		return text_number(flag, value, -1, 0, &number->value);
	_cleanup_free char *size = strdup(value);
	if (!size)
		return fail("out of memory");
	size_t length = strlen(size);
	if (length > 1 && tolower((unsigned char)size[length - 1]) == 'b')
		size[--length] = '\0';
	if (length > 1 && tolower((unsigned char)size[length - 1]) == 'i')
		size[--length] = '\0';
	return text_size(flag, size, &number->value);
}

#define AT(member) offsetof(typeof(options), member)

static const struct flag flags[] = {
	{"resources", "FILE", "a file (-: standard input) with linux.resources", flag_text,
		AT(file), 'r'},
	{"blkio-weight", "NUMBER", "10 to 1000, among those who compete", read_weight,
		AT(blkio_weight)},
	{"cpu-period", "USEC", "the period of the quota", read_count, AT(cpu_period)},
	{"cpu-quota", "USEC", "processor time in each period", read_number, AT(cpu_quota)},
	{"cpu-burst", "USEC", "unused quota that may be saved up", read_count, AT(cpu_burst)},
	{"cpu-share", "NUMBER", "2 to 262144, among those who compete", read_count, AT(cpu_share)},
	{"cpu-rt-period", "USEC", "the period for realtime", read_count, AT(cpu_rt_period)},
	{"cpu-rt-runtime", "USEC", "realtime in each period", read_number, AT(cpu_rt_runtime)},
	{"cpuset-cpus", "LIST", "the processors to run on: 0-1,3", flag_text, AT(cpuset_cpus)},
	{"cpuset-mems", "LIST", "the memory nodes to use", flag_text, AT(cpuset_mems)},
	{"cpu-idle", "NUMBER", "1: only when nobody else wants to run", read_number, AT(cpu_idle)},
	{"memory", "SIZE", "memory: 64M, 1G; -1: no limit", read_size, AT(memory)},
	{"memory-reservation", "SIZE", "memory that stays when others need it", read_size,
		AT(memory_reservation)},
	{"memory-swap", "SIZE", "memory and swap together; -1: no limit", read_size,
		AT(memory_swap)},
	{"kernel-memory", "SIZE", "for old kernels only", read_size, AT(kernel_memory)},
	{"kernel-memory-tcp", "SIZE", "for cgroup v1 only", read_size, AT(kernel_memory_tcp)},
	{"pids-limit", "NUMBER", "processes and threads; -1: no limit", read_number,
		AT(pids_limit)},
	{"l3-cache-schema", "SCHEMA", "Intel RDT: the L3 cache", flag_text, AT(rdt.l3_cache)},
	{"mem-bw-schema", "SCHEMA", "Intel RDT: the memory bandwidth", flag_text,
		AT(rdt.memory_bandwidth)},
	{},
};

/* All numbers of the config have 64 bits, but for this one. */
static uint16_t weight;

static void read_flags(struct config_resources *resources)
{
#define SIGNED(member)   ((member).set ? &(member).value : NULL)
#define UNSIGNED(member) ((member).set ? (uint64_t *)&(member).value : NULL)
	weight = (uint16_t)options.blkio_weight.value;
	*resources = (struct config_resources){
		.memory = {.limit = SIGNED(options.memory),
			.reservation = SIGNED(options.memory_reservation),
			.swap = SIGNED(options.memory_swap),
			.kernel = SIGNED(options.kernel_memory),
			.kernel_tcp = SIGNED(options.kernel_memory_tcp)},
		.cpu = {.shares = UNSIGNED(options.cpu_share),
			.quota = SIGNED(options.cpu_quota),
			.burst = UNSIGNED(options.cpu_burst),
			.period = UNSIGNED(options.cpu_period),
			.realtime_runtime = SIGNED(options.cpu_rt_runtime),
			.realtime_period = UNSIGNED(options.cpu_rt_period),
			.cpus = (char *)options.cpuset_cpus,
			.mems = (char *)options.cpuset_mems,
			.idle = SIGNED(options.cpu_idle)},
		.block_io.weight = options.blkio_weight.set ? &weight : NULL,
		.pids.limit = SIGNED(options.pids_limit),
	};
#undef SIGNED
#undef UNSIGNED
}

/* --- the file --------------------------------------------------------------------------------- */

static int read_file(struct config_resources *resources, struct arena *arena)
{
	step_for("--resources");
	bool is_input = !strcmp(options.file, "-");
	const char *name = is_input ? "standard input" : options.file;
	struct json_object *json = is_input ? json_read_from(STDIN_FILENO, name)
					    : json_read(AT_FDCWD, name, name, NULL);
	struct json_object *whole = json ? json_object_new_object() : NULL;
	if (!whole) {
		json_object_put(json);
		return -1;
	}
	json_object_object_add(whole, "linux.resources", json);
	struct config_errors errors = {};
	struct decoder decoder = {.arena = arena, .errors = &errors, .stage = STAGE};
	decode(&decoder, whole, &config_resources_table, resources);
	json_object_put(whole);
	int result = errors.count
			     ? fail("%s: %s", name, errors.kept ? errors.lines[0] : "out of memory")
			     : 0;
	config_errors_free(&errors);
	if (result == 0)
		step_for(NULL);
	return result;
}

/* --- the command ------------------------------------------------------------------------------ */

static int update_cgroup(const struct record *record, struct config_resources *resources)
{
	struct cgroup cgroup;
	if (!record->cgroup)
		return fail("the container has no cgroup, so it has no limits");
	int result = cgroup_open(&cgroup, record->cgroup);
	if (result == 0 && !cgroup_exists(&cgroup))
		result = fail("the container has no cgroup, so it has no limits");
	/* That may borrow a limit for the time it takes. */
	int64_t *memory = resources->memory.limit;
	if (result == 0)
		result = resources_update(resources, &cgroup);
	resources->memory.limit = memory;
	if (result == 0)
		result = systemd_update(record, resources);
	cgroup_close(&cgroup);
	return result;
}

static int update_container(const struct record *record)
{
	enum status status = record_status(record);
	if (status != CREATED && status != RUNNING && status != PAUSED)
		return fail("container not running: it is %s", status_name(status));
	struct config_resources resources = {};
	if (options.file && read_file(&resources, record->arena) < 0)
		return -1;
	if (!options.file)
		read_flags(&resources);
	if (rdt_update_check(&options.rdt, record) < 0 || update_cgroup(record, &resources) < 0)
		return -1;
	return rdt_update(&options.rdt, record);
}

static int update(char **operands)
{
	struct record record;
	int result = record_open(&record, operands[0], true);
	if (result == 0)
		result = update_container(&record);
	record_close(&record);
	return result < 0 ? error_report() : 0;
}

static const struct flag_group groups[] = {{flags, &options}, {}};

const struct verb verb_update = {
	.name = "update",
	.run = update,
	.summary = "change the limits of a container",
	.usage = "update [options] ID",
	.about = "Changes limits of the container ID; those not given stay as they are. With\n"
		 "--resources the flags for limits count for nothing.",
	.groups = groups,
	.operands = 1,
};
