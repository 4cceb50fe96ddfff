/*
 * People say "half a processor" and "64M on this disk"; the kernel wants microseconds in a period,
 * and devices by number. Every number is checked here, so that a wrong one is refused under the
 * name of its flag, before anything has been made.
 */
#include "4-cgroups/options.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"
#include "common/text.h"

enum {
	PERIOD = 100000,        /* microseconds; the kernel's default */
	PROCESSORS_MOST = 8192, /* that a Linux kernel can be built for */
	PIDS_MOST = 4194304,    /* PID_MAX_LIMIT of the kernel */
	THOUSANDTHS_LEAST = 10, /* a quota of 1 ms, the kernel's least */
};

static int read_size(const char *flag, const char *value, void *target)
{
	struct limit *limit = target;
	limit->set = true;
	return text_size(flag, value, &limit->value);
}

/* No swap at all is a sensible limit; no memory is not. */
static int read_swap(const char *flag, const char *value, void *target)
{
	if (strcmp(value, "0") != 0)
		return read_size(flag, value, target);
	*(struct limit *)target = (struct limit){.set = true};
	return 0;
}

static int read_pids(const char *flag, const char *value, void *target)
{
	struct limit *limit = target;
	limit->set = true;
	return text_number(flag, value, 1, PIDS_MOST, &limit->value);
}

/* "2", "0.5" or "1.25", in thousandths; -1 for anything else. */
static int64_t thousandths(const char *text)
{
	size_t whole = strspn(text, "0123456789");
	size_t decimals = text[whole] == '.' ? strspn(text + whole + 1, "0123456789") : 0;
	if (whole == 0 || whole > 4 || decimals > 3 ||
		text[whole + (decimals ? decimals + 1 : 0)] != '\0')
		return -1;
	int64_t number = 0;
	for (size_t i = 0; i < whole; i++)
		number = number * 10 + (text[i] - '0');
	for (size_t i = 0; i < 3; i++)
		number = number * 10 + (i < decimals ? text[whole + 1 + i] - '0' : 0);
	return number;
}

static int read_cpus(const char *flag, const char *value, void *target)
{
	struct cgroup_limits *limits = target;
	int64_t cpus = thousandths(value);
	if (cpus < THOUSANDTHS_LEAST || cpus > PROCESSORS_MOST * 1000L)
		return fail("%s: expected a number of processors from 0.01 to %d, such as 0.5 or "
			    "2, found \"%s\"",
			flag, PROCESSORS_MOST, value);
	/* Task 4.3: @cpus, in thousandths of a processor, as the kernel wants it: a quota of
	 * microseconds in each PERIOD. Two processors that are busy all the time use up twice the
	 * period.
	 */
	limits->cpu_period = (struct limit){true, PERIOD};
	limits->cpu_quota = (struct limit){true, cpus * PERIOD / 1000};
	return 0;
	/* End of task 4.3. */
}

/* One part of a list: "3" or "0-2". */
static bool good_range(char *part, int64_t most)
{
	int64_t first, last;
	char *dash = strchr(part, '-');
	if (dash)
		*dash = '\0';
	if (text_number("", part, 0, most, &first) < 0)
		return false;
	return !dash || text_number("", dash + 1, first, most, &last) == 0;
}

/* Checked here since v2 takes processors that do not exist, and then ignores them. */
static int read_cpuset(const char *flag, const char *value, void *target)
{
	long most = sysconf(_SC_NPROCESSORS_CONF) - 1;
	_cleanup_free char *copy = strdup(value);
	char *rest = copy, *part;
	bool good = copy && *value;
	while (good && (part = strsep(&rest, ",")))
		good = good_range(part, most);
	*(const char **)target = value;
	if (good)
		return 0;
	error_clear();
	return fail("%s: expected processors from 0 to %ld, such as 0 or 0-1,3, found \"%s\"", flag,
		most, value);
}

/* A device, as the path of its node or as MAJOR:MINOR. */
static int read_device(const char *flag, const char *name, struct throttle *throttle)
{
	struct stat info;
	int end = -1;
	if (isdigit((unsigned char)*name) &&
		sscanf(name, "%u:%u%n", &throttle->major, &throttle->minor, &end) == 2 &&
		name[end] == '\0')
		return 0;
	if (stat(name, &info) < 0)
		return fail("%s: %s: %s", flag, name, strerror(errno));
	if (!S_ISBLK(info.st_mode))
		return fail("%s: %s is not a block device", flag, name);
	throttle->major = major(info.st_rdev);
	throttle->minor = minor(info.st_rdev);
	return 0;
}

static int add_throttle(const char *flag, const char *value, struct limit_options *options,
	enum throttle_kind kind)
{
	struct cgroup_limits *limits = &options->limits;
	struct throttle throttle = {.kind = kind};
	int64_t rate;
	const char *colon = strrchr(value, ':');
	if (!colon || colon == value)
		return fail("%s: expected DEVICE:RATE, such as /dev/sda:1M, found \"%s\"", flag,
			value);
	_cleanup_free char *device = strndup(value, (size_t)(colon - value));
	if (!device)
		return fail("out of memory");
	if (text_size(flag, colon + 1, &rate) < 0 || read_device(flag, device, &throttle) < 0)
		return -1;
	throttle.rate = (uint64_t)rate;
	struct throttle *larger =
		reallocarray(options->throttles, limits->throttle_count + 1, sizeof(*larger));
	if (!larger)
		return fail("out of memory");
	larger[limits->throttle_count++] = throttle;
	limits->throttles = options->throttles = larger;
	return 0;
}

static int read_throttle_of_reads(const char *flag, const char *value, void *target)
{
	return add_throttle(flag, value, target, READ_BYTES);
}

static int read_throttle_of_writes(const char *flag, const char *value, void *target)
{
	return add_throttle(flag, value, target, WRITE_BYTES);
}

const struct flag limit_flags[] = {
	{"memory", "SIZE", "the most memory: 64M, 1G", read_size,
		offsetof(struct limit_options, limits.memory)},
	{"swap", "SIZE", "the most swap on top of it (0: none)", read_swap,
		offsetof(struct limit_options, swap)},
	{"cpus", "NUMBER", "processor time: 0.5 is half of one processor", read_cpus,
		offsetof(struct limit_options, limits)},
	{"cpuset", "LIST", "the processors to run on: 0 or 0-1,3", read_cpuset,
		offsetof(struct limit_options, limits.cpuset_cpus)},
	{"pids", "NUMBER", "the most processes and threads", read_pids,
		offsetof(struct limit_options, limits.pids)},
	{"io-read-bps", "DEVICE:RATE", "bytes a second read from a disk: /dev/sda:1M",
		read_throttle_of_reads, 0},
	{"io-write-bps", "DEVICE:RATE", "bytes a second written to it", read_throttle_of_writes, 0},
	{},
};

int limit_options_settle(struct limit_options *options)
{
	struct cgroup_limits *limits = &options->limits;
	if (!options->swap.set)
		return 0;
	if (!limits->memory.set)
		return fail("--swap: only goes together with --memory");
	if (__builtin_add_overflow(limits->memory.value, options->swap.value,
		    &limits->memory_swap.value))
		return fail("--swap: together with --memory it is more than the kernel can count");
	limits->memory_swap.set = true;
	return 0;
}
