/* Command lines: what is read, what is refused and how, what --help says. */
#include "test.h"

#include <stdio.h>

#include "common/flags.h"
#include "common/step.h"
#include "common/version.h"

struct options {
	const char *name;
	bool loud;
	int64_t size;
	struct text_list items;
};

static const struct flag flags[] = {
	{"name", "NAME", "a name", flag_text, offsetof(struct options, name), 0},
	{"loud", NULL, "shout", flag_switch, offsetof(struct options, loud), 's'},
	{"size", "SIZE", "a size", flag_size, offsetof(struct options, size), 0},
	{"item", "ITEM", "an item (may be repeated)", flag_list, offsetof(struct options, items),
		0},
	{},
};

enum { MOST_WORDS = 16 };

/* A command line, as words that end with NULL. */
struct call {
	const char *words[MOST_WORDS];
	struct options options;
	bool scattered;
	int value_status;
	int at;
};

static void read_call(struct call *call)
{
	const struct flag_group groups[] = {{flags, &call->options}, {}};
	const struct command_line line = {
		.usage = "[options] PLACE THING...",
		.about = "Does a thing.",
		.groups = groups,
		.operands = 2,
		.scattered = call->scattered,
		.value_status = call->value_status,
	};
	int count = 0;
	while (call->words[count])
		count++;
	narrate_as("tool");
	call->at = flags_read(&line, count, (char **)call->words);
}

static void act(void *call)
{
	read_call(call);
}

static void values_come_with_a_blank_or_an_equals_sign(void **state)
{
	struct call call = {{"tool", "--name", "one", "--size=64M", "--loud", "p", "t", NULL}};
	(void)state;
	read_call(&call);
	assert_string_equal(call.options.name, "one");
	assert_true(call.options.size == 64 << 20);
	assert_true(call.options.loud);
	assert_int_equal(call.at, 5);
}

static void a_value_may_look_like_a_flag(void **state)
{
	struct call call = {
		{"tool", "--name", "--loud", "--item=c=", "--item", "a=b", "p", "t", NULL}};
	(void)state;
	read_call(&call);
	assert_string_equal(call.options.name, "--loud");
	assert_false(call.options.loud);
	assert_int_equal(call.options.items.count, 2);
	assert_string_equal(call.options.items.items[0], "c=");
	assert_string_equal(call.options.items.items[1], "a=b");
	free(call.options.items.items);
}

static void flags_end_at_the_first_operand(void **state)
{
	struct call call = {{"tool", "p", "--loud", "--unknown", NULL}};
	(void)state;
	read_call(&call);
	assert_int_equal(call.at, 1);
	assert_false(call.options.loud);
}

static void two_dashes_end_the_flags(void **state)
{
	struct call call = {{"tool", "--loud", "--", "--name", "t", NULL}};
	(void)state;
	read_call(&call);
	assert_int_equal(call.at, 3);
	assert_true(call.options.loud);
	assert_null(call.options.name);
}

static void one_dash_does_as_well_as_two(void **state)
{
	struct call call = {{"tool", "-name", "one", "-size=64M", "-s", "p", "t", NULL}};
	(void)state;
	read_call(&call);
	assert_string_equal(call.options.name, "one");
	assert_true(call.options.size == 64 << 20);
	assert_true(call.options.loud);
	assert_int_equal(call.at, 5);
}

static void truth_as_go_writes_it(void **state)
{
	static const struct {
		const char *word;
		bool truth;
	} rows[] = {{"--loud=true", true}, {"--loud=T", true}, {"-loud=1", true}, {"-s=t", true},
		{"--loud=True", true}, {"--loud=false", false}, {"--loud=0", false},
		{"-s=F", false}};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct call call = {{"tool", rows[i].word, "p", "t", NULL}};
		call.options.loud = !rows[i].truth;
		read_call(&call);
		assert_int_equal(call.options.loud, rows[i].truth);
	}
}

static void scattered_flags_come_first(void **state)
{
	struct call call = {{"tool", "p", "--name", "one", "-s", "t", "--size=1K", "u", "--",
				    "--loud=false", "v", NULL},
		.scattered = true};
	static const char *const operands[] = {"p", "t", "u", "--loud=false", "v"};
	(void)state;
	read_call(&call);
	assert_string_equal(call.options.name, "one");
	assert_true(call.options.size == 1024);
	assert_true(call.options.loud);
	assert_int_equal(call.at, 6);
	for (int i = 0; i < 5; i++)
		assert_string_equal(call.words[call.at + i], operands[i]);
}

