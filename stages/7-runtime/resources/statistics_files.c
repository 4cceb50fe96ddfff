#include "7-runtime/resources/statistics_files.h"

#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/text.h"

enum { FILE_MOST = 1 << 20 };

struct counter counter_open(const struct cgroup *cgroup, enum controller controller)
{
	const struct hierarchy *hierarchy = hierarchy_with(&cgroup->in, controller);
	if (!hierarchy && !controller_name(controller, CGROUP_V2))
		hierarchy = hierarchy_unified(&cgroup->in);
	if (!hierarchy || !cgroup_exists_in(cgroup, hierarchy))
		return (struct counter){};
	return (struct counter){hierarchy->version, cgroup_directory(cgroup, hierarchy)};
}

void counter_close(const struct counter *counter)
{
	free(counter->directory);
}

char *counter_text(const struct counter *counter, const char *file)
{
	_cleanup_free char *path =
		counter->directory ? text_format("%s/%s", counter->directory, file) : NULL;
	if (!path || !file_exists(AT_FDCWD, path))
		return NULL;
	char *text = file_read(AT_FDCWD, path, FILE_MOST, NULL);
	error_clear();
	return text;
}

static uint64_t number_in(const char *text)
{
	return strncmp(text, "max", 3) == 0 ? UINT64_MAX : strtoull(text, NULL, 10);
}

uint64_t counter_number(const struct counter *counter, const char *file)
{
	_cleanup_free char *text = counter_text(counter, file);
	return text ? number_in(text) : 0;
}

uint64_t counter_key(const struct counter *counter, const char *file, const char *key)
{
	_cleanup_free char *text = counter_text(counter, file);
	size_t length = strlen(key);
	for (const char *line = text; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, key, length) && line[length] == ' ')
			return number_in(line + length + 1);
	}
	return 0;
}

void put_number(struct json_object *object, const char *name, uint64_t number)
{
	json_object_object_add(object, name, json_object_new_uint64(number));
}

void put_unless_0(struct json_object *object, const char *name, uint64_t number)
{
	if (number > 0)
		put_number(object, name, number);
}

struct json_object *put_object(struct json_object *object, const char *name)
{
	struct json_object *added = json_object_new_object();
	json_object_object_add(object, name, added);
	return added;
}

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=0" */
void put_pressure(struct json_object *object, const struct counter *counter, const char *file)
{
	static const char *const averages[] = {"avg10", "avg60", "avg300"};
	_cleanup_free char *text = counter->version == CGROUP_V2 ? counter_text(counter, file)
								 : NULL;
	char *rest = NULL;
	struct json_object *psi = NULL;
	for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line;
		line = strtok_r(NULL, "\n", &rest)) {
		char who[8];
		double average[3];
		unsigned long long total;
		if (sscanf(line, "%7s avg10=%lf avg60=%lf avg300=%lf total=%llu", who, &average[0],
			    &average[1], &average[2], &total) != 5)
			continue;
		if (!psi)
			psi = put_object(object, "psi");
		struct json_object *one = put_object(psi, who);
		for (size_t i = 0; i < 3; i++)
			json_object_object_add(one, averages[i],
				json_object_new_double(average[i]));
		put_number(one, "total", total);
	}
}
