/*
 * strace -f writes a line a call, with the process in front. Two processes' calls may meet; then a
 * line is cut in two:
 *
 *	512 clone3({...}, 88 <unfinished ...>
 *	513 close(4)              = 0
 *	512 <... clone3 resumed>) = 513
 *
 * The steps need no other marks: narrating one is a write(2) to stderr, and so in the trace itself.
 */
#include "compare/trace.h"

#include <ctype.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/text.h"

enum { TRACE_MOST = 64 << 20, PROCESSES_MOST = 256 };

#define UNFINISHED " <unfinished ...>"
#define NARRATION  "write(2, \"{\\\"us\\\":"

/* A process of the trace. */
struct thread {
	long pid;
	long step;        /* the one under way; -1: none yet */
	char *unfinished; /* the first half of its call */
	bool replaced;    /* the command has taken its place */
};

struct reader {
	struct trace *trace;
	struct thread threads[PROCESSES_MOST];
	size_t thread_count;
};

static void *grow(void *list, size_t count, size_t size)
{
	/* Whenever the count has come to a power of two, that is where the memory ends. */
	if (count & (count - 1))
		return list;
	void *larger = reallocarray(list, count ? 2 * count : 1, size);
	if (!larger)
		fail_errno();
	return larger;
}

/* Until a new process narrates, it works at the step of the one that is just making it. */
static long parents_step(const struct reader *reader)
{
	for (size_t i = 0; i < reader->thread_count; i++) {
		const char *call = reader->threads[i].unfinished;
		if (call && (!strncmp(call, "clone", 5) || !strncmp(call, "vfork", 5)))
			return reader->threads[i].step;
	}
	return -1;
}

static struct thread *thread_of(struct reader *reader, long pid)
{
	for (size_t i = 0; i < reader->thread_count; i++)
		if (reader->threads[i].pid == pid)
			return &reader->threads[i];
	if (reader->thread_count == PROCESSES_MOST) {
		fail("the trace has more than %d processes", PROCESSES_MOST);
		return NULL;
	}
	struct thread *thread = &reader->threads[reader->thread_count++];
	*thread = (struct thread){.pid = pid, .step = parents_step(reader)};
	return thread;
}

/* What stands behind the backslash at *@text, which moves on to what follows it. */
static int unescaped(const char **text)
{
	static const char letters[] = "n\nt\tr\rv\vf\f";
	const char *at = *text + 1;
	int value = 0, digits = 0;
	if (!*at) {
		*text = at;
		return '\\';
	}
	for (; digits < 3 && at[digits] >= '0' && at[digits] <= '7'; digits++)
		value = 8 * value + at[digits] - '0';
	*text = at + (digits ? digits : 1);
	if (digits)
		return value;
	const char *known = strchr(letters, *at);
	return known ? known[1] : *at;
}

/* Makes what strace has quoted, from the quote at @text on, into what it was. */
static char *unquoted(const char *text)
{
	char *whole = NULL;
	size_t size;
	FILE *stream = open_memstream(&whole, &size);
	if (!stream) {
		fail_errno();
		return NULL;
	}
	for (text++; *text && *text != '"';)
		fputc(*text == '\\' ? unescaped(&text) : *text++, stream);
	fclose(stream);
	return whole;
}

static char *copy_of(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;
	if (!json_object_object_get_ex(object, key, &value))
		return NULL;
	return strdup(json_object_get_string(value));
}

static int begin_step(struct reader *reader, struct thread *thread, const char *call)
{
	struct trace *trace = reader->trace;
	_cleanup_free char *line = unquoted(strchr(call, '"'));
	struct json_object *narrated = line ? json_tokener_parse(line) : NULL;
	struct traced_step *steps = grow(trace->steps, trace->count, sizeof(*steps));
	if (steps)
		trace->steps = steps;
	if (!narrated || !steps) {
		json_object_put(narrated);
		return fail("the trace has a step that cannot be read: %s", call);
	}
	thread->step = (long)trace->count;
	struct traced_step *begun = &steps[trace->count++];
	*begun = (struct traced_step){
		.process = copy_of(narrated, "process"),
		.text = copy_of(narrated, "step"),
		.property = copy_of(narrated, "property"),
		.us = -1,
	};
	json_object_put(narrated);
	return begun->process && begun->text ? 0 : fail("the trace has a step without words");
}

/* What the narration itself calls. */
static bool is_noise(const char *call)
{
	return !strncmp(call, "getpid(", 7) || !strncmp(call, "brk(", 4);
}

