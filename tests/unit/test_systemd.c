/* linux.cgroupsPath as systemd's names, and annotations as its properties. */
#include "test.h"

#include "7-runtime/systemd/path.h"
#include "7-runtime/systemd/property.h"

static struct arena *arena;

static int begin(void **state)
{
	(void)state;
	arena = arena_make();
	return arena ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void a_path_is_slice_prefix_name(void **state)
{
	static const struct {
		const char *path, *slice, *scope;
	} rows[] = {
		{"system.slice:docker:web", "system.slice", "docker-web.scope"},
		{"a-b.slice:x:y-z", "a-b.slice", "x-y-z.scope"},
		{"-.slice:x:y", "-.slice", "x-y.scope"},
		{"-:x:y", "-.slice", "x-y.scope"},
		{":x:y", NULL, "x-y.scope"},
		{"::y", NULL, "y.scope"},
		{"::", NULL, "one.scope"},
		{"a.slice:x:", "a.slice", "x-one.scope"},
		{NULL, NULL, "cooper-one.scope"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct systemd_path path = {};
		assert_int_equal(systemd_path_read(rows[i].path, "one", arena, &path), 0);
		assert_string_equal(path.scope, rows[i].scope);
		if (rows[i].slice)
			assert_string_equal(path.slice, rows[i].slice);
		else
			assert_null(path.slice);
	}
}

static void what_is_no_such_path_is_refused(void **state)
{
	static const char *const wrong[] = {"", "a", "/a/b", "a.slice", "a.slice:b",
		"a.slice:b:c:d", "a:b:c", ".slice:b:c", "-a.slice:b:c", "a-.slice:b:c",
		"a--b.slice:b:c", "a/b.slice:b:c", ":b:c/d", ":b/c:d", ":b:c d", ":b:c+",
		":b:c.slice"};
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct systemd_path path = {};
		error_clear();
		assert_int_equal(systemd_path_read(wrong[i], "one", arena, &path), -1);
		assert_true(*error_message() != '\0');
	}
}

static void a_name_has_at_most_255_characters(void **state)
{
	char id[300];
	struct systemd_path path = {};
	(void)state;
	memset(id, 'a', sizeof(id));
	id[255 - strlen("cooper-.scope")] = '\0';
	assert_int_equal(systemd_path_read(NULL, id, arena, &path), 0);
	assert_int_equal(strlen(path.scope), 255);
	id[strlen(id)] = 'a';
	id[256 - strlen("cooper-.scope")] = '\0';
	error_clear();
	assert_int_equal(systemd_path_read(NULL, id, arena, &path), -1);
}

/* The values one behind the other, each with a bar behind it. */
static void join(const struct variant *variant, char *text)
{
	*text = '\0';
	for (size_t i = 0; i < variant->count; i++)
		strcat(strcat(text, variant->values[i]), "|");
}

static void values_in_their_text_form(void **state)
{
	static const struct {
		const char *text, *signature, *values;
	} rows[] = {
		{"'inactive-or-failed'", "s", "inactive-or-failed|"},
		{" \"it's\" ", "s", "it's|"},
		{"'\\'\\\\\\n\\t'", "s", "'\\\n\t|"},
		{"''", "s", "|"},
		{"true", "b", "true|"},
		{"boolean false", "b", "false|"},
		{"5", "i", "5|"},
		{"-0x10", "i", "-16|"},
		{"-2147483648", "i", "-2147483648|"},
		{"uint64 123456789", "t", "123456789|"},
		{"uint64 18446744073709551615", "t", "18446744073709551615|"},
		{"@t 7", "t", "7|"},
		{"int64 -9223372036854775808", "x", "-9223372036854775808|"},
		{"byte 255", "y", "255|"},
		{"int16 -5", "n", "-5|"},
		{"uint16 0x1F", "q", "31|"},
		{"uint32 010", "u", "8|"},
		{"1.5", "d", "1.5|"},
		{"double 2", "d", "2|"},
		{"1e3", "d", "1000|"},
		{"['a', \"b\" ,'c']", "as", "a|b|c|"},
		{"[1, 2.5]", "ad", "1|2.5|"},
		{"[1, uint64 2]", "at", "1|2|"},
		{"[byte 0x0f,1]", "ay", "15|1|"},
		{"[true,false]", "ab", "true|false|"},
		{"@as []", "as", ""},
		{"@au [1, 2]", "au", "1|2|"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct variant variant;
		char values[128];
		int result = variant_read(&variant, rows[i].text);
		if (result < 0)
			print_error("%s: %s\n", rows[i].text, error_message());
		assert_int_equal(result, 0);
		join(&variant, values);
		assert_string_equal(variant.signature, rows[i].signature);
		assert_string_equal(values, rows[i].values);
		variant_free(&variant);
	}
}

static void what_is_no_value_is_refused(void **state)
{
	static const char *const wrong[] = {"", " ", "inactive", "'open", "\"open'", "'a' 'b'",
		"5 6", "truer", "5x", "0x", "-", "1.2.3", "2147483648", "-2147483649", "byte 256",
		"byte -1", "uint16 65536", "uint64 -1", "uint64 18446744073709551616", "uint64 1.5",
		"uint64 'x'", "uint64", "string 5", "boolean 1", "uint128 5", "[]", "[", "[1",
		"[1,", "[1 2]", "[1,]", "['a', 5]", "[uint64 1, int64 2]", "[['a']]", "@as 'a'",
		"@at ['a']", "@s", "@v 5", "('a', 'b')", "{'a': 5}", "<5>", "b'bytes'", "'\\q'",
		"'\\", "just 5", "objectpath '/a'", "1e999"};
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct variant variant;
		error_clear();
		int result = variant_read(&variant, wrong[i]);
		if (result == 0)
			print_error("taken: %s\n", wrong[i]);
		assert_int_equal(result, -1);
		assert_true(*error_message() != '\0');
		variant_free(&variant);
	}
}

static void properties_of_annotations(void **state)
{
	static const struct {
		const char *annotation, *value, *name, *signature, *values;
	} rows[] = {
		{"CollectMode", "'inactive'", "CollectMode", "s", "inactive|"},
		{"TimeoutStopUSec", "uint64 123456789", "TimeoutStopUSec", "t", "123456789|"},
		{"TimeoutStopSec", "5", "TimeoutStopUSec", "t", "5000000|"},
		{"TimeoutStopSec", "double 0.5", "TimeoutStopUSec", "t", "500000|"},
		{"TimeoutStopSec", "uint64 18446744073709", "TimeoutStopUSec", "t",
			"18446744073709000000|"},
		{"IPAccounting", "true", "IPAccounting", "b", "true|"},
		{"Sec", "'x'", "Sec", "s", "x|"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct property_value property;
		char annotation[128], values[128];
		snprintf(annotation, sizeof(annotation), PROPERTY_PREFIX "%s", rows[i].annotation);
		assert_true(property_is(annotation));
		assert_int_equal(property_read(&property, annotation, rows[i].value), 0);
		join(&property.variant, values);
		assert_string_equal(property.name, rows[i].name);
		assert_string_equal(property.variant.signature, rows[i].signature);
		assert_string_equal(values, rows[i].values);
		property_free(&property);
	}
	assert_false(property_is("org.systemd.propertyCollectMode"));
}

static void properties_that_cannot_be_are_refused(void **state)
{
	static const char *const wrong[][2] = {{"", "5"}, {"Ab", "5"}, {"A.b.c", "5"},
		{"Memory1", "5"}, {"Collect Mode", "5"}, {"CollectMod\xc3\xa9", "5"},
		{"CollectMode", "inactive"}, {"TimeoutStopSec", "-1"}, {"TimeoutStopSec", "'5'"},
		{"TimeoutStopSec", "[5]"}, {"TimeoutStopSec", "uint64 18446744073710"},
		{"TimeoutStopSec", "1e300"},
		/* the runtime's own */
		{"PIDs", "[uint32 1]"}, {"Description", "'x'"}, {"Slice", "'x.slice'"},
		{"Delegate", "false"}, {"DelegateControllers", "['cpu']"},
		{"DelegateSubgroup", "'x'"}, {"DefaultDependencies", "true"}};
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct property_value property;
		char annotation[128];
		snprintf(annotation, sizeof(annotation), PROPERTY_PREFIX "%s", wrong[i][0]);
		error_clear();
		int result = property_read(&property, annotation, wrong[i][1]);
		if (result == 0)
			print_error("taken: %s=%s\n", wrong[i][0], wrong[i][1]);
		assert_int_equal(result, -1);
		assert_true(*error_message() != '\0');
		property_free(&property);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_is_slice_prefix_name),
		cmocka_unit_test(what_is_no_such_path_is_refused),
		cmocka_unit_test(a_name_has_at_most_255_characters),
		cmocka_unit_test(values_in_their_text_form),
		cmocka_unit_test(what_is_no_value_is_refused),
		cmocka_unit_test(properties_of_annotations),
		cmocka_unit_test(properties_that_cannot_be_are_refused),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
