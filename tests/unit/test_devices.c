/*
 * Device rules: which of them decides, what they are in the terms of cgroup v1, and the program for
 * v2. The whole table of questions goes through the rules and through the program, which a machine
 * of our own runs (machines.h).
 */
#include "test.h"

#include "../machines.h"

#include "7-runtime/resources/device_program.h"
#include "7-runtime/resources/device_rules.h"
#include "common/cleanup.h"

#define RULES(...)                                                                                 \
	{                                                                                          \
		.items = (struct device_rule[]){NOTHING, __VA_ARGS__},                             \
		.count = sizeof((struct device_rule[]){NOTHING, __VA_ARGS__}) /                    \
			 sizeof(struct device_rule),                                               \
	}
#define NOTHING                                                                                    \
	{                                                                                          \
		false, 'a', DEVICE_ANY, DEVICE_ANY, DEVICE_ALL                                     \
	}

static const struct device_rules lists[] = {
	RULES({true, 'c', 1, 3, DEVICE_ALL}),
	RULES({true, 'c', 1, DEVICE_ANY, DEVICE_READ}, {true, 'b', 8, 0, DEVICE_WRITE}),
	RULES({true, 'c', 1, 3, DEVICE_READ}, {true, 'c', 1, 3, DEVICE_WRITE}),
	RULES({true, 'c', 1, 3, DEVICE_ALL}, {false, 'c', 1, 3, DEVICE_WRITE}),
	RULES({true, 'c', 1, DEVICE_ANY, DEVICE_ALL},
		{false, 'c', 1, 3, DEVICE_READ | DEVICE_WRITE}),
	RULES({true, 'a', DEVICE_ANY, DEVICE_ANY, DEVICE_ALL},
		{false, 'b', 8, DEVICE_ANY, DEVICE_ALL}),
	RULES({true, 'a', 1, DEVICE_ANY, DEVICE_READ}, {false, 'b', DEVICE_ANY, 3, DEVICE_READ}),
	RULES({true, 'c', DEVICE_ANY, DEVICE_ANY, DEVICE_MKNOD}, {true, 'c', 1, 3, DEVICE_READ}),
};

enum { LISTS = sizeof(lists) / sizeof(*lists) };

/* --- the program ------------------------------------------------------------------------------ */

static void assert_same_answer(const struct device_rules *rules,
	const struct device_program *program, char type, int64_t major, int64_t minor,
	unsigned access)
{
	const struct bpf_cgroup_dev_ctx asked = {
		.access_type = (type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR) |
			       access << 16,
		.major = (uint32_t)major,
		.minor = (uint32_t)minor,
	};
	uint64_t answer = 0;
	assert_true(device_run(program->code, program->count, &asked, &answer));
	assert_int_equal(answer, device_rules_allow(rules, type, major, minor, access));
}

static void test_program_says_what_the_rules_say(void **state)
{
	(void)state;
	static const int64_t numbers[] = {0, 1, 3, 8, 4095};
	for (size_t i = 0; i < LISTS; i++) {
		struct device_program program;
		assert_int_equal(device_program_make(&program, &lists[i]), 0);
		for (unsigned question = 0; question < 5 * 5 * 8 * 2; question++)
			assert_same_answer(&lists[i], &program, question % 2 ? 'b' : 'c',
				numbers[question / 2 % 5], numbers[question / 10 % 5],
				question / 50);
		free(program.code);
	}
}

/* The kernel's verifier refuses a program in which something is never reached. */
static void test_program_ends_with_a_rule_about_everything(void **state)
{
	(void)state;
	const struct device_rules rules = RULES({true, 'c', 1, 3, DEVICE_ALL},
		{true, 'a', DEVICE_ANY, DEVICE_ANY, DEVICE_ALL});
	struct device_program program;
	assert_int_equal(device_program_make(&program, &rules), 0);
	assert_int_equal(program.count, 6 + 2);
	assert_same_answer(&rules, &program, 'b', 8, 0, DEVICE_ALL);
	free(program.code);
}

/* --- the rules -------------------------------------------------------------------------------- */

