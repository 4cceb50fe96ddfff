/*
 * What is written into which file for a limit, in both versions of cgroups, and what the flags make
 * of their values.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
/* The project has a function of that name. */
#undef fail

#include "4-cgroups/limits.h"
#include "4-cgroups/options.h"
#include "common/cleanup.h"
#include "common/error.h"

#define SET(number)                                                                                \
	{                                                                                          \
		.set = true, .value = (number)                                                     \
	}

/* --- helpers ---------------------------------------------------------------------------------- */

static int note(void *where, const char *file, const char *text)
{
	fprintf(where, "%s=%s;", file, text);
	return 0;
}

/* All that is written, controller by controller: "file=text;file=text;". */
static void assert_written(const struct cgroup_limits *limits, enum cgroup_version version,
	const char *expected)
{
	_cleanup_free char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	assert_non_null(out);
	for (enum controller c = 0; c < CONTROLLER_COUNT; c++)
		assert_int_equal(limits_write(limits, c, version, note, out), 0);
	fclose(out);
	assert_string_equal(text, expected);
}

static void assert_weight(int64_t shares, const char *expected)
{
	struct cgroup_limits limits = {.cpu_shares = SET(shares)};
	assert_written(&limits, CGROUP_V2, expected);
}

/* Reads one flag into @options; returns what its reader does, and forgets an error. */
static int read_flag(struct limit_options *options, const char *name, const char *value)
{
	const struct flag *flag = limit_flags;
	while (flag->name && strcmp(flag->name, name) != 0)
		flag++;
	assert_non_null(flag->name);
	int result = flag->read(name, value, (char *)options + flag->offset);
	if (result < 0)
		assert_memory_equal(error_message(), name, strlen(name));
	error_clear();
	return result;
}

/* --- both versions ---------------------------------------------------------------------------- */

static void nothing_asked_nothing_written(void **state)
{
	(void)state;
	struct cgroup_limits limits = {};
	assert_written(&limits, CGROUP_V1, "");
	assert_written(&limits, CGROUP_V2, "");
	assert_int_equal(limits_controllers(&limits), 0);
	assert_int_equal(limits_check(&limits), 0);
}

static void memory_and_swap(void **state)
{
	(void)state;
	struct cgroup_limits limits = {
		.memory = SET(64 << 20),
		.memory_reservation = SET(1 << 20),
		.memory_swap = SET(96 << 20),
	};
	assert_written(&limits, CGROUP_V1,
		"memory.limit_in_bytes=67108864;memory.memsw.limit_in_bytes=100663296;"
		"memory.soft_limit_in_bytes=1048576;");
	assert_written(&limits, CGROUP_V2,
		"memory.max=67108864;memory.swap.max=33554432;memory.low=1048576;");
	assert_int_equal(limits_controllers(&limits), 1u << CONTROLLER_MEMORY);
}

static void unlimited_memory(void **state)
{
	(void)state;
	struct cgroup_limits limits = {.memory = SET(-1), .memory_swap = SET(-1)};
	assert_int_equal(limits_check(&limits), 0);
	assert_written(&limits, CGROUP_V1,
		"memory.limit_in_bytes=-1;memory.memsw.limit_in_bytes=-1;");
	assert_written(&limits, CGROUP_V2, "memory.max=max;memory.swap.max=max;");
}

static void no_swap_at_all(void **state)
{
	(void)state;
	struct cgroup_limits limits = {.memory = SET(4096), .memory_swap = SET(4096)};
	assert_int_equal(limits_check(&limits), 0);
	assert_written(&limits, CGROUP_V2, "memory.max=4096;memory.swap.max=0;");
}

static void swap_that_makes_no_sense(void **state)
{
	(void)state;
	struct cgroup_limits alone = {.memory_swap = SET(4096)};
	struct cgroup_limits less = {.memory = SET(8192), .memory_swap = SET(4096)};
	assert_int_equal(limits_check(&alone), -1);
	error_clear();
	assert_int_equal(limits_check(&less), -1);
	error_clear();
}

