#include "compare/evidence.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The words of a pattern. */
static char *words_of(const char *pattern)
{
	char *words = NULL;
	size_t size;
	FILE *stream = open_memstream(&words, &size);
	for (; stream && *pattern; pattern++)
		fprintf(stream, *pattern == '*' ? "…" : "%c", *pattern);
	if (stream)
		fclose(stream);
	return words;
}

/* Fills in what the trace tells. Returns false when the cause is not in it. */
static bool see_in_trace(struct evidence *evidence, const struct trace *trace)
{
	const struct cause *cause = evidence->cause;
	for (const struct traced_step *step = trace_find(trace, cause->step, NULL); step;
		step = trace_find(trace, cause->step, step + 1)) {
		const char *call = traced_call(step, cause->call);
		if (!call)
			continue;
		evidence->step = strdup(step->text);
		evidence->property = step->property;
		evidence->call = call;
		evidence->us = step->us;
		evidence->traced = true;
		return true;
	}
	return false;
}

/* The stage's own trace; where that stage does not run, that of the one that is looked at. */
static const struct trace *trace_of(const struct scene *scene, int stage)
{
	const struct trace *own = &scene->traces[stage], *later = &scene->traces[scene->to];
	return own->count ? own : later->count ? later : NULL;
}

static bool is_elsewhere(const struct cause *cause, const struct scene *scene)
{
	return cause->host && !strcmp(cause->host, scene->root ? FOR_USER : FOR_ROOT);
}

int evidence_collect(struct evidence *evidence, const char *fact, int stage,
	const struct scene *scene)
{
	const struct change *change = change_of(fact, stage);
	const struct trace *trace = trace_of(scene, stage);
	int count = 0;
	for (int i = 0; change && change->causes[i]; i++) {
		const struct cause *cause = change->causes[i];
		struct evidence *seen = &evidence[count];
		*seen = (struct evidence){.cause = cause, .call = cause->call, .us = -1};
		if (trace ? !see_in_trace(seen, trace) : is_elsewhere(cause, scene))
			continue;
		if (!trace)
			seen->step = words_of(cause->step);
		if (source_find(cause->file, cause->code, &seen->place) < 0) {
			evidence_free(evidence, count + 1);
			return -1;
		}
		count++;
	}
	return count;
}

void evidence_free(struct evidence *evidence, int count)
{
	for (int i = 0; i < count; i++) {
		free(evidence[i].place.excerpt);
		free(evidence[i].step);
	}
}
