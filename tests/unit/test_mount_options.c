/*
 * What the words in a mount's options become: attributes, propagation, and what the filesystem is
 * told. That the kernel takes them is for the behaviour tests to see.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include <cmocka.h>
/* The project has a function of that name. */
#undef fail

#include "6-oci/mount_options.h"
#include "common/error.h"

/* Reads the options, words with blanks between. Free the data. */
static int read_options(const char *type, const char *words, struct mount *mount)
{
	char *items[16], *copy = strdup(words), *rest = copy;
	struct config_mount asked = {.destination = "/a", .type = (char *)type, .source = "/s"};
	asked.options.items = items;
	for (char *word; (word = strsep(&rest, " "));)
		if (*word)
			items[asked.options.count++] = word;
	int result = mount_options_read(&asked, mount);
	free(copy);
	return result;
}

static void assert_attributes(const char *words, uint64_t set, uint64_t clear)
{
	struct mount mount;
	assert_int_equal(read_options("tmpfs", words, &mount), 0);
	assert_int_equal(mount.set, set);
	assert_int_equal(mount.clear, clear);
	assert_int_equal(mount.set_below | mount.clear_below, 0);
	assert_null(mount.data);
}

static void assert_data(const char *type, const char *words, const char *data)
{
	struct mount mount;
	assert_int_equal(read_options(type, words, &mount), 0);
	if (data)
		assert_string_equal(mount.data, data);
	else
		assert_null(mount.data);
	free((char *)mount.data);
}

static void test_a_later_word_takes_back_an_earlier_one(void **state)
{
	(void)state;
	assert_attributes("ro nosuid", MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID, 0);
	assert_attributes("ro rw", 0, MOUNT_ATTR_RDONLY);
	assert_attributes("rw ro", MOUNT_ATTR_RDONLY, 0);
	assert_attributes("noatime strictatime", MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME);
	assert_attributes("strictatime nostrictatime", 0, MOUNT_ATTR__ATIME);
}

static void test_words_without_a_meaning_here_go_nowhere(void **state)
{
	(void)state;
	assert_attributes("defaults silent loud iversion noiversion auto noauto _netdev x-a X-b=c",
		0, 0);
	assert_attributes("remount idmap ridmap tmpcopyup", 0, 0);
}

static void test_the_filesystem_gets_the_rest(void **state)
{
	(void)state;
	assert_data("tmpfs", "size=1m ro sync dirsync", "size=1m,sync,dirsync");
	assert_data("tmpfs", "sync async mand nomand lazytime nolazytime",
		"sync,async,mand,nomand,lazytime,nolazytime");
	assert_data("none", "bind async nomand nolazytime", NULL);
}

static void test_a_bind_mount_has_no_filesystem_to_tell(void **state)
{
	static const char *const words[] = {"bind sync", "rbind dirsync", "bind lazytime",
		"bind mand", "size=1m bind"};
	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		assert_data("none", words[i], NULL);
}

static void test_recursive_words_are_kept_apart(void **state)
{
	struct mount mount;
	(void)state;
	assert_int_equal(read_options("none", "rbind rro rnosuid rdev ro rslave", &mount), 0);
	assert_null(mount.type);
	assert_true(mount.recursive && mount.propagation_below);
	assert_int_equal(mount.set, MOUNT_ATTR_RDONLY);
	assert_int_equal(mount.set_below, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID);
	assert_int_equal(mount.clear_below, MOUNT_ATTR_NODEV);
	assert_int_equal(mount.propagation, MS_SLAVE);
}

static void test_what_a_stage_does(void **state)
{
	(void)state;
	assert_true(mount_option_is_done("ro", 6));
	assert_true(mount_option_is_done("size=5", 6));
	assert_false(mount_option_is_done("idmap", 6));
	assert_false(mount_option_is_done("remount", 6));
	assert_true(mount_option_is_done("tmpcopyup", 7));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_later_word_takes_back_an_earlier_one),
		cmocka_unit_test(test_words_without_a_meaning_here_go_nowhere),
		cmocka_unit_test(test_the_filesystem_gets_the_rest),
		cmocka_unit_test(test_a_bind_mount_has_no_filesystem_to_tell),
		cmocka_unit_test(test_recursive_words_are_kept_apart),
		cmocka_unit_test(test_what_a_stage_does),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
