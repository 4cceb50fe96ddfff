#include "step.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "quote.h"

enum { LINE_SIZE = 4096 };

static struct {
	const char *program;
	const char *role;
	char task[256];
	char property[256];
	char step[1024];
	enum explain_form form;
	line_sink *sink;
	bool span_open; /* a trace event of this process waits for its end */
	struct timespec start;
} narration = {.program = "cooper", .role = "parent"};

void narrate_as(const char *program)
{
	narration.program = program;
	clock_gettime(CLOCK_REALTIME, &narration.start);
}

const char *narrator(void)
{
	return narration.program;
}

void narrate_process(const char *role)
{
	narration.role = role;
	narration.span_open = false;
}

static void set(char *into, size_t size, const char *format, va_list arguments)
{
	if (format)
		vsnprintf(into, size, format, arguments);
	else
		into[0] = '\0';
}

void narrate_task(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	set(narration.task, sizeof(narration.task), format, arguments);
	va_end(arguments);
}

const char *narrated_task(void)
{
	return narration.task;
}

int explain(const char *form)
{
	if (!form || !strcmp(form, "text"))
		narration.form = EXPLAIN_TEXT;
	else if (!strcmp(form, "json"))
		narration.form = EXPLAIN_JSON;
	else if (!strcmp(form, "trace"))
		narration.form = EXPLAIN_TRACE;
	else
		return -1;
	if (narration.form == EXPLAIN_TRACE)
		dprintf(STDERR_FILENO, "[\n");
	return 0;
}

void narrate_to(line_sink *sink)
{
	narration.sink = sink;
}

void narrate_line(const char *level, const char *line)
{
	int saved = errno;
	if (narration.sink)
		narration.sink(level, line);
	errno = saved;
}

static long microseconds(void)
{
	struct timespec now;
	/* The clocks that cannot be set stand elsewhere in a time namespace. */
	clock_gettime(CLOCK_REALTIME, &now);
	return (now.tv_sec - narration.start.tv_sec) * 1000000L +
	       (now.tv_nsec - narration.start.tv_nsec) / 1000;
}

static void print_text(FILE *out, long now)
{
	char process[32];
	snprintf(process, sizeof(process), "%s(%d)", narration.role, getpid());
	fprintf(out, "%8ld µs  %-14s ", now, process);
	char text[sizeof(narration.step) + sizeof(narration.property) + 8];
	const char *property = narration.property;
	snprintf(text, sizeof(text), "%s%s%s%s", narration.step, *property ? "  [" : "", property,
		*property ? "]" : "");
	quote_harmless(text);
	fputs(text, out);
	fputc('\n', out);
}

static void print_json(FILE *out, long now)
{
	fprintf(out, "{\"us\":%ld,\"program\":", now);
	quote_json(out, narration.program);
	fprintf(out, ",\"process\":\"%s\",\"pid\":%d,\"step\":", narration.role, getpid());
	quote_json(out, narration.step);
	if (narration.property[0]) {
		fprintf(out, ",\"property\":");
		quote_json(out, narration.property);
	}
	fprintf(out, "}\n");
}

/* A step lasts until the next one of the same process; the format allows the closing ] to miss. */
static void print_trace(FILE *out, long now)
{
	if (narration.span_open)
		fprintf(out, "{\"ph\":\"E\",\"ts\":%ld,\"pid\":1,\"tid\":\"%s\"},\n", now,
			narration.role);
	fprintf(out, "{\"ph\":\"B\",\"ts\":%ld,\"pid\":1,\"tid\":\"%s\",\"name\":", now,
		narration.role);
	quote_json(out, narration.step);
	fprintf(out, ",\"args\":{\"property\":");
	quote_json(out, narration.property);
	fprintf(out, "}},\n");
	narration.span_open = true;
}

/*
 * Several processes write to the same stderr at once, so a line is put together first and goes out
 * in one write.
 */
static void print_step(void)
{
	char line[LINE_SIZE];
	FILE *out = fmemopen(line, sizeof(line), "w");
	if (!out)
		return;
	long now = microseconds();
	if (narration.form == EXPLAIN_TEXT)
		print_text(out, now);
	else if (narration.form == EXPLAIN_JSON)
		print_json(out, now);
	else
		print_trace(out, now);
	fflush(out);
	long length = ftell(out);
	fclose(out);
	if (length > 0 && write(STDERR_FILENO, line, (size_t)length) < 0)
		return; /* nobody reads: the work goes on all the same */
}

void step(const char *format, ...)
{
	int saved = errno;
	va_list arguments;
	va_start(arguments, format);
	set(narration.step, sizeof(narration.step), format, arguments);
	va_end(arguments);
	if (narration.form != EXPLAIN_OFF)
		print_step();
	narrate_line("debug", narration.step);
	errno = saved;
}

const char *step_text(void)
{
	return narration.step;
}

void step_for(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	set(narration.property, sizeof(narration.property), format, arguments);
	va_end(arguments);
}

const char *step_property(void)
{
	return narration.property;
}
