/*
 * Each controller counts what it limits, in files beside those of the limits. The shape of the JSON
 * is older than version 2 of cgroups: where v2 counts in another unit or under another name, it is
 * put into the words of v1.
 */
#include "7-runtime/resources/statistics.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "7-runtime/resources/statistics_files.h"
#include "common/cleanup.h"
#include "common/error.h"

enum { MICROSECOND = 1000 };

/* --- cpu -------------------------------------------------------------------------------------- */

/* "12 34 ": a number a processor. */
static void put_processors(struct json_object *usage, const char *name,
	const struct counter *counter, const char *file)
{
	_cleanup_free char *text = counter_text(counter, file);
	char *rest = NULL;
	struct json_object *list = text ? json_object_new_array() : NULL;
	for (char *word = text ? strtok_r(text, " \n", &rest) : NULL; word;
		word = strtok_r(NULL, " \n", &rest))
		json_object_array_add(list, json_object_new_uint64(strtoull(word, NULL, 10)));
	if (list)
		json_object_object_add(usage, name, list);
}

static void usage_v1(struct json_object *usage, const struct cgroup *cgroup)
{
	_cleanup_counter struct counter counter = counter_open(cgroup, CONTROLLER_CPUACCT);
	put_unless_0(usage, "total", counter_number(&counter, "cpuacct.usage"));
	put_processors(usage, "percpu", &counter, "cpuacct.usage_percpu");
	put_processors(usage, "percpu_kernel", &counter, "cpuacct.usage_percpu_sys");
	put_processors(usage, "percpu_user", &counter, "cpuacct.usage_percpu_user");
	put_number(usage, "kernel", counter_number(&counter, "cpuacct.usage_sys"));
	put_number(usage, "user", counter_number(&counter, "cpuacct.usage_user"));
}

static void usage_v2(struct json_object *usage, const struct counter *counter)
{
	put_unless_0(usage, "total", counter_key(counter, "cpu.stat", "usage_usec") * MICROSECOND);
	put_number(usage, "kernel", counter_key(counter, "cpu.stat", "system_usec") * MICROSECOND);
	put_number(usage, "user", counter_key(counter, "cpu.stat", "user_usec") * MICROSECOND);
}

/* cpu.stat is there in v2 without the controller, too. */
static struct counter open_cpu(const struct cgroup *cgroup)
{
	struct counter counter = counter_open(cgroup, CONTROLLER_CPU);
	return counter.directory ? counter : counter_open(cgroup, CONTROLLER_CPUACCT);
}

static void put_cpu(struct json_object *whole, const struct cgroup *cgroup)
{
	_cleanup_counter struct counter counter = open_cpu(cgroup);
	struct json_object *cpu = put_object(whole, "cpu"), *usage = put_object(cpu, "usage");
	bool v1 = counter.version == CGROUP_V1;
	if (v1)
		usage_v1(usage, cgroup);
	else
		usage_v2(usage, &counter);
	struct json_object *throttling = put_object(cpu, "throttling");
	put_unless_0(throttling, "periods", counter_key(&counter, "cpu.stat", "nr_periods"));
	put_unless_0(throttling, "throttledPeriods",
		counter_key(&counter, "cpu.stat", "nr_throttled"));
	put_unless_0(throttling, "throttledTime",
		v1 ? counter_key(&counter, "cpu.stat", "throttled_time")
		   : counter_key(&counter, "cpu.stat", "throttled_usec") * MICROSECOND);
	put_pressure(cpu, &counter, "cpu.pressure");
}

/* --- cpuset ----------------------------------------------------------------------------------- */

/* "0-2,4" as [0, 1, 2, 4]; see "List format" in cpuset(7). */
static void put_set(struct json_object *object, const char *name, const struct counter *counter,
	const char *file)
{
	_cleanup_free char *text = counter_text(counter, file);
	char *at = text;
	struct json_object *list = json_object_new_array();
	while (at && *at >= '0' && *at <= '9') {
		unsigned long first = strtoul(at, &at, 10), last = first;
		if (*at == '-')
			last = strtoul(at + 1, &at, 10);
		for (; first <= last; first++)
			json_object_array_add(list, json_object_new_uint64(first));
		at += *at == ',';
	}
	if (json_object_array_length(list) > 0)
		json_object_object_add(object, name, list);
	else
		json_object_put(list);
}

static void put_cpuset(struct json_object *whole, const struct cgroup *cgroup)
{
	static const char *const numbers[][2] = {
		{"cpu_exclusive", "cpuset.cpu_exclusive"},
		{"mem_hardwall", "cpuset.mem_hardwall"},
		{"mem_exclusive", "cpuset.mem_exclusive"},
		{"memory_migrate", "cpuset.memory_migrate"},
		{"memory_spread_page", "cpuset.memory_spread_page"},
		{"memory_spread_slab", "cpuset.memory_spread_slab"},
		{"memory_pressure", "cpuset.memory_pressure"},
		{"sched_load_balance", "cpuset.sched_load_balance"},
	};
	_cleanup_counter struct counter counter = counter_open(cgroup, CONTROLLER_CPUSET);
	struct json_object *cpuset = put_object(whole, "cpuset");
	put_set(cpuset, "cpus", &counter, "cpuset.cpus");
	put_set(cpuset, "mems", &counter, "cpuset.mems");
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		put_number(cpuset, numbers[i][0], counter_number(&counter, numbers[i][1]));
	/* -1 is the usual one. */
	json_object_object_add(cpuset, "sched_relax_domain_level",
		json_object_new_int64(
			(int64_t)counter_number(&counter, "cpuset.sched_relax_domain_level")));
}

/* --- the whole -------------------------------------------------------------------------------- */

static void put_pids(struct json_object *whole, const struct cgroup *cgroup)
{
	_cleanup_counter struct counter counter = counter_open(cgroup, CONTROLLER_PIDS);
	struct json_object *pids = put_object(whole, "pids");
	uint64_t limit = counter_number(&counter, "pids.max");
	put_unless_0(pids, "current", counter_number(&counter, "pids.current"));
	put_unless_0(pids, "limit", limit == UINT64_MAX ? 0 : limit);
}

struct json_object *statistics_read(const struct cgroup *cgroup, const struct resctrl *resctrl)
{
	if (!cgroup_exists(cgroup)) {
		fail("the container has no cgroup, so nothing is counted");
		return NULL;
	}
	struct json_object *whole = json_object_new_object();
	if (!whole) {
		fail("out of memory");
		return NULL;
	}
	put_cpu(whole, cgroup);
	put_cpuset(whole, cgroup);
	statistics_memory(whole, cgroup);
	put_pids(whole, cgroup);
	statistics_io(whole, cgroup);
	statistics_huge_pages(whole, cgroup);
	statistics_rdt(whole, resctrl, RESCTRL_ROOT);
	json_object_object_add(whole, "network_interfaces", NULL);
	return whole;
}
