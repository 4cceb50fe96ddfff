/*
 * Finding the hierarchies of hosts of every kind, from what /proc says there; and making a cgroup
 * in a v2 tree, with a directory of plain files in its place.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
/* The project has a function of that name. */
#undef fail

#include "4-cgroups/cgroup.h"
#include "4-cgroups/hierarchy.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/text.h"

#define BIT(name) (1u << CONTROLLER_##name)

/* --- hosts ------------------------------------------------------------------------------------ */

static const struct hierarchy *with(const struct hierarchies *found, enum controller controller)
{
	const struct hierarchy *hierarchy = hierarchy_with(found, controller);
	assert_non_null(hierarchy);
	return hierarchy;
}

static void parse(struct hierarchies *found, const char *mountinfo, const char *own)
{
	assert_int_equal(hierarchies_parse(found, mountinfo, own, NULL), 0);
}

static void pure_v2(void **state)
{
	(void)state;
	struct hierarchies found;
	parse(&found,
		"24 30 0:22 / /proc rw,nosuid - proc proc rw\n"
		"35 25 0:30 / /sys/fs/cgroup rw,nosuid,nodev shared:9 - cgroup2 cgroup2 "
		"rw,nsdelegate,memory_recursiveprot\n",
		"0::/user.slice/user-1000.slice/session-3.scope\n");
	assert_int_equal(found.count, 1);
	assert_ptr_equal(hierarchy_unified(&found), &found.list[0]);
	assert_string_equal(found.list[0].mount, "/sys/fs/cgroup");
	assert_string_equal(found.list[0].own, "/user.slice/user-1000.slice/session-3.scope");
	hierarchies_release(&found);
}

static void pure_v1_with_controllers_together(void **state)
{
	(void)state;
	struct hierarchies found;
	parse(&found,
		"31 25 0:27 / /sys/fs/cgroup ro - tmpfs tmpfs ro,mode=755\n"
		"32 31 0:28 / /sys/fs/cgroup/systemd rw shared:9 - cgroup cgroup rw,xattr,"
		"name=systemd\n"
		"33 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:10 - cgroup cgroup "
		"rw,cpu,cpuacct\n"
		"34 31 0:30 / /sys/fs/cgroup/net_cls,net_prio rw - cgroup cgroup "
		"rw,net_cls,net_prio\n"
		"35 31 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
		"36 31 0:32 / /sys/fs/cgroup/perf_event rw - cgroup cgroup rw,perf_event\n",
		"12:memory:/user.slice\n4:cpu,cpuacct:/a\n3:net_cls,net_prio:/n\n2:perf_event:/\n"
		"1:name=systemd:/user.slice/session.scope\n");
	assert_int_equal(found.count, 3);
	assert_null(hierarchy_unified(&found));
	assert_ptr_equal(with(&found, CONTROLLER_CPU), with(&found, CONTROLLER_CPUACCT));
	assert_int_equal(with(&found, CONTROLLER_CPU)->controllers, BIT(CPU) | BIT(CPUACCT));
	assert_string_equal(with(&found, CONTROLLER_CPU)->own, "/a");
	assert_string_equal(with(&found, CONTROLLER_MEMORY)->mount, "/sys/fs/cgroup/memory");
	assert_string_equal(with(&found, CONTROLLER_MEMORY)->own, "/user.slice");
	assert_ptr_equal(with(&found, CONTROLLER_NET_CLS), with(&found, CONTROLLER_NET_PRIO));
	assert_string_equal(with(&found, CONTROLLER_NET_CLS)->own, "/n");
	assert_null(hierarchy_with(&found, CONTROLLER_PIDS));
	hierarchies_release(&found);
}

static void hybrid(void **state)
{
	(void)state;
	struct hierarchies found;
	parse(&found,
		"40 31 0:34 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate\n"
		"33 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
		"34 31 0:30 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n",
		"3:cpuset:/\n2:cpu:/b\n0::/c\n");
	assert_int_equal(found.count, 3);
	assert_int_equal(hierarchy_unified(&found)->controllers, 0);
	assert_string_equal(hierarchy_unified(&found)->own, "/c");
	assert_int_equal(with(&found, CONTROLLER_CPU)->version, CGROUP_V1);
	assert_string_equal(with(&found, CONTROLLER_CPU)->own, "/b");
	assert_string_equal(with(&found, CONTROLLER_CPUSET)->own, "/");
	hierarchies_release(&found);
}

static void container_that_sees_a_part(void **state)
{
	(void)state;
	struct hierarchies found;
	parse(&found,
		"33 31 0:29 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n"
		"34 31 0:30 /docker/abc /sys/fs/cgroup/pids ro - cgroup cgroup rw,pids\n"
		"35 31 0:31 /docker/ab /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n"
		"36 31 0:32 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n",
		"4:memory:/docker/abc/inner\n3:pids:/docker/abc\n2:cpu:/docker/abc\n"
		"0::/../outside\n");
	assert_string_equal(with(&found, CONTROLLER_MEMORY)->own, "/inner");
	assert_string_equal(with(&found, CONTROLLER_PIDS)->own, "/");
	/* "/docker/abc" does not lie in "/docker/ab", nor "/.." in what we see. */
	assert_null(with(&found, CONTROLLER_CPU)->own);
	assert_null(hierarchy_unified(&found)->own);
	hierarchies_release(&found);
}

