/*
 * linux.intelRdt on a plain directory that stands in for the kernel's filesystem. It has no files
 * of its own in a new directory, so what is written to those is seen in groups that exist.
 */
#include "test.h"

#include <fcntl.h>
#include <ftw.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "7-runtime/resctrl.h"
#include "7-runtime/resources/statistics_files.h"
#include "common/cleanup.h"
#include "common/file.h"
#include "common/text.h"

static char root[] = "/tmp/test-resctrl.XXXXXX";

static void put(const char *path, const char *text)
{
	_cleanup_free char *whole = text_format("%s/%s", root, path);
	FILE *file = fopen(whole, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void make(const char *path)
{
	_cleanup_free char *whole = text_format("%s/%s", root, path);
	assert_int_equal(mkdir(whole, 0755), 0);
}

static bool exists(const char *path)
{
	_cleanup_free char *whole = text_format("%s/%s", root, path);
	return file_exists(AT_FDCWD, whole);
}

static void assert_content(const char *path, const char *expected)
{
	_cleanup_free char *whole = text_format("%s/%s", root, path);
	_cleanup_free char *text = file_read(AT_FDCWD, whole, 4096, NULL);
	assert_string_equal(text, expected);
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *walk)
{
	(void)info;
	(void)type;
	(void)walk;
	return remove(path);
}

static int teardown(void **state)
{
	(void)state;
	nftw(root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	strcpy(root + strlen(root) - 6, "XXXXXX");
	error_clear();
	return 0;
}

/* A root with the group "web" in it. */
static int setup(void **state)
{
	(void)state;
	error_clear();
	if (!mkdtemp(root))
		return -1;
	make("mon_groups");
	put("tasks", "");
	put("schemata", "    L3:0=fffff;1=fffff\n");
	make("web");
	make("web/mon_groups");
	put("web/tasks", "");
	put("web/schemata", "    MB:0= 20;1=100\n    L3:0=000f0;1=0001f\n");
	return 0;
}

static int locate_and_check(struct resctrl *resctrl, const struct config_intel_rdt *wanted)
{
	assert_int_equal(resctrl_locate(resctrl, wanted, root, "one"), 0);
	return resctrl_check(resctrl, wanted);
}

/* spec: config-linux:intelrdt-3 */
static void nothing_asked_nothing_done(void **state)
{
	(void)state;
	struct resctrl resctrl;
	assert_int_equal(resctrl_check_mounted(NULL, root), 0);
	assert_int_equal(locate_and_check(&resctrl, NULL), 0);
	assert_int_equal(resctrl_make(&resctrl, NULL), 0);
	assert_int_equal(resctrl_join(&resctrl, 5), 0);
}

/* spec: config-linux:intelrdt-2 */
static void a_plain_directory_is_no_resctrl(void **state)
{
	(void)state;
	const struct config_intel_rdt wanted = {};
	assert_int_equal(resctrl_check_mounted(&wanted, root), -1);
	assert_non_null(strstr(error_message(), "there is no resctrl filesystem"));
}

/* spec: config-linux:intelrdt-1 config-linux:intelrdt-15 config-linux:intelrdt-16 */
/* spec: config-linux:intelrdt-21 */
static void a_group_of_the_container(void **state)
{
	(void)state;
	const struct config_intel_rdt wanted = {};
	struct resctrl resctrl;
	assert_int_equal(locate_and_check(&resctrl, &wanted), 0);
	assert_true(resctrl.own);
	assert_false(exists("one"));
	assert_int_equal(resctrl_make(&resctrl, &wanted), 0);
	put("one/tasks", "");
	assert_int_equal(resctrl_join(&resctrl, 77), 0);
	assert_content("one/tasks", "77");
	assert_false(exists("one/schemata"));
	/* (The kernel's directories go with their files in them.) */
	_cleanup_free char *tasks = text_format("%s/one/tasks", root);
	unlink(tasks);
	assert_int_equal(resctrl_remove(resctrl.group), 0);
	assert_false(exists("one"));
	assert_int_equal(resctrl_remove(resctrl.group), 0);
}

static void a_name_that_is_taken(void **state)
{
	(void)state;
	const struct config_intel_rdt wanted = {};
	struct resctrl resctrl;
	make("one");
	assert_int_equal(locate_and_check(&resctrl, &wanted), -1);
	error_clear();
	assert_int_equal(resctrl_make(&resctrl, &wanted), -1);
	assert_true(exists("one"));
}

/* spec: config-linux:intelrdt-20 config-linux:intelrdt-22 config-linux:intelrdt-23 */
/* spec: config-linux:intelrdt-24 */
static void a_group_that_exists(void **state)
{
	(void)state;
	const struct config_intel_rdt wanted = {.clos_id = "web", .enable_monitoring = true};
	struct resctrl resctrl;
	assert_int_equal(locate_and_check(&resctrl, &wanted), 0);
	assert_false(resctrl.own);
	assert_int_equal(resctrl_make(&resctrl, &wanted), 0);
	assert_true(exists("web/mon_groups/one"));
	put("web/mon_groups/one/tasks", "");
	assert_int_equal(resctrl_join(&resctrl, 78), 0);
	assert_content("web/tasks", "78");
	assert_content("web/mon_groups/one/tasks", "78");
	assert_content("web/schemata", "    MB:0= 20;1=100\n    L3:0=000f0;1=0001f\n");
}

/* spec: config-linux:intelrdt-4 */
static void the_group_above_all(void **state)
{
	(void)state;
	const struct config_intel_rdt wanted = {.clos_id = "/", .enable_monitoring = true};
	struct resctrl resctrl;
	assert_int_equal(locate_and_check(&resctrl, &wanted), 0);
	assert_string_equal(resctrl.group, root);
	assert_int_equal(resctrl_make(&resctrl, &wanted), 0);
	assert_true(exists("mon_groups/one"));
}

/* spec: config-linux:intelrdt-19 config-linux:intelrdt-20 */
static void a_group_that_must_exist_and_does_not(void **state)
{
	(void)state;
	const struct config_intel_rdt wanted = {.clos_id = "other"};
	struct resctrl resctrl;
	assert_int_equal(locate_and_check(&resctrl, &wanted), -1);
	assert_non_null(strstr(error_message(), "linux.intelRdt.closID"));
	assert_false(exists("other"));
}

/* spec: config-linux:intelrdt-11 config-linux:intelrdt-12 config-linux:intelrdt-14 */
static void shares_in_their_order(void **state)
{
	(void)state;
	char *lines[] = {"L2:0=f", "L2:1=f", NULL};
	const struct config_intel_rdt wanted = {.clos_id = "web",
		.l3_cache_schema = "L3:0=f0",
		.mem_bw_schema = "MB:1=100",
		.schemata = {lines, 2}};
	struct resctrl resctrl;
	assert_int_equal(locate_and_check(&resctrl, &wanted), 0);
	put("web/schemata", "");
	assert_int_equal(resctrl_make(&resctrl, &wanted), 0);
	assert_content("web/schemata", "L3:0=f0\nMB:1=100\nL2:0=f\nL2:1=f\n");
}

/* spec: config-linux:intelrdt-13 */
static void one_share_alone(void **state)
{
	(void)state;
	const struct config_intel_rdt wanted = {.clos_id = "web", .mem_bw_schema = "MB:1=100"};
	struct resctrl resctrl;
	assert_int_equal(locate_and_check(&resctrl, &wanted), 0);
	put("web/schemata", "");
	assert_int_equal(resctrl_make(&resctrl, &wanted), 0);
	assert_content("web/schemata", "MB:1=100\n");
}

/* spec: config-linux:intelrdt-18 */
static void shares_that_differ(void **state)
{
	(void)state;
	const struct config_intel_rdt wanted = {.clos_id = "web", .mem_bw_schema = "MB:1=50"};
	struct resctrl resctrl;
	assert_int_equal(locate_and_check(&resctrl, &wanted), -1);
	assert_non_null(strstr(error_message(), "linux.intelRdt.memBwSchema"));
}

/* In the stand-in a new directory has no schemata, as if the kernel had refused them. */
/* spec: config-linux:intelrdt-26 */
static void what_fails_halfway_is_gone(void **state)
{
	(void)state;
	const struct config_intel_rdt wanted = {.clos_id = "new", .l3_cache_schema = "L3:0=f"};
	struct resctrl resctrl;
	assert_int_equal(locate_and_check(&resctrl, &wanted), 0);
	assert_int_equal(resctrl_make(&resctrl, &wanted), -1);
	assert_false(exists("new"));
	error_clear();
	const struct config_intel_rdt monitored = {.enable_monitoring = true};
	assert_int_equal(locate_and_check(&resctrl, &monitored), 0);
	assert_int_equal(resctrl_make(&resctrl, &monitored), -1);
	assert_false(exists("one"));
}

/* What `events --stats` has for a container with these settings. */
static void assert_statistics(const struct config_intel_rdt *wanted, const char *expected)
{
	struct resctrl resctrl;
	struct json_object *whole = json_object_new_object();
	assert_int_equal(resctrl_locate(&resctrl, wanted, root, "one"), 0);
	statistics_rdt(whole, &resctrl, root);
	assert_string_equal(json_object_to_json_string_ext(whole, JSON_C_TO_STRING_PLAIN),
		expected);
	json_object_put(whole);
}

static void what_is_counted(void **state)
{
	(void)state;
	assert_statistics(NULL, "{\"intel_rdt\":{}}");
	const struct config_intel_rdt web = {.clos_id = "web"};
	/* A machine that tells nothing of what it can. */
	assert_statistics(&web, "{\"intel_rdt\":{\"schemata\":"
				"[\"MB:0= 20;1=100\",\"L3:0=000f0;1=0001f\"]}}");
	make("info");
	make("info/L3");
	put("info/L3/cbm_mask", "fffff\n");
	put("info/L3/min_cbm_bits", "2\n");
	put("info/L3/num_closids", "16\n");
	make("info/MB");
	put("info/MB/bandwidth_gran", "10\n");
	put("info/MB/delay_linear", "1\n");
	put("info/MB/min_bandwidth", "5\n");
	put("info/MB/num_closids", "8\n");
	put("schemata", "    L3:0=fffff;1=fffff\n    MB:0=100;1=100\n");
	make("web/mon_data");
	make("web/mon_data/mon_L3_01");
	put("web/mon_data/mon_L3_01/llc_occupancy", "4096\n");
	make("web/mon_data/mon_L3_00");
	put("web/mon_data/mon_L3_00/llc_occupancy", "Unavailable\n");
	put("web/mon_data/mon_L3_00/mbm_total_bytes", "77\n");
	put("web/mon_data/mon_L3_00/mbm_local_bytes", "0\n");
	assert_statistics(&web,
		"{\"intel_rdt\":{\"l3_cache_info\":{\"cbm_mask\":\"fffff\",\"min_cbm_bits\":2,"
		"\"num_closids\":16},\"l3_cache_schema_root\":\"L3:0=fffff;1=fffff\","
		"\"l3_cache_schema\":\"L3:0=000f0;1=0001f\",\"mem_bw_info\":{\"bandwidth_gran\":10,"
		"\"delay_linear\":1,\"min_bandwidth\":5,\"num_closids\":8},"
		"\"mem_bw_schema_root\":\"MB:0=100;1=100\",\"mem_bw_schema\":\"MB:0= 20;1=100\","
		"\"schemata\":[\"MB:0= 20;1=100\",\"L3:0=000f0;1=0001f\"],"
		"\"mbm_stats\":[{\"mbm_total_bytes\":77,\"mbm_local_bytes\":0}],"
		"\"cmt_stats\":[{\"llc_occupancy\":4096}]}}");
}

/* With counters of its own, those of others in the group do not count. */
static void what_is_counted_for_the_container_alone(void **state)
{
	(void)state;
	const struct config_intel_rdt web = {.clos_id = "web", .enable_monitoring = true};
	make("web/mon_data");
	make("web/mon_data/mon_L3_00");
	put("web/mon_data/mon_L3_00/llc_occupancy", "9999\n");
	make("web/mon_groups/one");
	make("web/mon_groups/one/mon_data");
	make("web/mon_groups/one/mon_data/mon_L3_00");
	put("web/mon_groups/one/mon_data/mon_L3_00/llc_occupancy", "11\n");
	put("web/schemata", "L3:0=1\n");
	assert_statistics(&web, "{\"intel_rdt\":{\"schemata\":[\"L3:0=1\"],"
				"\"cmt_stats\":[{\"llc_occupancy\":11}]}}");
}

static void lines_that_say_the_same(void **state)
{
	(void)state;
	const char *schemata = "    MB:0= 20;1=100\n    L3:0=000f0;1=0001F\nL2:10=0\n";
	static const char *const same[] = {"", "L3:0=f0", "L3:0=f0;1=1f", "L3:1=1F;0=0f0",
		"MB:0=20", "MB:1=100;0=20", "L3:1=1f\nMB:1=100\n", "L2:10=0", " L2:10=00"};
	static const char *const other[] = {"L3:0=f", "L3:0=f1", "L3:2=1f", "L3:0=f0;1=1", "MB:0=2",
		"MB:0=200", "MB:0=", "L2:1=0", "L4:0=1", "L3", "L3:", "L3:0", "L3:0=f0;1=1f;2=1",
		"L3:1=1f\nMB:1=10"};
	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
		if (!resctrl_matches(same[i], schemata))
			assert_string_equal(same[i], "taken for the same");
	for (size_t i = 0; i < sizeof(other) / sizeof(*other); i++)
		if (resctrl_matches(other[i], schemata))
			assert_string_equal(other[i], "taken for another");
}

#define on_a_tree(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_tree(nothing_asked_nothing_done),
		on_a_tree(a_plain_directory_is_no_resctrl),
		on_a_tree(a_group_of_the_container),
		on_a_tree(a_name_that_is_taken),
		on_a_tree(a_group_that_exists),
		on_a_tree(the_group_above_all),
		on_a_tree(a_group_that_must_exist_and_does_not),
		on_a_tree(shares_in_their_order),
		on_a_tree(one_share_alone),
		on_a_tree(shares_that_differ),
		on_a_tree(what_fails_halfway_is_gone),
		on_a_tree(what_is_counted),
		on_a_tree(what_is_counted_for_the_container_alone),
		cmocka_unit_test(lines_that_say_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
