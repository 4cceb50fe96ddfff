/*
 * config.json: from bytes to a config that can be acted on.
 *
 * What must hold: what is accepted is within what the tables say, all the way down; it means the
 * same when it is written anew; and what an early stage accepts, a later one does.
 */
#include "fuzz.h"

#include "6-oci/config_tables.h"
#include "6-oci/load.h"

struct list {
	char *items;
	size_t count;
};

static size_t size_of(const struct property *row)
{
	static const size_t sizes[] = {[BOOLEAN] = sizeof(bool),
		[STRING] = sizeof(char *),
		[INT32] = 4,
		[INT64] = 8,
		[UINT16] = 2,
		[UINT32] = 4,
		[UINT64] = 8,
		[CHOICE] = sizeof(void *)};
	return row->type == OBJECT ? row->table->size : sizes[row->type];
}

/* What was not in the file. */
static bool is_zero(const struct property *row, const char *value)
{
	static const char zeros[16];
	return !memcmp(value, zeros, size_of(row));
}

/* @there: the file has such an object. Otherwise all of it may be missing. */
static void check_object(const struct object_table *table, const char *object, bool there);

static void check_number(const struct property *row, const char *value)
{
	uint64_t bits = 0;
	size_t size = row->type == UINT16 ? 2 : row->type == UINT32 || row->type == INT32 ? 4 : 8;
	memcpy(&bits, value, size);
	int64_t number = row->type == INT32 ? (int32_t)bits : (int64_t)bits;
	bool is_signed = row->type == INT32 || row->type == INT64;
	if (row->high && is_signed)
		must(number >= row->low && (number < 0 || bits <= row->high));
	else if (row->high)
		must(bits <= row->high && bits >= (uint64_t)row->low);
}

static void check_value(const struct property *row, const char *value, bool there)
{
	switch (row->type) {
	case BOOLEAN:
		must(*(const uint8_t *)value <= 1);
		break;
	case STRING:
	case CHOICE:
		must(*(const void *const *)value);
		break;
	case OBJECT:
		check_object(row->table, value, there);
		break;
	default:
		check_number(row, value);
	}
}

/* A map of strings has pairs; any other map has its key as the first member. */
static void check_many(const struct property *row, const struct list *list)
{
	bool pairs = row->flags & MAP && row->type == STRING;
	size_t size = pairs ? sizeof(struct config_pair) : size_of(row);
	for (size_t i = 0; i < list->count; i++) {
		const char *item = list->items + i * size;
		must(!(row->flags & MAP) || *(const char *const *)item);
		check_value(row, pairs ? item + offsetof(struct config_pair, value) : item, true);
	}
}

static void check_object(const struct object_table *table, const char *object, bool there)
{
	for (const struct property *row = table->properties; row->name; row++) {
		const char *member = object + row->offset;
		bool needed = there && row->flags & REQUIRED;
		if (row->flags & (LIST | MAP))
			check_many(row, (const struct list *)member);
		else if (row->flags & OPTIONAL && *(const char *const *)member)
			check_value(row, *(const char *const *)member, true);
		else if (row->flags & OPTIONAL)
			must(!needed);
		else if (needed || row->type == OBJECT || !is_zero(row, member))
			check_value(row, member, needed);
	}
}

/* What the specification asks of a process, and every later step counts on. */
static void check_process(const struct config_process *process)
{
	must(process->cwd[0] == '/');
	must(process->args.count > 0 && process->args.items[0][0]);
}

/* Returns whether the stage accepts it. */
static bool check_at(int stage, struct json_object *json)
{
	struct config_errors errors = {};
	struct config *config = config_decode(json, stage, &errors);
	must(config);
	bool accepted = !fuzz_errors(&errors);
	if (accepted)
		check_object(&config_table, (const char *)config, true);
	if (accepted && config->process)
		check_process(config->process);
	config_free(config);
	return accepted;
}

static void check_written_anew(struct json_object *json)
{
	const char *text = json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN);
	struct json_object *again = json_parse("fuzz.json", text, strlen(text));
	must(again && json_object_equal(json, again));
	json_object_put(again);
	fuzz_expect_error(false);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_object *json = fuzz_json(data, size);
	if (!json)
		return 0;
	check_written_anew(json);
	bool sixth = check_at(6, json), seventh = check_at(7, json);
	must(!sixth || seventh);
	must(!seventh || check_at(STAGE_ANY, json));
	json_object_put(json);
	return 0;
}
