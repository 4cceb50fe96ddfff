/* The home directory in an /etc/passwd that nobody vouches for. */
#include "test.h"

#include <string.h>

#include "7-runtime/process/home.h"

static void assert_home(const char *passwd, uint32_t uid, const char *expected)
{
	size_t length;
	const char *home = home_find(passwd, uid, &length);
	assert_int_equal(length, strlen(expected));
	if (length)
		assert_memory_equal(home, expected, length);
}

static void the_line_of_the_uid(void **state)
{
	(void)state;
	const char *passwd = "root:x:0:0:root:/root:/bin/sh\n"
			     "ten:x:10:0::/home/ten:/bin/sh\n"
			     "hundred:x:100:10::/home/hundred\n";
	assert_home(passwd, 0, "/root");
	assert_home(passwd, 10, "/home/ten");
	assert_home(passwd, 100, "/home/hundred");
	assert_home(passwd, 1, "");
	assert_home(passwd, 1000, "");
}

static void the_first_of_two(void **state)
{
	(void)state;
	assert_home("a:x:5:5::/first:\nb:x:5:5::/second:\n", 5, "/first");
}

static void the_largest_uid_and_no_line_end(void **state)
{
	(void)state;
	assert_home("nobody:x:4294967294:0::/nonexistent", 4294967294, "/nonexistent");
}

static void lines_that_are_none(void **state)
{
	(void)state;
	assert_home("", 0, "");
	assert_home("\n\n::\n:::::\n", 0, "");
	assert_home("root\nroot:x\nroot:x:0\nroot:x:0:0:root", 0, "");
	/* The fields of one line are not looked for in the next. */
	assert_home("root:x:0:0:root\n:/wrong:\n", 0, "");
	assert_home("root:x:00:0:root:/wrong:\n", 0, "");
	assert_home("root:x:0:0:::\n", 0, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_line_of_the_uid),
		cmocka_unit_test(the_first_of_two),
		cmocka_unit_test(the_largest_uid_and_no_line_end),
		cmocka_unit_test(lines_that_are_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