static void odd_mounts(void **state)
{
	(void)state;
	struct hierarchies found;
	parse(&found,
		"33 31 0:29 / /a\\040b\\134c rw - cgroup cgroup rw,memory\n"
		"34 31 0:29 / /second rw - cgroup cgroup rw,memory\n"
		"35 31 0:40 / /mnt/cgroup2 rw - tmpfs cgroup2 rw\n"
		"36 31\n"
		"\n",
		"1:memory:/x:y\n");
	assert_int_equal(found.count, 1);
	assert_string_equal(found.list[0].mount, "/a b\\c");
	assert_string_equal(found.list[0].own, "/x:y");
	hierarchies_release(&found);
}

/* Of these mounts, as a mount over it would. */
static int hides_33_and_40(const char *mount, unsigned number)
{
	(void)mount;
	return number != 33 && number != 40;
}

static void mounted_twice_and_hidden_once(void **state)
{
	(void)state;
	struct hierarchies found;
	const char *mounts = "40 31 0:34 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
			     "33 31 0:29 / /hidden rw - cgroup cgroup rw,memory\n"
			     "41 31 0:34 /a /mnt rw - cgroup2 cgroup2 rw\n"
			     "34 31 0:29 / /second rw - cgroup cgroup rw,memory\n";
	assert_int_equal(
		hierarchies_parse(&found, mounts, "1:memory:/\n0::/a/b\n", hides_33_and_40), 0);
	assert_int_equal(found.count, 2);
	assert_string_equal(hierarchy_unified(&found)->mount, "/mnt");
	assert_string_equal(hierarchy_unified(&found)->own, "/b");
	assert_string_equal(with(&found, CONTROLLER_MEMORY)->mount, "/second");
	hierarchies_release(&found);
}

static void no_cgroups_at_all(void **state)
{
	(void)state;
	struct hierarchies found;
	parse(&found, "", "");
	assert_int_equal(found.count, 0);
	assert_null(hierarchy_with(&found, CONTROLLER_MEMORY));
	assert_null(hierarchy_unified(&found));
	hierarchies_release(&found);
}

static void words(void **state)
{
	(void)state;
	assert_true(has_word("cpuset cpu io\n", "cpu"));
	assert_true(has_word("rw,cpu,cpuacct", "cpuacct"));
	assert_false(has_word("cpuset cpuacct", "cpu"));
	assert_false(has_word("", "cpu"));
}

/* --- a v2 tree of plain files ----------------------------------------------------------------- */

static char tree[] = "/tmp/cooper-test-cgroup.XXXXXX";

