/*
 * state.json, the record of a container.
 *
 * What must hold: a record that is accepted is written as a text that is accepted, too, and is
 * written the same again; and there is a state to print for it.
 */
#include "fuzz.h"

#include "6-oci/arena.h"
#include "7-runtime/record.h"

/* The text of the record that the JSON is, or NULL. Free it. */
static char *rewritten(struct json_object *json)
{
	struct record record = {.directory = -1, .arena = arena_make()};
	must(record.arena);
	char *text = NULL;
	bool failed = record_decode(&record, json, "state.json") < 0;
	fuzz_expect_error(failed);
	if (!failed) {
		char *state = record_state(&record, STOPPED, false);
		struct json_object *printed = fuzz_json((const uint8_t *)state, strlen(state));
		must(printed);
		json_object_put(printed);
		free(state);
		text = record_text(&record);
		must(text);
	}
	record_close(&record);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_object *json = fuzz_json(data, size);
	char *text = json ? rewritten(json) : NULL;
	json_object_put(json);
	if (!text)
		return 0;
	json = fuzz_json((const uint8_t *)text, strlen(text));
	must(json);
	char *again = rewritten(json);
	must(again && !strcmp(text, again));
	json_object_put(json);
	free(again);
	free(text);
	return 0;
}
