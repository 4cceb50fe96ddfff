/*
 * A config is written by hand or by another program, and whoever mends it wants to know of all that
 * is wrong at once. So the decoder and the checks go on after an error, and write it down here.
 *
 * What must hold: the list stays small, whatever the file says. A list of a million numbers where
 * strings should be is a million errors, of which the first few tell everything.
 */
#include "6-oci/errors.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/quote.h"

enum { MOST_KEPT = 100 };

/* Whether the property that @line starts with has a line. */
static bool already_known(const struct config_errors *errors, const char *line)
{
	const char *end = strstr(line, ": ");
	size_t length = end ? (size_t)(end - line) + 2 : strlen(line);
	for (size_t i = 0; i < errors->kept; i++)
		if (!strncmp(errors->lines[i], line, length))
			return true;
	return false;
}

bool config_errors_full(const struct config_errors *errors)
{
	return errors->kept == MOST_KEPT;
}

void config_errors_add(struct config_errors *errors, const char *format, ...)
{
	_cleanup_free char *line = NULL;
	va_list arguments;
	va_start(arguments, format);
	if (config_errors_full(errors) || vasprintf(&line, format, arguments) < 0)
		line = NULL;
	va_end(arguments);
	if (line && already_known(errors, line))
		return;
	errors->count++;
	char **lines = line ? reallocarray(errors->lines, errors->kept + 1, sizeof(*lines)) : NULL;
	if (!lines)
		return;
	errors->lines = lines;
	lines[errors->kept++] = steal_pointer(&line);
}

void config_errors_print(const struct config_errors *errors, FILE *out, const char *prefix)
{
	for (size_t i = 0; i < errors->kept; i++)
		fprintf(out, "%s%s\n", prefix, errors->lines[i]);
	if (errors->count > errors->kept)
		fprintf(out, "%sand %zu more\n", prefix, errors->count - errors->kept);
}

int config_errors_fail(const struct config_errors *errors, const char *file)
{
	fail("%s: %s", file, errors->kept ? errors->lines[0] : "out of memory");
	if (errors->count > 1)
		fail_hint("there are %zu errors in it; 6-oci check BUNDLE lists those of a config",
			errors->count);
	return -1;
}

void config_errors_free(struct config_errors *errors)
{
	for (size_t i = 0; i < errors->kept; i++)
		free(errors->lines[i]);
	free(errors->lines);
	*errors = (struct config_errors){};
}

const char *quote_short(char *buffer, const char *text)
{
	enum { LONGEST = 48 };
	char start[LONGEST + 4];
	size_t length = strlen(text);
	if (length > LONGEST) {
		length = LONGEST;
		/* Not in the middle of a character. */
		while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
			length--;
	}
	snprintf(start, sizeof(start), "%.*s%s", (int)length, text, text[length] ? "..." : "");
	FILE *out = fmemopen(buffer, QUOTED_SIZE, "w");
	if (out) {
		quote_json(out, start);
		fclose(out);
	}
	return buffer;
}