static void put(const char *path, const char *text)
{
	_cleanup_free char *whole = text_format("%s/%s", tree, path);
	_cleanup_fd int fd = open(whole, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
}

static void assert_file(const char *path, const char *expected)
{
	_cleanup_free char *whole = text_format("%s/%s", tree, path);
	_cleanup_free char *text = file_read(AT_FDCWD, whole, 4096, NULL);
	assert_non_null(text);
	assert_string_equal(text, expected);
}

/* The top of the tree has "a" below it, and that "b". All exist, so that their files can. */
static int make_tree(void **state)
{
	(void)state;
	_cleanup_free char *a = NULL, *b = NULL;
	strcpy(tree + strlen(tree) - 6, "XXXXXX");
	if (!mkdtemp(tree) || !(a = text_format("%s/a", tree)) ||
		!(b = text_format("%s/a/b", tree)) || mkdir(a, 0755) < 0 || mkdir(b, 0755) < 0)
		return -1;
	put("cgroup.controllers", "cpuset cpu io memory pids hugetlb\n");
	put("cgroup.subtree_control", "cpu\n");
	put("a/cgroup.controllers", "cpu memory hugetlb\n");
	put("a/cgroup.subtree_control", "\n");
	put("a/b/memory.max", "");
	put("a/b/memory.high", "");
	put("a/b/cgroup.freeze", "");
	return 0;
}

static int remove_tree(void **state)
{
	(void)state;
	_cleanup_free char *command = text_format("rm -rf --one-file-system %s", tree);
	error_clear();
	return command && system(command) == 0 ? 0 : -1;
}

/* The cgroup /a/b in that tree. */
static struct cgroup fake_cgroup(void)
{
	struct cgroup cgroup = {.path = strdup("/a/b"), .unified = -1};
	cgroup.in.list[0] = (struct hierarchy){.version = CGROUP_V2,
		.controllers = BIT(CPU) | BIT(MEMORY) | BIT(PIDS) | BIT(BLKIO) | BIT(CPUSET),
		.mount = strdup(tree)};
	cgroup.in.count = 1;
	return cgroup;
}

static void controllers_are_handed_down(void **state)
{
	(void)state;
	struct cgroup cgroup = fake_cgroup();
	struct cgroup_limits limits = {.memory = {true, 4096}};
	assert_int_equal(cgroup_create(&cgroup, &limits, true), 0);
	assert_file("cgroup.subtree_control", "+memory");
	assert_file("a/cgroup.subtree_control", "+memory");
	assert_file("a/b/memory.max", "4096");
	assert_true(cgroup.unified >= 0);
	cgroup_close(&cgroup);
}

static void what_is_handed_down_already_is_left_alone(void **state)
{
	(void)state;
	struct cgroup cgroup = fake_cgroup();
	struct cgroup_limits limits = {.memory = {true, 4096}};
	put("cgroup.subtree_control", "cpu memory\n");
	put("a/cgroup.subtree_control", "memory\n");
	assert_int_equal(cgroup_create(&cgroup, &limits, true), 0);
	assert_file("cgroup.subtree_control", "cpu memory\n");
	assert_file("a/cgroup.subtree_control", "memory\n");
	cgroup_close(&cgroup);
}

static void files_by_their_own_name(void **state)
{
	(void)state;
	struct cgroup cgroup = fake_cgroup();
	const struct unified_setting settings[] = {
		{"memory.high", "8192"},
		{"cgroup.freeze", "0"},
	};
	struct cgroup_limits limits = {.unified = settings, .unified_count = 2};
	assert_int_equal(cgroup_create(&cgroup, &limits, true), 0);
	assert_file("a/cgroup.subtree_control", "+memory");
	assert_file("a/b/memory.high", "8192");
	assert_file("a/b/cgroup.freeze", "0");
	cgroup_close(&cgroup);
}

static void controller_that_is_not_handed_down(void **state)
{
	(void)state;
	struct cgroup cgroup = fake_cgroup();
	struct cgroup_limits limits = {.pids = {true, 5}};
	assert_int_equal(cgroup_create(&cgroup, &limits, true), -1);
	assert_non_null(strstr(error_message(), "\"pids\""));
	assert_non_null(strstr(error_message(), "/a"));
	cgroup_close(&cgroup);
}

static void controller_that_nobody_has(void **state)
{
	(void)state;
	struct cgroup cgroup = fake_cgroup();
	struct cgroup_limits limits = {.pids = {true, 5}};
	cgroup.in.list[0].controllers = BIT(MEMORY);
	assert_int_equal(cgroup_create(&cgroup, &limits, true), -1);
	assert_string_equal(error_message(),
		"this host has no cgroup controller \"pids\", which a limit needs");
	/* Nothing was tried. */
	assert_file("cgroup.subtree_control", "cpu\n");
	cgroup_close(&cgroup);
}

static void limit_that_the_kernel_lacks(void **state)
{
	(void)state;
	struct cgroup cgroup = fake_cgroup();
	struct cgroup_limits limits = {.cpu_idle = {true, 1}};
	assert_int_equal(cgroup_create(&cgroup, &limits, true), -1);
	assert_non_null(strstr(error_message(), "cpu.idle: No such file or directory"));
	assert_string_equal(error_hint(), "this kernel does not have that limit");
	cgroup_close(&cgroup);
}

static void existing_one_is_only_taken_when_asked(void **state)
{
	(void)state;
	struct cgroup cgroup = fake_cgroup();
	struct cgroup_limits limits = {};
	assert_true(cgroup_exists(&cgroup));
	assert_int_equal(cgroup_create(&cgroup, &limits, false), -1);
	assert_int_equal(errno, EEXIST);
	error_clear();
	assert_int_equal(cgroup_create(&cgroup, &limits, true), 0);
	cgroup_close(&cgroup);
}

static void paths(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "/", "//", "/..", "../a", "/a/../b", "/a/..", "a/.."};
	struct cgroup cgroup;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(cgroup_open(&cgroup, bad[i]), -1);
		cgroup_close(&cgroup);
		error_clear();
	}
	assert_int_equal(cgroup_open(&cgroup, "/a..b/..c"), 0);
	assert_string_equal(cgroup.path, "/a..b/..c");
	assert_false(cgroup_exists(&cgroup));
	cgroup_close(&cgroup);
}

#define WITH_TREE(test) cmocka_unit_test_setup_teardown(test, make_tree, remove_tree)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pure_v2),
		cmocka_unit_test(pure_v1_with_controllers_together),
		cmocka_unit_test(hybrid),
		cmocka_unit_test(container_that_sees_a_part),
		cmocka_unit_test(odd_mounts),
		cmocka_unit_test(mounted_twice_and_hidden_once),
		cmocka_unit_test(no_cgroups_at_all),
		cmocka_unit_test(words),
		WITH_TREE(controllers_are_handed_down),
		WITH_TREE(what_is_handed_down_already_is_left_alone),
		WITH_TREE(files_by_their_own_name),
		WITH_TREE(controller_that_is_not_handed_down),
		WITH_TREE(controller_that_nobody_has),
		WITH_TREE(limit_that_the_kernel_lacks),
		WITH_TREE(existing_one_is_only_taken_when_asked),
		cmocka_unit_test(paths),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
