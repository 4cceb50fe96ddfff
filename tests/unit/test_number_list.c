/* Lists of processors and memory nodes, as configs and the kernel write them. */
#include "test.h"

#include "6-oci/number_list.h"

static void numbers_and_ranges(void **state)
{
	(void)state;
	struct number_set set;
	assert_true(number_list_read("0-2,7", &set));
	assert_int_equal(set.count, 4);
	for (size_t i = 0; i < 10; i++)
		assert_int_equal(number_set_has(&set, i), i <= 2 || i == 7);
	assert_true(set.bits[0] == 0x87);
}

static void numbers_beyond_a_word(void **state)
{
	(void)state;
	struct number_set set;
	assert_true(number_list_read("8191,64", &set));
	assert_int_equal(set.count, 2);
	assert_true(number_set_has(&set, 64));
	assert_true(number_set_has(&set, 8191));
	assert_false(number_set_has(&set, 63));
}

static void blanks_repeats_and_a_line_end(void **state)
{
	(void)state;
	struct number_set set;
	assert_true(number_list_read(" 1 , 1-2 ,,\n", &set));
	assert_int_equal(set.count, 2);
}

static void nothing_is_the_empty_set(void **state)
{
	(void)state;
	static const char *const empty[] = {NULL, "", " ", "\n", ","};
	for (size_t i = 0; i < sizeof(empty) / sizeof(*empty); i++) {
		struct number_set set;
		assert_true(number_list_read(empty[i], &set));
		assert_int_equal(set.count, 0);
	}
}

static void what_is_no_list_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {"a", "-1", "1-", "2-1", "1 2", "0x1", "1-2-3", "8192",
		"0-8192", "99999999999999999999999", "1;2", "1.5"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct number_set set;
		if (number_list_read(bad[i], &set))
			assert_string_equal(bad[i], "refused");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_and_ranges),
		cmocka_unit_test(numbers_beyond_a_word),
		cmocka_unit_test(blanks_repeats_and_a_line_end),
		cmocka_unit_test(nothing_is_the_empty_set),
		cmocka_unit_test(what_is_no_list_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
