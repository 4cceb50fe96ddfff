#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"

char *text_format(const char *format, ...)
{
	char *text;
	va_list arguments;
	va_start(arguments, format);
	int length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0) {
		fail("out of memory");
		return NULL;
	}
	return text;
}

/* strtoll(3) skips blanks and takes a plus sign; here a number is digits, after a minus perhaps. */
static int digits(const char *text, int64_t *number, const char **rest)
{
	if (!isdigit((unsigned char)text[text[0] == '-']))
		return -1;
	char *end;
	errno = 0;
	*number = strtoll(text, &end, 10);
	*rest = end;
	return errno ? -1 : 0;
}

int text_number(const char *what, const char *text, int64_t low, int64_t high, int64_t *number)
{
	const char *rest;
	if (digits(text, number, &rest) < 0 || *rest || *number < low || *number > high)
		return fail("%s: expected a whole number from %" PRId64 " to %" PRId64
			    ", found \"%s\"",
			what, low, high, text);
	return 0;
}

int text_size(const char *what, const char *text, int64_t *bytes)
{
	static const char units[] = "KMGT";
	const char *rest = "";
	int64_t number;
	if (digits(text, &number, &rest) < 0 || number < 1)
		goto wrong;
	if (*rest) {
		const char *unit = strchr(units, toupper((unsigned char)*rest));
		if (!unit || rest[1])
			goto wrong;
		int shift = 10 * (int)(unit - units + 1);
		if (number > INT64_MAX >> shift)
			goto wrong;
		number <<= shift;
	}
	*bytes = number;
	return 0;
wrong:
	return fail("%s: expected a size such as 512K, 64M or 2G, found \"%s\"", what, text);
}

const char *text_human_size(int64_t bytes)
{
	static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
	static char text[32];
	size_t unit = 0;
	while (unit + 1 < sizeof(units) / sizeof(*units) && bytes >= 1024 && bytes % 1024 == 0) {
		bytes /= 1024;
		unit++;
	}
	snprintf(text, sizeof(text), "%" PRId64 " %s", bytes, units[unit]);
	return text;
}