static void cpu_quota_and_period(void **state)
{
	(void)state;
	struct cgroup_limits both = {.cpu_quota = SET(50000), .cpu_period = SET(100000)};
	assert_written(&both, CGROUP_V1, "cpu.cfs_period_us=100000;cpu.cfs_quota_us=50000;");
	assert_written(&both, CGROUP_V2, "cpu.max=50000 100000;");
	struct cgroup_limits quota = {.cpu_quota = SET(-1)};
	assert_written(&quota, CGROUP_V1, "cpu.cfs_quota_us=-1;");
	assert_written(&quota, CGROUP_V2, "cpu.max=max;");
	struct cgroup_limits period = {.cpu_period = SET(20000)};
	assert_written(&period, CGROUP_V2, "cpu.max=max 20000;");
}

static void cpu_burst_comes_after_the_quota(void **state)
{
	(void)state;
	struct cgroup_limits limits = {.cpu_burst = SET(1000),
		.cpu_quota = SET(2000),
		.cpu_idle = SET(0)};
	assert_written(&limits, CGROUP_V1,
		"cpu.cfs_quota_us=2000;cpu.cfs_burst_us=1000;cpu.idle=0;");
	assert_written(&limits, CGROUP_V2, "cpu.max=2000;cpu.max.burst=1000;cpu.idle=0;");
}

static void cpu_shares_become_a_weight(void **state)
{
	(void)state;
	assert_weight(2, "cpu.weight=1;");
	assert_weight(1024, "cpu.weight=100;");
	assert_weight(262144, "cpu.weight=10000;");
	assert_weight(0, "cpu.weight=1;");
	assert_weight(1 << 20, "cpu.weight=10000;");
	assert_weight(512, "cpu.weight=59;");
	struct cgroup_limits limits = {.cpu_shares = SET(512)};
	assert_written(&limits, CGROUP_V1, "cpu.shares=512;");
}

static void cpuset_and_pids(void **state)
{
	(void)state;
	struct cgroup_limits limits = {.cpuset_cpus = "0-1", .cpuset_mems = "0", .pids = SET(20)};
	const char *expected = "cpuset.cpus=0-1;cpuset.mems=0;pids.max=20;";
	assert_written(&limits, CGROUP_V1, expected);
	assert_written(&limits, CGROUP_V2, expected);
	assert_int_equal(limits_controllers(&limits),
		1u << CONTROLLER_CPUSET | 1u << CONTROLLER_PIDS);
	struct cgroup_limits unlimited = {.pids = SET(-1)};
	assert_written(&unlimited, CGROUP_V1, "pids.max=max;");
	struct cgroup_limits none = {.pids = SET(0)};
	assert_written(&none, CGROUP_V2, "pids.max=0;");
}

static void disks(void **state)
{
	(void)state;
	const struct throttle throttles[] = {
		{READ_BYTES, 8, 0, 1048576},
		{WRITE_BYTES, 8, 16, UINT64_MAX},
		{READ_OPERATIONS, 8, 0, 100},
		{WRITE_OPERATIONS, 8, 0, 0},
	};
	struct cgroup_limits limits = {.blkio_weight = SET(10),
		.throttles = throttles,
		.throttle_count = 4};
	assert_written(&limits, CGROUP_V1,
		"blkio.bfq.weight=10;"
		"blkio.throttle.read_bps_device=8:0 1048576;"
		"blkio.throttle.write_bps_device=8:16 18446744073709551615;"
		"blkio.throttle.read_iops_device=8:0 100;"
		"blkio.throttle.write_iops_device=8:0 0;");
	assert_written(&limits, CGROUP_V2,
		"io.weight=1;io.max=8:0 rbps=1048576;io.max=8:16 wbps=18446744073709551615;"
		"io.max=8:0 riops=100;io.max=8:0 wiops=max;");
	assert_int_equal(limits_controllers(&limits), 1u << CONTROLLER_BLKIO);
	struct cgroup_limits most = {.blkio_weight = SET(1000)};
	assert_written(&most, CGROUP_V2, "io.weight=10000;");
}

static int refuse(void *where, const char *file, const char *text)
{
	(void)file;
	(void)text;
	(*(int *)where)++;
	return -1;
}

