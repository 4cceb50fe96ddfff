#include "compare/probe/answer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void add(struct answer *answer, const char *format, va_list arguments)
{
	size_t length = strlen(answer->how);
	if (length && length + 2 < sizeof(answer->how)) {
		strcpy(answer->how + length, "; ");
		length += 2;
	}
	vsnprintf(answer->how + length, sizeof(answer->how) - length, format, arguments);
}

int attempt(struct answer *answer, int result, const char *what, ...)
{
	int error = result < 0 ? errno : 0;
	va_list arguments;
	va_start(arguments, what);
	add(answer, what, arguments);
	va_end(arguments);

	size_t length = strlen(answer->how);
	snprintf(answer->how + length, sizeof(answer->how) - length, ": %s",
		error ? strerrorname_np(error) : "done");
	answer->error = error;
	errno = error;
	return result;
}

void note(struct answer *answer, const char *what, ...)
{
	va_list arguments;
	va_start(arguments, what);
	add(answer, what, arguments);
	va_end(arguments);
}

void found(struct answer *answer, enum verdict verdict, const char *value, ...)
{
	va_list arguments;
	va_start(arguments, value);
	vsnprintf(answer->value, sizeof(answer->value), value, arguments);
	va_end(arguments);
	answer->verdict = verdict;
}

void refused(struct answer *answer)
{
	found(answer, CLOSED, "%s", strerrorname_np(answer->error));
}

void nobody_outside(struct answer *answer, const char *what)
{
	note(answer, "nobody outside has made %s", what);
	depends(answer, "no-stand-in");
	found(answer, UNKNOWN, "?");
}

void worked_on(struct answer *answer, int hosts)
{
	if (hosts < 0)
		return nobody_outside(answer, "a namespace to compare with");
	found(answer, hosts ? OPEN : LIMITED, hosts ? "the host's" : "its own");
}

void depends(struct answer *answer, const char *word)
{
	size_t length = strlen(answer->host);
	snprintf(answer->host + length, sizeof(answer->host) - length, "%s%s", length ? " " : "",
		word);
}
