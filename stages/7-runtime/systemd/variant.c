/*
 * The form leaves a type out where it can be guessed, also in an array: one element that has a type
 * gives it to all. So the values are read first, as text, with what they look like; then the type
 * is known, and they are looked at again.
 */
#include "7-runtime/systemd/variant.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/text.h"

enum { MICROSECONDS = 1000000 };

/* What a value looks like. */
enum look { WHOLE = 1, BROKEN = 2, TEXT = 4, TRUTH = 8 };

static const struct type {
	const char *name;
	char letter;    /* D-Bus's */
	unsigned looks; /* which values can be of it */
	int64_t least;  /* of whole numbers */
	uint64_t most;
} types[] = {
	{"boolean", 'b', TRUTH},
	{"byte", 'y', WHOLE, 0, UINT8_MAX},
	{"int16", 'n', WHOLE, INT16_MIN, INT16_MAX},
	{"uint16", 'q', WHOLE, 0, UINT16_MAX},
	{"int32", 'i', WHOLE, INT32_MIN, INT32_MAX},
	{"uint32", 'u', WHOLE, 0, UINT32_MAX},
	{"int64", 'x', WHOLE, INT64_MIN, INT64_MAX},
	{"uint64", 't', WHOLE, 0, UINT64_MAX},
	{"double", 'd', WHOLE | BROKEN},
	{"string", 's', TEXT},
};

enum { TYPES = sizeof(types) / sizeof(*types) };

struct reading {
	const char *at;
	const struct type *type; /* NULL: none has been named yet */
	unsigned looks;          /* of all values */
	struct variant *variant;
};

static int unexpected(const struct reading *reading, const char *expected)
{
	return fail("expected %s, found \"%.40s\"", expected, reading->at);
}