static void the_first_failure_ends_it(void **state)
{
	(void)state;
	struct cgroup_limits limits = {.memory = SET(4096), .memory_swap = SET(4096)};
	int calls = 0;
	assert_int_equal(limits_write(&limits, CONTROLLER_MEMORY, CGROUP_V1, refuse, &calls), -1);
	assert_int_equal(calls, 1);
}

/* --- flags ------------------------------------------------------------------------------------ */

static void flags_in_any_order(void **state)
{
	(void)state;
	struct limit_options options = {};
	assert_int_equal(read_flag(&options, "swap", "32M"), 0);
	assert_int_equal(read_flag(&options, "memory", "64M"), 0);
	assert_int_equal(read_flag(&options, "cpus", "1.25"), 0);
	assert_int_equal(read_flag(&options, "pids", "7"), 0);
	assert_int_equal(read_flag(&options, "cpuset", "0"), 0);
	assert_int_equal(read_flag(&options, "io-read-bps", "8:0:1M"), 0);
	assert_int_equal(read_flag(&options, "io-write-bps", "259:3:512K"), 0);
	assert_int_equal(limit_options_settle(&options), 0);
	assert_written(&options.limits, CGROUP_V2,
		"cpu.max=125000 100000;cpuset.cpus=0;memory.max=67108864;"
		"memory.swap.max=33554432;pids.max=7;io.max=8:0 rbps=1048576;"
		"io.max=259:3 wbps=524288;");
	free(options.throttles);
}

static void swap_flag_without_memory(void **state)
{
	(void)state;
	struct limit_options options = {};
	assert_int_equal(read_flag(&options, "swap", "0"), 0);
	assert_int_equal(limit_options_settle(&options), -1);
	error_clear();
}

static void bad_values_are_refused_by_name(void **state)
{
	(void)state;
	static const char *const bad[][2] = {
		{"memory", ""},
		{"memory", "x"},
		{"memory", "0"},
		{"memory", "-1"},
		{"memory", "64MB"},
		{"memory", "1.5G"},
		{"memory", "9223372036854775808"},
		{"memory", "8388608T"},
		{"swap", "-1"},
		{"swap", " 1"},
		{"pids", "0"},
		{"pids", "4194305"},
		{"pids", "1 "},
		{"cpus", ""},
		{"cpus", "0"},
		{"cpus", "0.001"},
		{"cpus", "1."},
		{"cpus", ".5"},
		{"cpus", "1.2345"},
		{"cpus", "1,5"},
		{"cpus", "-1"},
		{"cpus", "8193"},
		{"cpus", "99999"},
		{"cpus", "1e3"},
		{"cpuset", ""},
		{"cpuset", "a"},
		{"cpuset", "1-0"},
		{"cpuset", "0,"},
		{"cpuset", "0-"},
		{"cpuset", "100000"},
		{"cpuset", "0 1"},
		{"io-read-bps", ""},
		{"io-read-bps", "1M"},
		{"io-read-bps", ":1M"},
		{"io-read-bps", "8:0:"},
		{"io-read-bps", "8:0"},
		{"io-read-bps", "8:x:1M"},
		{"io-write-bps", "/dev/null:1M"},
		{"io-write-bps", "/missing:1M"},
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct limit_options options = {};
		if (read_flag(&options, bad[i][0], bad[i][1]) == 0)
			assert_string_equal(bad[i][1], "refused");
		free(options.throttles);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_asked_nothing_written),
		cmocka_unit_test(memory_and_swap),
		cmocka_unit_test(unlimited_memory),
		cmocka_unit_test(no_swap_at_all),
		cmocka_unit_test(swap_that_makes_no_sense),
		cmocka_unit_test(cpu_quota_and_period),
		cmocka_unit_test(cpu_burst_comes_after_the_quota),
		cmocka_unit_test(cpu_shares_become_a_weight),
		cmocka_unit_test(cpuset_and_pids),
		cmocka_unit_test(disks),
		cmocka_unit_test(the_first_failure_ends_it),
		cmocka_unit_test(flags_in_any_order),
		cmocka_unit_test(swap_flag_without_memory),
		cmocka_unit_test(bad_values_are_refused_by_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