static void a_single_dash_is_an_operand(void **state)
{
	struct call call = {{"tool", "-", "t", NULL}};
	(void)state;
	read_call(&call);
	assert_int_equal(call.at, 1);
}

static void wrong_usage_ends_the_program_with_2(void **state)
{
	struct {
		struct call call;
		const char *message;
	} wrong[] = {
		{{{"tool", NULL}}, "too few words: expected [options] PLACE THING..."},
		{{{"tool", "p", NULL}}, "too few words"},
		{{{"tool", "--nam", "x", "p", "t", NULL}}, "--nam: no such option"},
		{{{"tool", "--names", "x", "p", "t", NULL}}, "--names: no such option"},
		{{{"tool", "--=x", "p", "t", NULL}}, "--=x: no such option"},
		{{{"tool", "-l", "p", "t", NULL}}, "-l: no such option"},
		{{{"tool", "-nam", "x", "p", "t", NULL}}, "-nam: no such option"},
		{{{"tool", "-sl", "p", "t", NULL}}, "-sl: no such option"},
		{{{"tool", "--name", NULL}}, "--name: expected a value (NAME)"},
		{{{"tool", "--loud=yes", "p", "t", NULL}}, "--loud=yes: takes no value"},
		{{{"tool", "--explain=song", "p", "t", NULL}},
			"--explain=song: expected text, json or trace"},
		{{{"tool", "--explained", "p", "t", NULL}}, "--explained: no such option"},
		{{{"tool", "p", "t", "--nam", NULL}, .scattered = true}, "--nam: no such option"},
		{{{"tool", "p", "--loud", NULL}, .scattered = true}, "too few words"},
		{{{"tool", "p", "--name", NULL}, .scattered = true}, "--name: expected a value"},
	};
	char output[2048];
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		assert_int_equal(in_child(act, &wrong[i].call, output, sizeof(output)), EXIT_USAGE);
		assert_ptr_equal(strstr(output, "tool: "), output);
		assert_non_null(strstr(output, wrong[i].message));
		assert_non_null(strstr(output, "\n  hint: see tool --help\n"));
	}
}

static void a_value_that_cannot_be_ends_the_program_with_1(void **state)
{
	struct call call = {{"tool", "--size=big", "p", "t", NULL}};
	char output[2048];
	(void)state;
	assert_int_equal(in_child(act, &call, output, sizeof(output)), EXIT_ERROR);
	assert_string_equal(output,
		"tool: --size: expected a size such as 512K, 64M or 2G, found \"big\"\n");
	call.value_status = 255;
	assert_int_equal(in_child(act, &call, output, sizeof(output)), 255);
}

static void an_empty_value_is_none(void **state)
{
	struct call calls[] = {{{"tool", "--name=", "p", "t", NULL}},
		{{"tool", "--name", "", "p", "t", NULL}}};
	char output[2048];
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(in_child(act, &calls[i], output, sizeof(output)), EXIT_ERROR);
		assert_string_equal(output, "tool: --name: expected a value (NAME), found \"\"\n");
	}
}

static void help_names_every_flag(void **state)
{
	struct call call = {{"tool", "--loud", "--help", NULL}};
	char output[4096];
	(void)state;
	assert_int_equal(in_child(act, &call, output, sizeof(output)), 0);
	assert_ptr_equal(strstr(output, "usage: tool [options] PLACE THING...\n"), output);
	assert_non_null(strstr(output, "\nDoes a thing.\n"));
	for (const struct flag *flag = flags; flag->name; flag++) {
		assert_non_null(strstr(output, flag->name));
		assert_non_null(strstr(output, flag->help));
	}
	assert_non_null(strstr(output, "--explain[=FORM]"));
	assert_non_null(strstr(output, "--version"));
}

static void version_is_the_project_s(void **state)
{
	struct call call = {{"tool", "--version", NULL}};
	char output[4096];
	(void)state;
	assert_int_equal(in_child(act, &call, output, sizeof(output)), 0);
	assert_string_equal(output, "tool version " COOPER_VERSION "\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(values_come_with_a_blank_or_an_equals_sign),
		test(a_value_may_look_like_a_flag),
		test(flags_end_at_the_first_operand),
		test(two_dashes_end_the_flags),
		test(one_dash_does_as_well_as_two),
		test(truth_as_go_writes_it),
		test(scattered_flags_come_first),
		test(a_single_dash_is_an_operand),
		test(wrong_usage_ends_the_program_with_2),
		test(a_value_that_cannot_be_ends_the_program_with_1),
		test(an_empty_value_is_none),
		test(help_names_every_flag),
		test(version_is_the_project_s),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