static bool skip(struct reading *reading, const char *word)
{
	size_t length = strlen(word);
	if (strncmp(reading->at, word, length) != 0)
		return false;
	reading->at += length;
	reading->at += strspn(reading->at, " \t\n");
	return true;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* @text is given away. */
static int add_value(struct reading *reading, char *text, enum look look)
{
	struct variant *variant = reading->variant;
	char **values = text ? reallocarray(variant->values, variant->count + 1, sizeof(*values))
			     : NULL;
	if (!values) {
		free(text);
		return fail("out of memory");
	}
	values[variant->count++] = text;
	variant->values = values;
	reading->looks |= look;
	return 0;
}

/* The character that an escape stands for; 0: it is none that is known here. */
static char unescape(char letter)
{
	static const char pairs[] = "a\ab\bf\fn\nr\rt\tv\v\\\\''\"\"";
	for (const char *pair = pairs; *pair; pair += 2)
		if (*pair == letter)
			return pair[1];
	return 0;
}

static int read_text(struct reading *reading)
{
	char quote = *reading->at++;
	_cleanup_free char *text = malloc(strlen(reading->at) + 1);
	char *end = text;
	if (!text)
		return fail("out of memory");
	for (; *reading->at && *reading->at != quote; reading->at++) {
		char character = *reading->at;
		if (character == '\\' && !(character = unescape(reading->at[1])))
			return unexpected(reading, "an escape such as \\n or \\\\");
		reading->at += *reading->at == '\\';
		*end++ = character;
	}
	*end = '\0';
	if (!*reading->at)
		return fail("a string has no end: %c%.40s", quote, text);
	reading->at++;
	return add_value(reading, strdup(text), TEXT);
}

static int read_number(struct reading *reading)
{
	size_t length = strspn(reading->at, "+-.0123456789abcdefABCDEFxX");
	bool hex = strncmp(reading->at + strspn(reading->at, "+-"), "0x", 2) == 0;
	bool broken = !hex && strcspn(reading->at, ".eE") < length;
	int result = add_value(reading, strndup(reading->at, length), broken ? BROKEN : WHOLE);
	reading->at += length;
	return result;
}

/* One type is for all elements. */
static int name_type(struct reading *reading, const struct type *type)
{
	if (reading->type && reading->type != type)
		return fail("the values are of different types, %s and %s", reading->type->name,
			type->name);
	reading->type = type;
	return 0;
}

static int read_type_name(struct reading *reading)
{
	for (size_t i = 0; i < TYPES; i++) {
		char letter[] = {'@', types[i].letter, ' ', '\0'};
		_cleanup_free char *name = text_format("%s ", types[i].name);
		if (!name)
			return -1;
		if (skip(reading, letter) || skip(reading, name))
			return name_type(reading, &types[i]);
	}
	return 0;
}

static int read_value(struct reading *reading)
{
	if (read_type_name(reading) < 0)
		return -1;
	int result = 0;
	if (*reading->at == '\'' || *reading->at == '"')
		result = read_text(reading);
	else if (skip(reading, "true"))
		result = add_value(reading, strdup("true"), TRUTH);
	else if (skip(reading, "false"))
		result = add_value(reading, strdup("false"), TRUTH);
	else if (isdigit((unsigned char)*reading->at) ||
		 (*reading->at && strchr("+-.", *reading->at)))
		result = read_number(reading);
	else
		result = unexpected(reading,
			"a value such as 'text', true, 5, uint64 5 or ['a', 'b']");
	skip(reading, "");
	return result;
}

static int read_elements(struct reading *reading)
{
	if (skip(reading, "]"))
		return 0;
	do {
		if (read_value(reading) < 0)
			return -1;
	} while (skip(reading, ","));
	return skip(reading, "]") ? 0 : unexpected(reading, "a comma or ]");
}

/* "@as [...]" */
static int read_array_type(struct reading *reading)
{
	for (size_t i = 0; i < TYPES; i++) {
		char letters[] = {'@', 'a', types[i].letter, ' ', '\0'};
		if (skip(reading, letters))
			return *reading->at == '[' ? name_type(reading, &types[i])
						   : unexpected(reading, "an array");
	}
	return 0;
}

/* --- the type --------------------------------------------------------------------------------- */

static const struct type *guess(unsigned looks)
{
	static const char letters[][2] = {{WHOLE, 'i'}, {BROKEN, 'd'}, {WHOLE | BROKEN, 'd'},
		{TEXT, 's'}, {TRUTH, 'b'}};
	for (size_t i = 0; i < sizeof(letters) / sizeof(*letters); i++)
		for (size_t type = 0; type < TYPES; type++)
			if (looks == (unsigned)letters[i][0] && types[type].letter == letters[i][1])
				return &types[type];
	return NULL;
}

/* A whole number in its bounds, in decimal. */
static char *whole_number(const struct type *type, const char *text)
{
	char *end;
	bool negative = *text == '-';
	const char *digits = text + (negative || *text == '+');
	errno = 0;
	uint64_t number = strtoull(digits, &end, 0);
	/* (The most negative one has no positive of its own.) */
	uint64_t most = negative ? -(uint64_t)type->least : type->most;
	if (errno || !isdigit((unsigned char)*digits) || *end || number > most)
		return NULL;
	return text_format("%s%" PRIu64, negative && number ? "-" : "", number);
}

static char *broken_number(const char *text)
{
	char *end;
	errno = 0;
	double number = strtod(text, &end);
	return errno || end == text || *end ? NULL : text_format("%.17g", number);
}

static int settle(const struct type *type, char **value)
{
	if (!(type->looks & WHOLE))
		return 0;
	char *number = type->looks & BROKEN ? broken_number(*value) : whole_number(type, *value);
	if (!number)
		return fail("%.40s is no %s", *value, type->name);
	free(*value);
	*value = number;
	return 0;
}

int variant_read(struct variant *variant, const char *text)
{
	*variant = (struct variant){};
	struct reading reading = {.at = text, .variant = variant};
	skip(&reading, "");
	if (read_array_type(&reading) < 0)
		return -1;
	bool array = skip(&reading, "[");
	if ((array ? read_elements(&reading) : read_value(&reading)) < 0)
		return -1;
	if (*reading.at)
		return unexpected(&reading, "nothing more");
	const struct type *type = reading.type ? reading.type : guess(reading.looks);
	if (!type && !reading.looks)
		return fail("an empty array needs its type, such as @as []");
	if (!type)
		return fail("the values are of different types");
	if (reading.looks & ~type->looks)
		return fail("expected %s, found another value", type->name);
	snprintf(variant->signature, sizeof(variant->signature), "%s%c", array ? "a" : "",
		type->letter);
	for (size_t i = 0; i < variant->count; i++)
		if (settle(type, &variant->values[i]) < 0)
			return -1;
	return 0;
}

void variant_free(struct variant *variant)
{
	for (size_t i = 0; i < variant->count; i++)
		free(variant->values[i]);
	free(variant->values);
	*variant = (struct variant){};
}

int variant_to_microseconds(struct variant *variant)
{
	if (!strchr("ynqiuxtd", *variant->signature))
		return fail("expected a number of seconds");
	char **value = &variant->values[0];
	double seconds = strtod(*value, NULL);
	if (!(seconds >= 0 && seconds < (double)UINT64_MAX / MICROSECONDS))
		return fail("%.40s is no number of seconds that systemd can have", *value);
	uint64_t number = *variant->signature == 'd' ? (uint64_t)(seconds * MICROSECONDS)
						     : strtoull(*value, NULL, 10) * MICROSECONDS;
	char *text = text_format("%" PRIu64, number);
	if (!text)
		return -1;
	free(*value);
	*value = text;
	strcpy(variant->signature, "t");
	return 0;
}
