/* Memory and huge pages, for statistics.c. */
#include <dirent.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "7-runtime/resources/statistics_files.h"
#include "common/cleanup.h"
#include "common/text.h"

struct amount {
	uint64_t limit, usage, most, failures;
};

static void put_amount(struct json_object *memory, const char *name, const struct amount *amount)
{
	struct json_object *object = put_object(memory, name);
	put_number(object, "limit", amount->limit);
	put_unless_0(object, "usage", amount->usage);
	put_unless_0(object, "max", amount->most);
	put_number(object, "failcnt", amount->failures);
}

/* @name: "memory", "memory.memsw", ... */
static struct amount amount_v1(const struct counter *counter, const char *name)
{
	static const char *const files[] = {"limit_in_bytes", "usage_in_bytes",
		"max_usage_in_bytes", "failcnt"};
	uint64_t numbers[4];
	for (size_t i = 0; i < 4; i++) {
		char file[64];
		snprintf(file, sizeof(file), "%s.%s", name, files[i]);
		numbers[i] = counter_number(counter, file);
	}
	return (struct amount){numbers[0], numbers[1], numbers[2], numbers[3]};
}

static void put_v1(struct json_object *memory, const struct counter *counter)
{
	struct amount amount = amount_v1(counter, "memory");
	put_amount(memory, "usage", &amount);
	amount = amount_v1(counter, "memory.memsw");
	put_amount(memory, "swap", &amount);
	amount = amount_v1(counter, "memory.kmem");
	put_amount(memory, "kernel", &amount);
	amount = amount_v1(counter, "memory.kmem.tcp");
	put_amount(memory, "kernelTCP", &amount);
}

static void put_v2(struct json_object *memory, const struct counter *counter)
{
	const struct amount usage = {
		.limit = counter_number(counter, "memory.max"),
		.usage = counter_number(counter, "memory.current"),
		.most = counter_number(counter, "memory.peak"),
	};
	/* In the words of v1, swap is memory and swap together. */
	uint64_t limit = counter_number(counter, "memory.swap.max");
	const struct amount swap = {
		.limit = limit == UINT64_MAX || usage.limit == UINT64_MAX ? UINT64_MAX
									  : limit + usage.limit,
		.usage = counter_number(counter, "memory.swap.current") + usage.usage,
	};
	const struct amount none = {};
	put_amount(memory, "usage", &usage);
	put_amount(memory, "swap", &swap);
	put_amount(memory, "kernel", &none);
	put_amount(memory, "kernelTCP", &none);
}

/* All of memory.stat, as it is. */
static void put_raw(struct json_object *memory, const struct counter *counter)
{
	_cleanup_free char *text = counter_text(counter, "memory.stat");
	char *rest = NULL;
	struct json_object *raw = text ? put_object(memory, "raw") : NULL;
	for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line;
		line = strtok_r(NULL, "\n", &rest)) {
		char *blank = strchr(line, ' ');
		if (!blank)
			continue;
		*blank = '\0';
		put_number(raw, line, strtoull(blank + 1, NULL, 10));
	}
}

void statistics_memory(struct json_object *whole, const struct cgroup *cgroup)
{
	_cleanup_counter struct counter counter = counter_open(cgroup, CONTROLLER_MEMORY);
	struct json_object *memory = put_object(whole, "memory");
	bool v1 = counter.version == CGROUP_V1;
	put_unless_0(memory, "cache", counter_key(&counter, "memory.stat", v1 ? "cache" : "file"));
	if (v1)
		put_v1(memory, &counter);
	else
		put_v2(memory, &counter);
	put_raw(memory, &counter);
	put_pressure(memory, &counter, "memory.pressure");
}

/* --- huge pages ------------------------------------------------------------------------------- */

static uint64_t read_huge(const struct counter *counter, const char *size, const char *file)
{
	_cleanup_free char *reserved = text_format("hugetlb.%s.rsvd.%s", size, file);
	_cleanup_free char *touched = text_format("hugetlb.%s.%s", size, file);
	if (!reserved || !touched)
		return 0;
	_cleanup_free char *text = counter_text(counter, reserved);
	return counter_number(counter, text ? reserved : touched);
}

static uint64_t read_failures_v2(const struct counter *counter, const char *size)
{
	_cleanup_free char *file = text_format("hugetlb.%s.events", size);
	return file ? counter_key(counter, file, "max") : 0;
}

static void put_size(struct json_object *sizes, const struct counter *counter, const char *size)
{
	struct json_object *object = put_object(sizes, size);
	bool v1 = counter->version == CGROUP_V1;
	put_unless_0(object, "usage", read_huge(counter, size, v1 ? "usage_in_bytes" : "current"));
	if (v1)
		put_unless_0(object, "max", read_huge(counter, size, "max_usage_in_bytes"));
	put_number(object, "failcnt",
		v1 ? read_huge(counter, size, "failcnt") : read_failures_v2(counter, size));
}

/* "hugepages-2048kB" is what the kernel calls 2MB in cgroups. */
void statistics_huge_pages(struct json_object *whole, const struct cgroup *cgroup)
{
	_cleanup_counter struct counter counter = counter_open(cgroup, CONTROLLER_HUGETLB);
	struct json_object *sizes = put_object(whole, "hugetlb");
	_cleanup_directory DIR *directory = counter.directory ? opendir("/sys/kernel/mm/hugepages")
							      : NULL;
	const struct dirent *entry;
	while (directory && (entry = readdir(directory))) {
		uint64_t in_kb;
		char size[32];
		if (sscanf(entry->d_name, "hugepages-%" SCNu64 "kB", &in_kb) != 1)
			continue;
		if (in_kb >= 1 << 20)
			snprintf(size, sizeof(size), "%" PRIu64 "GB", in_kb >> 20);
		else if (in_kb >= 1 << 10)
			snprintf(size, sizeof(size), "%" PRIu64 "MB", in_kb >> 10);
		else
			snprintf(size, sizeof(size), "%" PRIu64 "KB", in_kb);
		put_size(sizes, &counter, size);
	}
}
