/* Numbers and sizes out of what a user typed, and back. */
#include "test.h"

#include "common/cleanup.h"
#include "common/text.h"

static void numbers_within_the_bounds_are_read(void **state)
{
	int64_t number;
	(void)state;
	assert_int_equal(text_number("--n", "0", 0, 9, &number), 0);
	assert_int_equal(number, 0);
	assert_int_equal(text_number("--n", "-5", -5, 9, &number), 0);
	assert_int_equal(number, -5);
	assert_int_equal(text_number("--n", "007", 0, 9, &number), 0);
	assert_int_equal(number, 7);
	assert_int_equal(text_number("--n", "9223372036854775807", 0, INT64_MAX, &number), 0);
	assert_true(number == INT64_MAX);
}

static void what_is_no_number_is_refused(void **state)
{
	static const char *const wrong[] = {"", " ", " 1", "1 ", "+1", "-", "--1", "1x", "0x10",
		"1.5", "1e3", "10", "-6", "9223372036854775808", "-9223372036854775809", "one"};
	int64_t number;
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		error_clear();
		assert_int_equal(text_number("--n", wrong[i], -5, 9, &number), -1);
		assert_non_null(
			strstr(error_message(), "--n: expected a whole number from -5 to 9"));
		assert_non_null(strstr(error_message(), wrong[i]));
	}
}

static void sizes_have_a_unit_of_1024(void **state)
{
	static const struct {
		const char *text;
		int64_t bytes;
	} sizes[] = {
		{"1", 1},
		{"4096", 4096},
		{"512K", 512 << 10},
		{"64M", 64 << 20},
		{"64m", 64 << 20},
		{"2G", INT64_C(2) << 30},
		{"3t", INT64_C(3) << 40},
		{"8388607T", INT64_C(8388607) << 40},
		{"9223372036854775807", INT64_MAX},
	};
	int64_t bytes;
	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		assert_int_equal(text_size("--memory", sizes[i].text, &bytes), 0);
		assert_true(bytes == sizes[i].bytes);
	}
}

static void what_is_no_size_is_refused(void **state)
{
	static const char *const wrong[] = {"", "0", "0K", "-1", "-1M", "K", "64MB", "64MiB",
		"64 M", "1.5G", "8388608T", "9223372036854775808", "64P", "max"};
	int64_t bytes;
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		error_clear();
		assert_int_equal(text_size("--memory", wrong[i], &bytes), -1);
		assert_non_null(strstr(error_message(), "--memory: expected a size such as"));
	}
}

static void sizes_are_written_in_the_largest_whole_unit(void **state)
{
	(void)state;
	assert_string_equal(text_human_size(1), "1 bytes");
	assert_string_equal(text_human_size(1023), "1023 bytes");
	assert_string_equal(text_human_size(1024), "1 KiB");
	assert_string_equal(text_human_size(1025), "1025 bytes");
	assert_string_equal(text_human_size(64 << 20), "64 MiB");
	assert_string_equal(text_human_size(INT64_C(1536) << 20), "1536 MiB");
	assert_string_equal(text_human_size(INT64_C(4096) << 40), "4096 TiB");
}

static void a_formatted_text_has_any_length(void **state)
{
	char longest[10001];
	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	_cleanup_free char *text = text_format("%s/%d", longest, 42);
	assert_int_equal(strlen(text), 10003);
	assert_string_equal(text + 10000, "/42");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(numbers_within_the_bounds_are_read),
		test(what_is_no_number_is_refused),
		test(sizes_have_a_unit_of_1024),
		test(what_is_no_size_is_refused),
		test(sizes_are_written_in_the_largest_whole_unit),
		test(a_formatted_text_has_any_length),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
