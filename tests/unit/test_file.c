/* Whole files: what is read, what is refused without waiting, what is left after a write. */
#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "common/cleanup.h"
#include "common/file.h"

/* Each test has an empty directory of its own and works in it. */
static int enter_directory(void **state)
{
	char *path = strdup("/tmp/cooper-tests.file.XXXXXX");
	error_clear();
	*state = path;
	return mkdtemp(path) && chdir(path) == 0 ? 0 : -1;
}

static void remove_all(int directory)
{
	_cleanup_directory DIR *names = fdopendir(directory);
	for (const struct dirent *entry; names && (entry = readdir(names));) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (unlinkat(dirfd(names), entry->d_name, 0) == 0)
			continue;
		remove_all(openat(dirfd(names), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
		unlinkat(dirfd(names), entry->d_name, AT_REMOVEDIR);
	}
}

static int leave_directory(void **state)
{
	remove_all(open(*state, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	int result = chdir("/") < 0 || rmdir(*state) < 0 ? -1 : 0;
	free(*state);
	return result;
}

static void put(const char *path, const char *bytes, size_t size)
{
	_cleanup_stream FILE *file = fopen(path, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
}

static void a_file_is_read_whole(void **state)
{
	size_t size;
	(void)state;
	put("file", "one\0two\n", 8);
	_cleanup_free char *content = file_read(AT_FDCWD, "file", 100, &size);
	assert_int_equal(size, 8);
	assert_memory_equal(content, "one\0two\n", 9);
	put("empty", "", 0);
	_cleanup_free char *nothing = file_read(AT_FDCWD, "empty", 100, &size);
	assert_int_equal(size, 0);
	assert_string_equal(nothing, "");
}

static void a_file_of_proc_is_read_though_its_size_is_0(void **state)
{
	size_t size;
	(void)state;
	_cleanup_free char *content = file_read(AT_FDCWD, "/proc/kallsyms", 64 << 20, &size);
	assert_non_null(content);
	assert_true(size > 10000);
	assert_int_equal(content[size - 1], '\n');
}

static void a_file_of_sys_is_as_large_as_what_is_in_it(void **state)
{
	size_t size;
	(void)state;
	/* A number, in a file of 4096 bytes. */
	_cleanup_free char *content = file_read(AT_FDCWD, "/sys/kernel/uevent_seqnum", 64, &size);
	assert_non_null(content);
	assert_in_range(size, 2, 21);
}

static void a_file_that_is_too_large_is_refused(void **state)
{
	(void)state;
	put("file", "12345", 5);
	_cleanup_free char *fits = file_read(AT_FDCWD, "file", 5, NULL);
	assert_string_equal(fits, "12345");
	assert_null(file_read(AT_FDCWD, "file", 4, NULL));
	assert_string_equal(error_message(), "file: larger than 4 bytes");
	error_clear();
	assert_null(file_read(AT_FDCWD, "/proc/kallsyms", 4096, NULL));
	assert_string_equal(error_message(), "/proc/kallsyms: larger than 4096 bytes");
}

static void what_is_no_file_is_refused_at_once(void **state)
{
	(void)state;
	assert_return_code(mkdir("directory", 0755), errno);
	assert_return_code(mkfifo("fifo", 0644), errno);
	assert_null(file_read(AT_FDCWD, "directory", 100, NULL));
	assert_string_equal(error_message(),
		"directory: expected a regular file, found a directory");
	error_clear();
	assert_null(file_read(AT_FDCWD, "fifo", 100, NULL));
	assert_string_equal(error_message(), "fifo: expected a regular file, found a FIFO");
	error_clear();
	assert_null(file_read(AT_FDCWD, "/dev/zero", 100, NULL));
	assert_non_null(strstr(error_message(), "/dev/zero: expected a regular file"));
	error_clear();
	assert_null(file_read(AT_FDCWD, "missing", 100, NULL));
	assert_string_equal(error_message(), "open: missing: No such file or directory");
}

static void a_path_is_relative_to_the_given_directory(void **state)
{
	(void)state;
	assert_return_code(mkdir("below", 0755), errno);
	put("below/file", "here", 4);
	_cleanup_fd int below = open("below", O_PATH | O_CLOEXEC);
	_cleanup_free char *content = file_read(below, "file", 100, NULL);
	assert_string_equal(content, "here");
	assert_true(file_exists(below, "file"));
	assert_false(file_exists(below, "below"));
}

static void a_write_makes_no_file(void **state)
{
	(void)state;
	assert_int_equal(file_write(AT_FDCWD, "missing", "text"), -1);
	assert_int_equal(errno, ENOENT);
	assert_string_equal(error_message(), "write: text > missing: No such file or directory");
	assert_false(file_exists(AT_FDCWD, "missing"));
}

static void a_write_that_the_kernel_refuses_keeps_its_reason(void **state)
{
	(void)state;
	assert_int_equal(file_write(AT_FDCWD, "/dev/full", "max\n"), -1);
	assert_int_equal(errno, ENOSPC);
	assert_string_equal(error_message(), "write: max > /dev/full: No space left on device");
}

static void a_replaced_file_is_new_and_whole(void **state)
{
	struct stat info;
	(void)state;
	put("file", "a long old content", 18);
	_cleanup_fd int old = open("file", O_RDONLY | O_CLOEXEC);
	assert_int_equal(file_replace(AT_FDCWD, "file", "new", 0600), 0);
	_cleanup_free char *content = file_read(AT_FDCWD, "file", 100, NULL);
	assert_string_equal(content, "new");
	assert_return_code(stat("file", &info), errno);
	assert_int_equal(info.st_mode & 07777, 0600);
	assert_false(file_exists(AT_FDCWD, "file.new"));
	/* Who has the old one open still reads all of it. */
	char bytes[32];
	assert_int_equal(read(old, bytes, sizeof(bytes)), 18);
}

static void a_replacement_that_fails_leaves_what_was(void **state)
{
	(void)state;
	assert_return_code(mkdir("file", 0755), errno);
	assert_int_equal(file_replace(AT_FDCWD, "file", "new", 0600), -1);
	assert_false(file_exists(AT_FDCWD, "file.new"));
	assert_true(file_exists(AT_FDCWD, "file"));
}

static void a_replaced_file_can_be_kept_beside_the_new_one(void **state)
{
	(void)state;
	assert_int_equal(file_replace_keeping(AT_FDCWD, "file", "first", 0600), 0);
	assert_false(file_exists(AT_FDCWD, "file.before"));
	assert_int_equal(file_replace_keeping(AT_FDCWD, "file", "second", 0600), 0);
	assert_int_equal(file_replace_keeping(AT_FDCWD, "file", "third", 0600), 0);
	_cleanup_free char *now = file_read(AT_FDCWD, "file", 100, NULL);
	_cleanup_free char *before = file_read(AT_FDCWD, "file.before", 100, NULL);
	assert_string_equal(now, "third");
	assert_string_equal(before, "second");
}

static void directories_are_made_all_the_way(void **state)
{
	struct stat info;
	(void)state;
	umask(0);
	assert_int_equal(directory_make("one/two//three", 0711), 0);
	assert_return_code(stat("one/two/three", &info), errno);
	assert_int_equal(info.st_mode & 07777, 0711);
	assert_int_equal(directory_make("one/two/three", 0700), 0);
	put("one/file", "", 0);
	assert_int_equal(directory_make("one/file/below", 0755), -1);
	assert_non_null(strstr(error_message(), "one/file/below: Not a directory"));
}

#define in_directory(name) cmocka_unit_test_setup_teardown(name, enter_directory, leave_directory)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_directory(a_file_is_read_whole),
		in_directory(a_file_of_proc_is_read_though_its_size_is_0),
		in_directory(a_file_of_sys_is_as_large_as_what_is_in_it),
		in_directory(a_file_that_is_too_large_is_refused),
		in_directory(what_is_no_file_is_refused_at_once),
		in_directory(a_path_is_relative_to_the_given_directory),
		in_directory(a_write_makes_no_file),
		in_directory(a_write_that_the_kernel_refuses_keeps_its_reason),
		in_directory(a_replaced_file_is_new_and_whole),
		in_directory(a_replacement_that_fails_leaves_what_was),
		in_directory(a_replaced_file_can_be_kept_beside_the_new_one),
		in_directory(directories_are_made_all_the_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
