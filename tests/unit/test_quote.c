/* Text of unknown origin: what reaches a terminal, a log, another program. */
#include "test.h"

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/quote.h"

/* Characters that move the cursor, end a line, or turn the order around, each in a text. */
/* NOLINTBEGIN(misc-misleading-bidirectional) */
static const char *const steering[] = {"a\x1b[2Jb", "a\nb", "a\rb", "a\tb", "a\x7f", "\xc2\x9b[2J",
	"a\xc2\x85", "a\xe2\x80\xa8", "a\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x80\x8f"};
/* NOLINTEND(misc-misleading-bidirectional) */

static const char *const broken[] = {"a\x9b", "\xff", "\xc3", "\xe2\x82", "\xed\xa0\x80",
	"\xc0\x80"};

#define LENGTH(list) (sizeof(list) / sizeof(*(list)))

static char *json_of(const char *text)
{
	char *json = NULL;
	size_t size;
	FILE *out = open_memstream(&json, &size);
	quote_json(out, text);
	fclose(out);
	return json;
}

static void what_steers_a_terminal_is_escaped_and_comes_back_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(steering); i++) {
		_cleanup_free char *json = json_of(steering[i]);
		for (const char *byte = json; *byte; byte++)
			assert_in_range(*byte, ' ', '~');
		struct json_object *string = json_tokener_parse(json);
		assert_string_equal(json_object_get_string(string), steering[i]);
		json_object_put(string);
	}
}

static void usual_text_stays_as_it_is(void **state)
{
	(void)state;
	_cleanup_free char *json = json_of("caf\u00e9 \u4e16 \U0001f6e2 ~/-");
	assert_string_equal(json, "\"caf\u00e9 \u4e16 \U0001f6e2 ~/-\"");
	_cleanup_free char *quoted = json_of("\"\\");
	assert_string_equal(quoted, "\"\\\"\\\\\"");
	char text[] = "caf\u00e9 \u4e16 \U0001f6e2 \"\\";
	quote_harmless(text);
	assert_string_equal(text, "caf\u00e9 \u4e16 \U0001f6e2 \"\\");
}

static void bytes_that_are_no_text_do_not_break_what_is_around_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(broken); i++) {
		_cleanup_free char *json = json_of(broken[i]);
		assert_non_null(strstr(json, "\\ufffd\""));
		for (const char *byte = json; *byte; byte++)
			assert_in_range(*byte, ' ', '~');
	}
}

static void a_line_for_a_person_is_one_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(steering) + LENGTH(broken); i++) {
		char text[32];
		snprintf(text, sizeof(text), "%s",
			i < LENGTH(steering) ? steering[i] : broken[i - LENGTH(steering)]);
		size_t length = strlen(text);
		quote_harmless(text);
		assert_int_equal(strlen(text), length);
		assert_non_null(strchr(text, '?'));
		for (const char *byte = text; *byte; byte++)
			assert_in_range(*byte, ' ', '~');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_steers_a_terminal_is_escaped_and_comes_back_whole),
		test(usual_text_stays_as_it_is),
		test(bytes_that_are_no_text_do_not_break_what_is_around_them),
		test(a_line_for_a_person_is_one_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
