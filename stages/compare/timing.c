#include "compare/timing.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"

enum { RUNS_MOST = 32 };

static int ascending(const void *one, const void *other)
{
	long a = *(const long *)one, b = *(const long *)other;
	return a < b ? -1 : a > b;
}

long median(long *values, size_t count)
{
	if (!count)
		return -1;
	qsort(values, count, sizeof(*values), ascending);
	return values[count / 2];
}

static long us_of(struct json_object *steps, size_t at)
{
	return json_object_get_int64(
		json_object_object_get(json_object_array_get_idx(steps, at), "us"));
}

/*
 * How long the step number @ordinal of @process took: until the next one of that process, or when
 * it has none, like the clone3 of a parent that only waits from there on, of any. -1: it is not
 * known.
 */
static long took(struct json_object *steps, const char *process, size_t ordinal)
{
	size_t count = json_object_array_length(steps), at = count;
	for (size_t i = 0; i < count; i++) {
		struct json_object *step = json_object_array_get_idx(steps, i);
		if (strcmp(json_object_get_string(json_object_object_get(step, "process")),
			    process) != 0)
			continue;
		if (at < count)
			return us_of(steps, i) - us_of(steps, at);
		if (ordinal-- == 0)
			at = i;
	}
	return at + 1 < count ? us_of(steps, at + 1) - us_of(steps, at) : -1;
}

static struct json_object *parsed(const char *narrated)
{
	struct json_object *steps = json_object_new_array();
	_cleanup_free char *copy = strdup(narrated);
	char *rest = NULL;
	for (char *line = copy ? strtok_r(copy, "\n", &rest) : NULL; line;
		line = strtok_r(NULL, "\n", &rest)) {
		struct json_object *step = json_tokener_parse(line);
		if (step && json_object_object_get(step, "us"))
			json_object_array_add(steps, step);
		else
			json_object_put(step);
	}
	return steps;
}

static size_t ordinal_of(const struct trace *trace, size_t at)
{
	size_t ordinal = 0;
	for (size_t i = 0; i < at; i++)
		ordinal += !strcmp(trace->steps[i].process, trace->steps[at].process);
	return ordinal;
}

void timing_apply(struct trace *trace, const char *const narrated[], size_t runs)
{
	struct json_object *steps[RUNS_MOST];
	if (runs > RUNS_MOST)
		runs = RUNS_MOST;
	for (size_t i = 0; i < runs; i++)
		steps[i] = parsed(narrated[i]);
	for (size_t i = 0; i < trace->count; i++) {
		struct traced_step *step = &trace->steps[i];
		long times[RUNS_MOST];
		size_t known = 0, ordinal = ordinal_of(trace, i);
		for (size_t run = 0; run < runs; run++) {
			long time = took(steps[run], step->process, ordinal);
			if (time >= 0)
				times[known++] = time;
		}
		step->us = median(times, known);
	}
	for (size_t i = 0; i < runs; i++)
		json_object_put(steps[i]);
}
