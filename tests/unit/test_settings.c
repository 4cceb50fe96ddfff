/*
 * What linux.resources asks for beyond stage 4's limits: which files, in both versions of cgroups;
 * and writes that go together.
 */
#include "test.h"

#include <sys/stat.h>

#include "7-runtime/resources/batch.h"
#include "7-runtime/resources/settings.h"
#include "common/cleanup.h"
#include "common/text.h"

/* --- settings --------------------------------------------------------------------------------- */

static int note(void *where, const struct setting *setting)
{
	fprintf(where, "%s%s=%s;", setting->optional ? "?" : "",
		setting->file ? setting->file : "-", setting->text);
	if (setting->instead)
		fprintf(where, "|%s=%s;", setting->instead, setting->instead_text);
	return 0;
}

static void assert_settings(const struct config_resources *resources, enum cgroup_version version,
	const char *expected)
{
	_cleanup_free char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	assert_non_null(out);
	for (enum controller c = 0; c < CONTROLLER_COUNT; c++)
		assert_int_equal(settings_each(resources, c, version, note, out), 0);
	fclose(out);
	assert_string_equal(text, expected);
}

static void test_numbers(void **state)
{
	(void)state;
	struct config_resources resources = {
		.memory = {.swappiness = &(uint64_t){0},
			.disable_oom_killer = true,
			.use_hierarchy = true},
		.cpu = {.realtime_period = &(uint64_t){10}, .realtime_runtime = &(int64_t){-1}},
		.block_io.leaf_weight = &(uint16_t){500},
		.network.class_id = &(uint32_t){UINT32_MAX},
	};
	assert_settings(&resources, CGROUP_V1,
		"cpu.rt_period_us=10;cpu.rt_runtime_us=-1;memory.use_hierarchy=1;"
		"memory.swappiness=0;memory.oom_control=1;blkio.leaf_weight=500;"
		"net_cls.classid=4294967295;");
	/* Nothing is left out in silence; accounting always is hierarchical there. */
	assert_settings(&resources, CGROUP_V2, "-=10;-=-1;-=0;-=1;-=500;-=4294967295;");
}

static void test_0_asks_for_nothing(void **state)
{
	(void)state;
	struct config_resources resources = {
		.cpu = {.realtime_period = &(uint64_t){0}, .realtime_runtime = &(int64_t){0}},
		.block_io.leaf_weight = &(uint16_t){0},
	};
	assert_settings(&resources, CGROUP_V2, "");
	assert_int_equal(settings_controllers(&resources), 0);
}

static void test_devices_sizes_interfaces(void **state)
{
	(void)state;
	struct config_weight_device weights[] = {
		{8, 0, .weight = &(uint16_t){10}, .leaf_weight = &(uint16_t){20}},
		{8, 16, .weight = &(uint16_t){1000}},
	};
	struct config_hugepage_limit pages[] = {{"2MB", UINT64_MAX}};
	struct config_interface_priority interfaces[] = {{"eth0", 5}};
	struct config_rdma adapters[] = {{"mlx5_1", &(uint32_t){3}, &(uint32_t){10000}},
		{"rxe3", NULL, &(uint32_t){7}}};
	struct config_resources resources = {
		.block_io.weight = &(uint16_t){500},
		.block_io.weight_device = {weights, 2},
		.hugepage_limits = {pages, 1},
		.network.priorities = {interfaces, 1},
		.rdma = {adapters, 2},
	};
	assert_settings(&resources, CGROUP_V1,
		"blkio.bfq.weight=500;|blkio.weight=500;"
		"blkio.bfq.weight_device=8:0 10;|blkio.weight_device=8:0 10;"
		"blkio.leaf_weight_device=8:0 20;"
		"blkio.bfq.weight_device=8:16 1000;|blkio.weight_device=8:16 1000;"
		"hugetlb.2MB.limit_in_bytes=18446744073709551615;"
		"?hugetlb.2MB.rsvd.limit_in_bytes=18446744073709551615;"
		"rdma.max=mlx5_1 hca_handle=3 hca_object=10000;rdma.max=rxe3 hca_object=7;"
		"net_prio.ifpriomap=eth0 5;");
	assert_settings(&resources, CGROUP_V2,
		"io.bfq.weight=500;|io.weight=4950;"
		"io.bfq.weight=8:0 10;|io.weight=8:0 1;-=8:0 20;"
		"io.bfq.weight=8:16 1000;|io.weight=8:16 10000;"
		"hugetlb.2MB.max=18446744073709551615;?hugetlb.2MB.rsvd.max=18446744073709551615;"
		"rdma.max=mlx5_1 hca_handle=3 hca_object=10000;rdma.max=rxe3 hca_object=7;"
		"-=eth0 5;");
	assert_int_equal(settings_controllers(&resources),
		1u << CONTROLLER_BLKIO | 1u << CONTROLLER_HUGETLB | 1u << CONTROLLER_RDMA |
			1u << CONTROLLER_NET_PRIO);
}

/* --- batches ---------------------------------------------------------------------------------- */

static void make_file(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static void assert_file(const char *path, const char *expected)
{
	char text[32] = "";
	FILE *in = fopen(path, "r");
	assert_non_null(in);
	assert_true(fread(text, 1, sizeof(text) - 1, in) > 0);
	fclose(in);
	assert_string_equal(text, expected);
}

static void test_a_batch_that_fails_puts_everything_back(void **state)
{
	(void)state;
	char directory[] = "/tmp/cooper-batch.XXXXXX";
	assert_non_null(mkdtemp(directory));
	_cleanup_free char *one = text_format("%s/one", directory);
	_cleanup_free char *list = text_format("%s/list", directory);
	make_file(one, "111\n");
	make_file(list, "8:0 1\n8:1 2\n");
	struct batch batch = {};
	assert_int_equal(batch_add(&batch, directory, "one", "222\n", "first"), 0);
	assert_int_equal(batch_add(&batch, directory, "list", "8:0 9\n", "second"), 0);
	assert_int_equal(batch_apply(&batch), 0);
	assert_file(one, "222\n");
	batch_release(&batch);
	assert_int_equal(batch_add(&batch, directory, "one", "333\n", "first"), 0);
	assert_int_equal(batch_add(&batch, directory, "missing", "1", "third"), 0);
	assert_int_equal(batch_apply(&batch), -1);
	assert_non_null(strstr(error_message(), "third: write: 1 > "));
	assert_file(one, "222\n");
	batch_release(&batch);
	unlink(one);
	unlink(list);
	rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_numbers),
		test(test_0_asks_for_nothing),
		test(test_devices_sizes_interfaces),
		test(test_a_batch_that_fails_puts_everything_back),
	};
	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
