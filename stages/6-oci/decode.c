/*
 * The engine behind the tables. Three functions call each other: an object goes through its rows,
 * a row finds its one value or its many, a value that is an object begins again.
 *
 * Where in the file the decoder is, it knows from a chain of places on the stack, one a level; it
 * costs nothing until an error wants it as text.
 *
 * What must hold: nothing is converted. A string of digits is no number, 1.5 is no integer, null is
 * nothing at all; a guess that is right nine times in ten starts the tenth container with the wrong
 * limit.
 */
#include "6-oci/decode.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "6-oci/arena.h"
#include "common/cleanup.h"
#include "common/quote.h"

struct place {
	const struct place *above; /* NULL: the top of the file */
	const char *name;          /* a property, or the key in a map; NULL: an item of a list */
	bool is_key;
	size_t index;
};

static const struct {
	const char *expected;
	size_t size;
	int64_t low;
	uint64_t high;
} types[] = {
	[BOOLEAN] = {"true or false", sizeof(bool), 0, 0},
	[STRING] = {"a string", sizeof(char *), 0, 0},
	[INT32] = {"an integer", sizeof(int32_t), INT32_MIN, INT32_MAX},
	[INT64] = {"an integer", sizeof(int64_t), INT64_MIN, INT64_MAX},
	[UINT16] = {"an integer", sizeof(uint16_t), 0, UINT16_MAX},
	[UINT32] = {"an integer", sizeof(uint32_t), 0, UINT32_MAX},
	[UINT64] = {"an integer", sizeof(uint64_t), 0, UINT64_MAX},
	[CHOICE] = {"a string", sizeof(void *), 0, 0},
	[OBJECT] = {"an object", 0, 0, 0},
};

/* --- errors ----------------------------------------------------------------------------------- */

static void print_place(FILE *out, const struct place *place)
{
	if (!place->above)
		return;
	print_place(out, place->above);
	if (place->is_key)
		fprintf(out, "[%s]", quoted(place->name));
	else if (place->name)
		fprintf(out, "%s%s", place->above->above ? "." : "", place->name);
	else
		fprintf(out, "[%zu]", place->index);
}

static void __attribute__((format(printf, 3, 4)))
complain(const struct decoder *decoder, const struct place *place, const char *format, ...)
{
	if (config_errors_full(decoder->errors)) {
		decoder->errors->count++;
		return;
	}
	_cleanup_free char *line = NULL;
	size_t size;
	FILE *out = open_memstream(&line, &size);
	if (!out)
		return;
	print_place(out, place);
	if (place->above)
		fprintf(out, ": ");
	va_list arguments;
	va_start(arguments, format);
	vfprintf(out, format, arguments);
	va_end(arguments);
	fclose(out);
	config_errors_add(decoder->errors, "%s", line);
}

static void wrong_type(const struct decoder *decoder, const struct place *place,
	const char *expected, struct json_object *json)
{
	switch (json_object_get_type(json)) {
	case json_type_string:
		complain(decoder, place, "expected %s, found a string %s", expected,
			quoted(json_object_get_string(json)));
		break;
	case json_type_array:
		complain(decoder, place, "expected %s, found a list", expected);
		break;
	case json_type_object:
		complain(decoder, place, "expected %s, found an object", expected);
		break;
	default:
		complain(decoder, place, "expected %s, found %.40s", expected,
			json ? json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN)
			     : "null");
	}
}

/* --- one value -------------------------------------------------------------------------------- */

static void store_number(uint64_t bits, size_t size, void *target)
{
	switch (size) {
	case sizeof(uint16_t):
		*(uint16_t *)target = (uint16_t)bits;
		break;
	case sizeof(uint32_t):
		*(uint32_t *)target = (uint32_t)bits;
		break;
	default:
		*(uint64_t *)target = bits;
	}
}

static void decode_number(const struct decoder *decoder, const struct place *place,
	struct json_object *json, const struct property *row, void *target)
{
	/* Task 6.1: store_number() a number that is within its bounds, and complain() about any
	 * other. The bounds are the row's own, low and high, unless its high is 0; then they are
	 * those in types[row->type]. json-c keeps what is beyond INT64_MAX as unsigned, and each of
	 * json_object_get_int64() and json_object_get_uint64() stops at the end of what it can say.
	 *
	 * Until then: return complain(decoder, place, "task 6.1 is still to be done");
	 */
	int64_t low = row->high ? row->low : types[row->type].low;
	uint64_t high = row->high ? row->high : types[row->type].high;
	int64_t number = json_object_get_int64(json);
	uint64_t bits = number < 0 ? (uint64_t)number : json_object_get_uint64(json);
	if (number < 0 ? number < low : bits > high || (low > 0 && bits < (uint64_t)low))
		return complain(decoder, place,
			"expected a whole number from %" PRId64 " to %" PRIu64 ", found %s", low,
			high, json_object_get_string(json));
	store_number(bits, types[row->type].size, target);
	/* End of task 6.1. */
}

static void decode_choice(const struct decoder *decoder, const struct place *place,
	const char *word, const struct config_choice *choices, const struct config_choice **target)
{
	for (const struct config_choice *choice = choices; choice->name; choice++)
		if (!strcmp(choice->name, word)) {
			*target = choice;
			if (choice->since > decoder->stage)
				complain(decoder, place, "this stage does not do %s yet",
					quoted(word));
			return;
		}
	_cleanup_free char *list = NULL;
	size_t size;
	FILE *out = open_memstream(&list, &size);
	for (const struct config_choice *choice = choices; out && choice->name; choice++)
		fprintf(out, "%s%s", choice == choices ? "" : ", ", choice->name);
	if (out)
		fclose(out);
	complain(decoder, place, "expected one of %s, found %s", list, quoted(word));
}