static void test_the_last_rule_decides_for_each_access(void **state)
{
	(void)state;
	assert_true(device_rules_allow(&lists[2], 'c', 1, 3, DEVICE_READ | DEVICE_WRITE));
	assert_false(device_rules_allow(&lists[2], 'c', 1, 3, DEVICE_MKNOD));
	assert_true(device_rules_allow(&lists[3], 'c', 1, 3, DEVICE_READ));
	assert_false(device_rules_allow(&lists[3], 'c', 1, 3, DEVICE_READ | DEVICE_WRITE));
	assert_true(device_rules_allow(&lists[4], 'c', 1, 3, DEVICE_MKNOD));
	assert_true(device_rules_allow(&lists[4], 'c', 1, 4, DEVICE_WRITE));
	assert_false(device_rules_allow(&lists[4], 'b', 1, 4, DEVICE_WRITE));
	assert_true(device_rules_allow(&lists[5], 'c', 8, 0, DEVICE_ALL));
	assert_false(device_rules_allow(&lists[5], 'b', 8, 0, DEVICE_READ));
	assert_true(device_rules_allow(&lists[6], 'b', 1, 4, DEVICE_READ));
	assert_false(device_rules_allow(&lists[6], 'b', 1, 3, DEVICE_READ));
}

static void test_what_a_config_leaves_out_means_all(void **state)
{
	(void)state;
	int64_t any = -1;
	struct config_device_rule items[] = {
		{.allow = true, .type = "c", .major = &(int64_t){60}, .minor = &any},
		{.allow = false, .access = "w"},
	};
	struct config_resources resources = {.devices = {items, 2}};
	struct device_rules rules;
	assert_int_equal(device_rules_make(&rules, &resources), 0);
	assert_true(device_rules_allow(&rules, 'c', 60, 7, DEVICE_READ | DEVICE_MKNOD));
	assert_false(device_rules_allow(&rules, 'c', 60, 7, DEVICE_WRITE));
	/* What every container may use comes after the config's rules. */
	assert_true(device_rules_allow(&rules, 'c', 1, 3, DEVICE_ALL));
	assert_true(device_rules_allow(&rules, 'c', 136, 5, DEVICE_ALL));
	assert_true(device_rules_allow(&rules, 'b', 8, 0, DEVICE_MKNOD));
	assert_false(device_rules_allow(&rules, 'b', 8, 0, DEVICE_READ));
	free(rules.items);
}

/* --- the terms of v1 -------------------------------------------------------------------------- */

static void test_flat_rules_say_the_same(void **state)
{
	(void)state;
	static const size_t flat[] = {0, 1, 2, 3, 5, 7};
	static const int64_t numbers[] = {0, 1, 3, 8};
	for (size_t i = 0; i < sizeof(flat) / sizeof(*flat); i++) {
		struct device_rules exceptions;
		bool allow;
		assert_int_equal(device_rules_flatten(&lists[flat[i]], &allow, &exceptions), 0);
		for (unsigned question = 0; question < 2 * 4 * 4 * 3; question++) {
			const struct device_rule asked = {true, question % 2 ? 'b' : 'c',
				numbers[question / 2 % 4], numbers[question / 8 % 4],
				1u << question / 32};
			assert_int_equal(device_rules_except(&exceptions, &asked) != allow,
				device_rules_allow(&lists[flat[i]], asked.type, asked.major,
					asked.minor, asked.access));
		}
		free(exceptions.items);
	}
}

static void test_a_hole_cannot_be_flat(void **state)
{
	(void)state;
	struct device_rules exceptions;
	bool allow;
	assert_int_equal(device_rules_flatten(&lists[4], &allow, &exceptions), 3);
	free(exceptions.items);
	assert_int_equal(device_rules_flatten(&lists[6], &allow, &exceptions), 3);
	free(exceptions.items);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_program_says_what_the_rules_say),
		test(test_program_ends_with_a_rule_about_everything),
		test(test_the_last_rule_decides_for_each_access),
		test(test_what_a_config_leaves_out_means_all),
		test(test_flat_rules_say_the_same),
		test(test_a_hole_cannot_be_flat),
	};
	return cmocka_run_group_tests_name("devices", tests, NULL, NULL);
}
