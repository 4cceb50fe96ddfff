/*
 * What the fuzz targets share.
 *
 * A target is one function that gets bytes of any kind and says with must() what has to hold for
 * all of them; that it neither crashes, hangs nor leaks is seen to by the sanitizers. It calls only
 * what leaves the host alone. libFuzzer makes up the bytes ("make fuzz"), and what it has found
 * interesting is in corpus/, which "make test" goes through (tests/replay.c).
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "6-oci/errors.h"
#include "6-oci/json.h"
#include "common/error.h"
#include "common/step.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The trace of the stack says which. */
#define must(condition) ((condition) ? (void)0 : abort())

/* The bytes as a string, in memory of just its size; free it. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	must(text);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

/* One line, without what controls a terminal: neither ASCII's nor U+0080 to U+009F. */
static inline void fuzz_expect_line(const char *line)
{
	for (const unsigned char *c = (const unsigned char *)line; *c; c++)
		must(!iscntrl(*c) && !(c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0));
}

/* An error is one line, and there is one exactly when something has failed. Forgets it. */
static inline void fuzz_expect_error(bool failed)
{
	must(failed == (error_message()[0] != '\0'));
	fuzz_expect_line(error_message());
	error_clear();
	step_for(NULL);
}

/* The bytes as JSON; NULL if they are none. json_object_put() frees it. */
static inline struct json_object *fuzz_json(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct json_object *json = json_parse("fuzz.json", text, size);
	fuzz_expect_error(!json);
	free(text);
	return json;
}

/* Looks at the errors, forgets them, and says whether there were any. */
static inline bool fuzz_errors(struct config_errors *errors)
{
	bool any = errors->count > 0;
	must(errors->kept <= errors->count);
	for (size_t i = 0; i < errors->kept; i++) {
		must(errors->lines[i][0]);
		fuzz_expect_line(errors->lines[i]);
	}
	if (any)
		must(config_errors_fail(errors, "fuzz.json") == -1);
	fuzz_expect_error(any);
	config_errors_free(errors);
	*errors = (struct config_errors){};
	return any;
}

#endif