static void decode_object(const struct decoder *decoder, const struct place *place,
	struct json_object *json, const struct object_table *table, void *target);

static json_type json_type_of(enum value_type type)
{
	switch (type) {
	case BOOLEAN:
		return json_type_boolean;
	case STRING:
	case CHOICE:
		return json_type_string;
	case OBJECT:
		return json_type_object;
	default:
		return json_type_int;
	}
}

/* Returns whether the value is of the type that the row wants. */
static bool decode_value(const struct decoder *decoder, const struct place *place,
	struct json_object *json, const struct property *row, void *target)
{
	if (json_object_get_type(json) != json_type_of(row->type)) {
		wrong_type(decoder, place, types[row->type].expected, json);
		return false;
	}
	switch (row->type) {
	case BOOLEAN:
		*(bool *)target = json_object_get_boolean(json);
		break;
	case STRING:
		*(char **)target = arena_copy(decoder->arena, json_object_get_string(json));
		break;
	case CHOICE:
		decode_choice(decoder, place, json_object_get_string(json), row->choices, target);
		break;
	case OBJECT:
		decode_object(decoder, place, json, row->table, target);
		break;
	default:
		decode_number(decoder, place, json, row, target);
	}
	return true;
}

/* --- one property ----------------------------------------------------------------------------- */

static size_t size_of(const struct property *row)
{
	return row->type == OBJECT ? row->table->size : types[row->type].size;
}

/* All lists of the config look the same, but for the type that their pointer points to. */
struct list {
	void *items;
	size_t count;
};

static void store_list(void *target, void *items, size_t count)
{
	memcpy(target, &(struct list){items, count}, sizeof(struct list));
}

static void decode_list(const struct decoder *decoder, const struct place *place,
	struct json_object *json, const struct property *row, void *target)
{
	if (!json_object_is_type(json, json_type_array))
		return wrong_type(decoder, place, "a list", json);
	size_t count = json_object_array_length(json), size = size_of(row);
	/* One more than needed: a list of strings ends with NULL. */
	char *items = arena_take(decoder->arena, count + 1, size);
	for (size_t i = 0; i < count; i++)
		decode_value(decoder, &(struct place){.above = place, .index = i},
			json_object_array_get_idx(json, i), row, items + i * size);
	store_list(target, items, count);
}

static void decode_map(const struct decoder *decoder, const struct place *place,
	struct json_object *json, const struct property *row, void *target)
{
	if (!json_object_is_type(json, json_type_object))
		return wrong_type(decoder, place, "an object", json);
	/* A string stands behind its key, in a pair; an object's struct has a place for the key. */
	bool pairs = row->type == STRING;
	size_t size = pairs ? sizeof(struct config_pair) : row->table->size;
	size_t behind = pairs ? offsetof(struct config_pair, value) : 0;
	size_t count = (size_t)json_object_object_length(json);
	char *items = arena_take(decoder->arena, count, size), *item = items;
	struct json_object_iter entry;
	json_object_object_foreachC(json, entry)
	{
		*(char **)item = arena_copy(decoder->arena, entry.key);
		decode_value(decoder,
			&(struct place){.above = place, .name = entry.key, .is_key = true},
			entry.val, row, item + behind);
		item += size;
	}
	store_list(target, items, count);
}

/* Whether the value asks for nothing, so that it may stand in any config. */
static bool asks_for_nothing(struct json_object *json, unsigned flags)
{
	if (flags & ASKS)
		return false;
	if (flags & MAP)
		return json_object_object_length(json) == 0;
	switch (json_object_get_type(json)) {
	case json_type_boolean:
		return !json_object_get_boolean(json);
	case json_type_string:
		return json_object_get_string_len(json) == 0;
	case json_type_array:
		return json_object_array_length(json) == 0;
	case json_type_object: {
		bool nothing = true;
		json_object_object_foreach(json, key, value)
		{
			(void)key;
			nothing = nothing && asks_for_nothing(value, 0);
		}
		return nothing;
	}
	default:
		return false;
	}
}

static void decode_property(const struct decoder *outer, const struct place *place,
	struct json_object *json, const struct property *row, void *target)
{
	struct decoder decoder = *outer;
	bool later = row->since > outer->stage;
	size_t errors = decoder.errors->count;
	/* What is refused as a whole need not be refused part by part. */
	if (later)
		decoder.stage = STAGE_ANY;
	if (row->flags & LIST) {
		decode_list(&decoder, place, json, row, target);
	} else if (row->flags & MAP) {
		decode_map(&decoder, place, json, row, target);
	} else if (row->flags & OPTIONAL) {
		void *value = arena_take(decoder.arena, 1, size_of(row));
		if (decode_value(&decoder, place, json, row, value))
			*(void **)target = value;
	} else {
		decode_value(&decoder, place, json, row, target);
	}
	if (later && errors == decoder.errors->count && !asks_for_nothing(json, row->flags))
		complain(&decoder, place, "this stage does not do it yet");
}

static void decode_object(const struct decoder *decoder, const struct place *place,
	struct json_object *json, const struct object_table *table, void *target)
{
	for (const struct property *row = table->properties; row->name; row++) {
		struct place below = {.above = place, .name = row->name};
		struct json_object *value;
		if (json_object_object_get_ex(json, row->name, &value))
			decode_property(decoder, &below, value, row, (char *)target + row->offset);
		else if (row->flags & REQUIRED)
			complain(decoder, &below, "missing");
	}
}

void decode(struct decoder *decoder, struct json_object *json, const struct object_table *table,
	void *target)
{
	static const struct property whole = {.type = OBJECT};
	struct property top = whole;
	top.table = table;
	decode_value(decoder, &(struct place){}, json, &top, target);
}
