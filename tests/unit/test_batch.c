/* What a batch of limits leaves behind when one of them is refused; files of our own. */
#include "test.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "7-runtime/resources/batch.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/text.h"

/*
 * A file with @before in it, and a write of @text, that has to go back since another write fails.
 * A file of a cgroup takes a line; this one has it at its beginning then.
 */
static void assert_goes_back(const char *file, const char *before, const char *text,
	const char *expected)
{
	char directory[] = "/tmp/cooper-batch.XXXXXX";
	struct batch batch = {};
	assert_non_null(mkdtemp(directory));
	_cleanup_free char *path = text_format("%s/%s", directory, file);
	_cleanup_fd int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_int_equal(write(fd, before, strlen(before)), strlen(before));
	assert_int_equal(batch_add(&batch, directory, file, text, "linux.resources"), 0);
	assert_int_equal(batch_add(&batch, "/proc/none", "file", "1", "linux.resources"), 0);
	assert_int_equal(batch_apply(&batch), -1);
	error_clear();
	_cleanup_free char *after = file_read(AT_FDCWD, path, 4096, NULL);
	assert_non_null(after);
	if (strncmp(after, expected, strlen(expected)) != 0) {
		print_error("%s: \"%s\", expected \"%s\"\n", file, after, expected);
		assert_true(false);
	}
	batch_release(&batch);
	unlink(path);
	rmdir(directory);
}

static void test_one_value(void **state)
{
	(void)state;
	assert_goes_back("pids.max", "100\n", "7", "100");
	assert_goes_back("cpu.max", "20000 100000\n", "10000 50000", "20000 100000");
	assert_goes_back("io.weight", "default 100\n8:0 50\n", "200", "default 100");
}

static void test_a_line_of_a_list(void **state)
{
	static const char list[] = "8:0 rbps=5 wbps=max riops=max wiops=max\n"
				   "8:16 rbps=max wbps=6 riops=max wiops=max\n";
	(void)state;
	assert_goes_back("io.max", list, "8:16 wbps=9", "8:16 rbps=max wbps=6 riops=max wiops=max");
	assert_goes_back("io.max", list, "8:1 wbps=9", "8:1 rbps=max wbps=max riops=max wiops=max");
	assert_goes_back("blkio.throttle.read_bps_device", "", "8:0 9", "8:0 0");
	assert_goes_back("io.weight", "default 100\n", "8:0 50", "8:0 default");
	assert_goes_back("net_prio.ifpriomap", "lo 0\neth0 3\n", "eth0 7", "eth0 3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_one_value),
		test(test_a_line_of_a_list),
	};
	return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
