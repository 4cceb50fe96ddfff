#define COMMON_ERROR_ITSELF
#include "error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "hints.h"
#include "quote.h"
#include "step.h"

enum { MOST_WARNINGS = 100 };

static struct {
	bool set;
	int status;
	char message[2048];
	char hint[1024];
} error = {.status = EXIT_ERROR};

/* "PROGRAM: task: property: message", without the parts that nobody set. */
static void compose(const char *message)
{
	const char *task = narrated_task(), *property = step_property();
	snprintf(error.message, sizeof(error.message), "%s%s%s%s%s", task, *task ? ": " : "",
		property, *property ? ": " : "", message);
	/* A name can have a newline in it, or what moves the cursor; an error is one line. */
	quote_harmless(error.message);
}

static bool first_failure(void)
{
	if (error.set)
		return false;
	error.set = true;
	error.status = EXIT_ERROR;
	error.hint[0] = '\0';
	return true;
}

int fail(const char *format, ...)
{
	int saved = errno;
	if (first_failure()) {
		char message[1536];
		va_list arguments;
		va_start(arguments, format);
		vsnprintf(message, sizeof(message), format, arguments);
		va_end(arguments);
		compose(message);
	}
	errno = saved;
	return -1;
}

int fail_errno(void)
{
	int saved = errno;
	if (first_failure()) {
		char message[1536];
		snprintf(message, sizeof(message), "%s: %s", step_text(), strerror(saved));
		compose(message);
		const char *hint = hint_for(step_text(), saved);
		snprintf(error.hint, sizeof(error.hint), "%s", hint ? hint : "");
	}
	errno = saved;
	return -1;
}

int fail_hint(const char *format, ...)
{
	int saved = errno;
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(error.hint, sizeof(error.hint), format, arguments);
	va_end(arguments);
	quote_harmless(error.hint);
	errno = saved;
	return -1;
}

int fail_reported(int status)
{
	if (first_failure()) {
		error.message[0] = '\0';
		error.status = status;
	}
	return -1;
}

int fail_status(int status)
{
	error.status = status;
	return -1;
}

void error_clear(void)
{
	error.set = false;
	error.status = EXIT_ERROR;
	error.message[0] = '\0';
	error.hint[0] = '\0';
}

const char *error_message(void)
{
	return error.message;
}

const char *error_hint(void)
{
	return error.hint;
}

int error_report(void)
{
	if (!error.message[0])
		return error.status;
	fprintf(stderr, "%s: %s\n", narrator(), error.message);
	if (error.hint[0])
		fprintf(stderr, "  hint: %s\n", error.hint);
	/* Who reads a log, or hands the line on, gets one with all of it. */
	char line[sizeof(error.message) + sizeof(error.hint) + 4];
	snprintf(line, sizeof(line), "%s%s%s%s", error.message, error.hint[0] ? " (" : "",
		error.hint, error.hint[0] ? ")" : "");
	narrate_line("error", line);
	return error.status;
}

static void print_warning(char *message)
{
	quote_harmless(message);
	fprintf(stderr, "%s: warning: %s\n", narrator(), message);
	narrate_line("warning", message);
}

void warn(const char *format, ...)
{
	static int count;
	char message[1536];
	va_list arguments;
	/* A config can have a million names in it that nobody knows. */
	if (count > MOST_WARNINGS)
		return;
	if (count++ == MOST_WARNINGS) {
		snprintf(message, sizeof(message), "there are more warnings; they are not shown");
		return print_warning(message);
	}
	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	print_warning(message);
}
