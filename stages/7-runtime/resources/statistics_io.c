/* Disks, for statistics.c. */
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "7-runtime/resources/statistics_files.h"
#include "common/cleanup.h"

/* The list @name in @io; made with its first entry. */
static struct json_object *list_in(struct json_object *io, const char *name)
{
	struct json_object *list;
	if (json_object_object_get_ex(io, name, &list))
		return list;
	list = json_object_new_array();
	json_object_object_add(io, name, list);
	return list;
}

static void add_entry(struct json_object *io, const char *list, unsigned major, unsigned minor,
	const char *operation, uint64_t value)
{
	struct json_object *entry = json_object_new_object();
	put_unless_0(entry, "major", major);
	put_unless_0(entry, "minor", minor);
	if (*operation)
		json_object_object_add(entry, "op", json_object_new_string(operation));
	put_unless_0(entry, "value", value);
	json_object_array_add(list_in(io, list), entry);
}

/* --- version 1 -------------------------------------------------------------------------------- */

/* Lines "8:0 Read 4096", or "8:0 4096"; the last one, "Total 4096", has no device. */
static void read_lines(struct json_object *io, const char *list, char *text)
{
	char *rest = NULL;
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		unsigned major, minor;
		char operation[16] = "";
		uint64_t value;
		if (sscanf(line, "%u:%u %" SCNu64, &major, &minor, &value) == 3 ||
			sscanf(line, "%u:%u %15s %" SCNu64, &major, &minor, operation, &value) == 4)
			add_entry(io, list, major, minor, operation, value);
	}
}

/* With the scheduler BFQ the kernel counts there, otherwise where it throttles. */
static void put_v1(struct json_object *io, const struct counter *counter)
{
	static const struct {
		const char *list, *file;
	} rows[] = {
		{"ioServiceBytesRecursive", "io_service_bytes_recursive"},
		{"ioServicedRecursive", "io_serviced_recursive"},
		{"ioQueueRecursive", "io_queued_recursive"},
		{"ioServiceTimeRecursive", "io_service_time_recursive"},
		{"ioWaitTimeRecursive", "io_wait_time_recursive"},
		{"ioMergedRecursive", "io_merged_recursive"},
		{"ioTimeRecursive", "time_recursive"},
		{"sectorsRecursive", "sectors_recursive"},
	};
	static const char *const places[] = {"blkio.bfq.", "blkio.throttle.", "blkio."};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (size_t place = 0; place < sizeof(places) / sizeof(*places); place++) {
			char file[64];
			snprintf(file, sizeof(file), "%s%s", places[place], rows[i].file);
			_cleanup_free char *text = counter_text(counter, file);
			if (!text || !strchr(text, ':'))
				continue;
			read_lines(io, rows[i].list, text);
			break;
		}
}

/* --- version 2 -------------------------------------------------------------------------------- */

/* A line a device: "8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0". */
static void read_device(struct json_object *io, char *line)
{
	static const struct {
		const char *key, *list, *operation;
	} rows[] = {
		{"rbytes=", "ioServiceBytesRecursive", "Read"},
		{"wbytes=", "ioServiceBytesRecursive", "Write"},
		{"rios=", "ioServicedRecursive", "Read"},
		{"wios=", "ioServicedRecursive", "Write"},
	};
	unsigned major, minor;
	char *rest = NULL, *word = strtok_r(line, " ", &rest);
	if (!word || sscanf(word, "%u:%u", &major, &minor) != 2)
		return;
	while ((word = strtok_r(NULL, " ", &rest)))
		for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
			size_t key = strlen(rows[i].key);
			if (!strncmp(word, rows[i].key, key))
				add_entry(io, rows[i].list, major, minor, rows[i].operation,
					strtoull(word + key, NULL, 10));
		}
}

static void put_v2(struct json_object *io, const struct counter *counter)
{
	_cleanup_free char *text = counter_text(counter, "io.stat");
	char *rest = NULL;
	for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line;
		line = strtok_r(NULL, "\n", &rest))
		read_device(io, line);
	put_pressure(io, counter, "io.pressure");
}

void statistics_io(struct json_object *whole, const struct cgroup *cgroup)
{
	_cleanup_counter struct counter counter = counter_open(cgroup, CONTROLLER_BLKIO);
	struct json_object *io = put_object(whole, "blkio");
	if (counter.version == CGROUP_V1)
		put_v1(io, &counter);
	else
		put_v2(io, &counter);
}
