/*
 * The shares of the cache and of the memory's bandwidth, for statistics.c: what the container's
 * group has, beside what there is in all, and what has been counted in it. What this machine does
 * not have is left out.
 */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "7-runtime/resources/statistics_files.h"
#include "common/cleanup.h"
#include "common/file.h"
#include "common/text.h"

static struct counter counter_at(const char *directory, const char *below)
{
	return (struct counter){.directory = text_format("%s%s", directory, below)};
}

/* --- shares ----------------------------------------------------------------------------------- */

/* "    MB:0= 20;1=100\n    L3:0=000f0;1=0001f\n" as a list of its lines. */
static struct json_object *read_lines(const char *directory)
{
	_cleanup_counter struct counter counter = counter_at(directory, "");
	_cleanup_free char *text = counter_text(&counter, "schemata");
	struct json_object *lines = json_object_new_array();
	char *rest = NULL;
	for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line;
		line = strtok_r(NULL, "\n", &rest))
		json_object_array_add(lines, json_object_new_string(line + strspn(line, " ")));
	return lines;
}

static void put_line(struct json_object *rdt, const char *name, struct json_object *lines,
	const char *resource)
{
	for (size_t i = 0; i < json_object_array_length(lines); i++) {
		struct json_object *line = json_object_array_get_idx(lines, i);
		if (!strncmp(json_object_get_string(line), resource, strlen(resource)))
			json_object_object_add(rdt, name, json_object_get(line));
	}
}

/* Whether the machine can divide the cache, with what it says about that. */
static bool put_cache_info(struct json_object *rdt, const char *root)
{
	_cleanup_counter struct counter counter = counter_at(root, "/info/L3");
	_cleanup_free char *mask = counter_text(&counter, "cbm_mask");
	if (!mask)
		return false;
	mask[strcspn(mask, "\n")] = '\0';
	struct json_object *info = put_object(rdt, "l3_cache_info");
	json_object_object_add(info, "cbm_mask", json_object_new_string(mask));
	put_unless_0(info, "min_cbm_bits", counter_number(&counter, "min_cbm_bits"));
	put_unless_0(info, "num_closids", counter_number(&counter, "num_closids"));
	return true;
}

static bool put_bandwidth_info(struct json_object *rdt, const char *root)
{
	static const char *const numbers[] = {"bandwidth_gran", "delay_linear", "min_bandwidth",
		"num_closids"};
	_cleanup_counter struct counter counter = counter_at(root, "/info/MB");
	if (!counter.directory || !file_exists(AT_FDCWD, counter.directory))
		return false;
	struct json_object *info = put_object(rdt, "mem_bw_info");
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		put_unless_0(info, numbers[i], counter_number(&counter, numbers[i]));
	return true;
}

static void put_shares(struct json_object *rdt, const char *root, const char *group)
{
	struct json_object *all = read_lines(root), *own = read_lines(group);
	if (put_cache_info(rdt, root)) {
		put_line(rdt, "l3_cache_schema_root", all, "L3");
		put_line(rdt, "l3_cache_schema", own, "L3");
	}
	if (put_bandwidth_info(rdt, root)) {
		put_line(rdt, "mem_bw_schema_root", all, "MB");
		put_line(rdt, "mem_bw_schema", own, "MB");
	}
	json_object_put(all);
	json_object_object_add(rdt, "schemata", own);
}

/* --- counters --------------------------------------------------------------------------------- */

/* Which of the @files the counters of one cache, in the directory @at, have; into @list. */
static void put_counts(struct json_object *rdt, const char *list, const char *const files[],
	const char *at)
{
	_cleanup_counter struct counter counter = counter_at(at, "");
	struct json_object *counts = json_object_new_object(), *caches;
	for (; *files; files++) {
		_cleanup_free char *text = counter_text(&counter, *files);
		/* (The kernel may say "Unavailable".) */
		if (text && isdigit((unsigned char)*text))
			put_number(counts, *files, strtoull(text, NULL, 10));
	}
	if (json_object_object_length(counts) == 0) {
		json_object_put(counts);
		return;
	}
	if (!json_object_object_get_ex(rdt, list, &caches)) {
		caches = json_object_new_array();
		json_object_object_add(rdt, list, caches);
	}
	json_object_array_add(caches, counts);
}

/* A directory a cache: mon_L3_00, mon_L3_01 ... */
static int is_cache(const struct dirent *entry)
{
	return strncmp(entry->d_name, "mon_", 4) == 0;
}

static void put_monitoring(struct json_object *rdt, const char *group)
{
	static const char *const bandwidth[] = {"mbm_total_bytes", "mbm_local_bytes", NULL};
	static const char *const occupancy[] = {"llc_occupancy", NULL};
	_cleanup_free char *data = text_format("%s/mon_data", group);
	struct dirent **entries = NULL;
	int count = data ? scandir(data, &entries, is_cache, alphasort) : -1;
	for (int i = 0; i < count; i++) {
		_cleanup_free char *cache = text_format("%s/%s", data, entries[i]->d_name);
		if (cache) {
			put_counts(rdt, "mbm_stats", bandwidth, cache);
			put_counts(rdt, "cmt_stats", occupancy, cache);
		}
		free(entries[i]);
	}
	free(entries);
}

void statistics_rdt(struct json_object *whole, const struct resctrl *resctrl, const char *root)
{
	struct json_object *rdt = put_object(whole, "intel_rdt");
	if (!*resctrl->group)
		return;
	put_shares(rdt, root, resctrl->group);
	put_monitoring(rdt, *resctrl->monitor ? resctrl->monitor : resctrl->group);
}