/* The same, when the making of it is over before it has done anything. */
static int note_child(struct reader *reader, const struct thread *thread, const char *call)
{
	const char *result = strstr(call, ") = ");
	long step = thread->step;
	if ((strncmp(call, "clone", 5) != 0 && strncmp(call, "vfork", 5) != 0) || !result)
		return 0;
	struct thread *child = thread_of(reader, atol(result + 4));
	if (child && child->step < 0)
		child->step = step;
	return child ? 0 : -1;
}

static int add_call(struct reader *reader, struct thread *thread, const char *call)
{
	struct trace *trace = reader->trace;
	if (thread->replaced)
		return 0;
	if (!strncmp(call, NARRATION, strlen(NARRATION)))
		return begin_step(reader, thread, call);
	if (is_noise(call))
		return 0;
	trace->calls++;
	if (thread->step < 0)
		return 0;
	struct traced_step *step = &trace->steps[thread->step];
	char **calls = grow(step->calls, step->call_count, sizeof(*calls));
	if (!calls)
		return -1;
	step->calls = calls;
	calls[step->call_count++] = strdup(call);
	if (step->text && !strncmp(step->text, "execve:", 7) && !strncmp(call, "execve(", 7) &&
		strstr(call, ") = 0"))
		thread->replaced = true;
	return note_child(reader, thread, call);
}

static void squeeze(char *call)
{
	/* strace puts the results below each other. */
	char *result = strstr(call, ")   ");
	if (result)
		memmove(result + 2, result + 1 + strspn(result + 1, " "),
			strlen(result + 1 + strspn(result + 1, " ")) + 1);
}

static int join_halves(struct reader *reader, struct thread *thread, const char *rest)
{
	_cleanup_free char *first = thread->unfinished;
	thread->unfinished = NULL;
	const char *resumed = strstr(rest, " resumed>");
	if (!first || !resumed)
		return 0;
	_cleanup_free char *call = text_format("%s%s", first, resumed + strlen(" resumed>"));
	if (!call)
		return -1;
	squeeze(call);
	return add_call(reader, thread, call);
}

static int read_line(struct reader *reader, char *line)
{
	char *call = NULL;
	long pid = strtol(line, &call, 10);
	struct thread *thread = call == line ? NULL : thread_of(reader, pid);
	if (!thread)
		return call == line ? 0 : -1;
	call += strspn(call, " ");
	if (!strncmp(call, "<... ", 5))
		return join_halves(reader, thread, call);
	if (!isalpha((unsigned char)*call))
		return 0;
	char *cut = strstr(call, UNFINISHED);
	if (cut) {
		*cut = '\0';
		thread->unfinished = strdup(call);
		return 0;
	}
	squeeze(call);
	return add_call(reader, thread, call);
}

int trace_read(struct trace *trace, const char *file)
{
	struct reader reader = {.trace = trace};
	_cleanup_free char *text = file_read(AT_FDCWD, file, TRACE_MOST, NULL);
	int result = text ? 0 : -1;
	char *rest = NULL;
	*trace = (struct trace){};
	for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line && result == 0;
		line = strtok_r(NULL, "\n", &rest))
		result = read_line(&reader, line);
	for (size_t i = 0; i < reader.thread_count; i++)
		free(reader.threads[i].unfinished);
	return result;
}

void trace_free(struct trace *trace)
{
	for (size_t i = 0; i < trace->count; i++) {
		struct traced_step *step = &trace->steps[i];
		for (size_t j = 0; j < step->call_count; j++)
			free(step->calls[j]);
		free(step->calls);
		free(step->process);
		free(step->text);
		free(step->property);
	}
	free(trace->steps);
	*trace = (struct trace){};
}

const struct traced_step *trace_find(const struct trace *trace, const char *pattern,
	const struct traced_step *from)
{
	const struct traced_step *end = trace->steps + trace->count;
	for (from = from ? from : trace->steps; from < end; from++)
		if (fnmatch(pattern, from->text, FNM_EXTMATCH) == 0)
			return from;
	return NULL;
}

const char *traced_call(const struct traced_step *step, const char *name)
{
	for (size_t i = 0; i < step->call_count; i++) {
		const char *call = step->calls[i];
		if (!strncmp(call, name, strlen(name)) && call[strlen(name)] == '(' &&
			!strstr(call, ") = -1"))
			return call;
	}
	return NULL;
}
