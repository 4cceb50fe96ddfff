/*
 * Bad input, made from the tables themselves, so that no property and no option can be forgotten:
 * each value of a wrong type or out of its range gets an error that names exactly this property,
 * each option that takes a value refuses an empty one, and what it cannot understand.
 */
#include "test.h"

#include <inttypes.h>
#include <json-c/json.h>

#include "6-oci/arena.h"
#include "6-oci/config_tables.h"
#include "6-oci/json.h"
#include "6-oci/load.h"
#include "7-runtime/command_line.h"
#include "7-runtime/log.h"
#include "common/cleanup.h"
#include "common/step.h"
#include "common/text.h"

/* --- properties ------------------------------------------------------------------------------- */

/* Where a property stands, in a file that @root decodes: the text in front of its value, and behind
 * it. */
struct spot {
	const struct object_table *root;
	const char *front, *behind, *path;
};

static size_t tried;

static void find_errors(const struct object_table *root, const char *text,
	struct config_errors *errors)
{
	struct arena *arena = arena_make();
	struct decoder decoder = {.arena = arena, .errors = errors, .stage = STAGE_ANY};
	struct json_object *json = json_parse("file", text, strlen(text));
	assert_non_null(json);
	decode(&decoder, json, root, arena_take(arena, 1, root->size));
	json_object_put(json);
	arena_free(arena);
}

/* The file with @value there has an error whose line begins with @path, and has @words behind. */
static void assert_named(const struct spot *spot, const char *value, const char *path,
	const char *words)
{
	struct config_errors errors = {};
	_cleanup_free char *text = text_format("%s%s%s", spot->front, value, spot->behind);
	_cleanup_free char *line = text_format("%s: %s", path, words);
	bool found = false;
	find_errors(spot->root, text, &errors);
	for (size_t i = 0; i < errors.kept; i++)
		found = found || !strncmp(errors.lines[i], line, strlen(line));
	if (!found) {
		print_error("%s\nexpected: %s\n", text, line);
		config_errors_print(&errors, stderr, "found: ");
	}
	assert_true(found);
	config_errors_free(&errors);
	tried++;
}

static bool is_number(enum value_type type)
{
	return type == INT32 || type == INT64 || type == UINT16 || type == UINT32 || type == UINT64;
}

static void refuses_other_types(const struct spot *spot, const char *path, enum value_type type)
{
	static const struct {
		const char *value;
		int type;
	} values[] = {{"null", -1}, {"true", BOOLEAN}, {"\"7\"", STRING}, {"[]", -1},
		{"{}", OBJECT}, {"7", UINT64}, {"1.5", -1}, {"1e3", -1}, {"-0.0", -1}};
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		bool same = values[i].type == (int)type ||
			    (values[i].type == STRING && type == CHOICE) ||
			    (values[i].type == UINT64 && is_number(type));
		if (!same)
			assert_named(spot, values[i].value, path, "expected ");
	}
	if (type == CHOICE)
		assert_named(spot, "\"such a word there is not\"", path, "expected one of ");
}

static void refuses_numbers_beyond(const struct spot *spot, const char *path,
	const struct property *row)
{
	static const struct {
		enum value_type type;
		const char *values[6];
	} beyond[] = {
		{INT32, {"-2147483649", "2147483648"}},
		{INT64, {"9223372036854775808"}},
		{UINT16, {"-1", "65536"}},
		{UINT32, {"-1", "4294967296"}},
		{UINT64, {"-1"}},
	};
	for (size_t i = 0; i < sizeof(beyond) / sizeof(*beyond); i++)
		for (size_t j = 0; beyond[i].type == row->type && beyond[i].values[j]; j++)
			assert_named(spot, beyond[i].values[j], path, "expected a whole number");
	if (!is_number(row->type))
		return;
	if (row->high) {
		char number[32];
		snprintf(number, sizeof(number), "%" PRIu64, row->high + 1);
		assert_named(spot, number, path, "expected a whole number");
		snprintf(number, sizeof(number), "%" PRId64, row->low - 1);
		assert_named(spot, number, path, "expected a whole number");
	}
}

static void sweep_table(const struct object_table *table, const struct spot *around);

static void sweep_value(const struct spot *spot, const struct property *row)
{
	refuses_other_types(spot, spot->path, row->type);
	refuses_numbers_beyond(spot, spot->path, row);
	if (row->type == OBJECT)
		sweep_table(row->table, spot);
}

/* The property @row in the object at @around. */
static void sweep_row(const struct property *row, const struct spot *around)
{
	_cleanup_free char *front = text_format("%s{\"%s\":", around->front, row->name);
	_cleanup_free char *behind = text_format("}%s", around->behind);
	_cleanup_free char *path =
		text_format("%s%s%s", around->path, *around->path ? "." : "", row->name);
	const struct spot spot = {around->root, front, behind, path};
	bool list = row->flags & LIST, map = row->flags & MAP;
	if (row->flags & REQUIRED)
		assert_named(around, "{}", path, "missing");
	if (!list && !map)
		return sweep_value(&spot, row);
	static const char *const no_list[] = {"null", "true", "7", "1.5", "\"text\""};
	for (size_t i = 0; i < sizeof(no_list) / sizeof(*no_list); i++)
		assert_named(&spot, no_list[i], path,
			list ? "expected a list" : "expected an object");
	assert_named(&spot, list ? "{}" : "[]", path,
		list ? "expected a list" : "expected an object");
	_cleanup_free char *item_front = text_format("%s%s", front, list ? "[" : "{\"k\":");
	_cleanup_free char *item_behind = text_format("%s%s", list ? "]" : "}", behind);
	_cleanup_free char *item_path = text_format("%s%s", path, list ? "[0]" : "[\"k\"]");
	const struct spot item = {around->root, item_front, item_behind, item_path};
	sweep_value(&item, row);
}

static void sweep_table(const struct object_table *table, const struct spot *around)
{
	for (const struct property *row = table->properties; row->name; row++)
		sweep_row(row, around);
}

static void every_property_is_named_when_it_is_wrong(void **state)
{
	(void)state;
	const struct spot roots[] = {{&config_table, "", "", ""},
		{&config_process_table, "", "", ""}, {&config_resources_table, "", "", ""},
		{&config_hooks_table, "", "", ""}};
	for (size_t i = 0; i < sizeof(roots) / sizeof(*roots); i++)
		sweep_table(roots[i].root, &roots[i]);
	/* So that a sweep over nothing is no success. */
	assert_true(tried > 2000);
}

/* --- options ---------------------------------------------------------------------------------- */

enum { MOST_WORDS = 8 };

struct call {
	const char *words[MOST_WORDS];
};

/* The sanitizers' search for leaks would take most of the time; what is looked at here ends early.
 */
static void leave_at_once(int status, void *what)
{
	(void)what;
	fflush(NULL);
	_exit(status);
}

static void act(void *what)
{
	on_exit(leave_at_once, NULL);
	struct call *call = what;
	int count = 0;
	while (call->words[count])
		count++;
	narrate_as("cooper");
	exit(verbs_run(cooper_verbs, &cooper_command_line, log_open, count, (char **)call->words));
}

/* What a value that cannot be ends with; @verb may be NULL. */
static int value_status(const char *verb)
{
	for (const struct verb *const *all = cooper_verbs; verb && *all; all++)
		if (!strcmp(verb, (*all)->name) && (*all)->value_status)
			return (*all)->value_status;
	return EXIT_ERROR;
}

/* The call ends with @wanted and with one line, which begins with @start. */
static void assert_ends(struct call *call, int wanted, const char *start)
{
	char output[4096], begin[128];
	snprintf(begin, sizeof(begin), "cooper: %s", start);
	int status = in_child(act, call, output, sizeof(output));
	char *end = strchr(output, '\n');
	bool right = status == wanted && !strncmp(output, begin, strlen(begin)) && end &&
		     (!end[1] || !strncmp(end + 1, "  hint: ", 8));
	if (!right)
		print_error("%s %s %s: %d: %s\n", call->words[1], call->words[2], call->words[3],
			status, output);
	assert_true(right);
}

static void assert_refused(struct call *call, const char *start)
{
	assert_ends(call, EXIT_ERROR, start);
}

/* The option @flag with @value, of @verb, or in front of the verb. */
static struct call call_with(const char *verb, const char *flag, const char *value)
{
	if (!verb)
		return (struct call){{"cooper", flag, value, "list", NULL}};
	return (struct call){{"cooper", verb, flag, value, "no-such-id", NULL}};
}

/* Any text may be right for these; what comes of a wrong one 7-bad-input.bats looks at. */
static const char *const texts[] = {"apparmor", "bundle", "cgroup", "console-socket", "cpuset-cpus",
	"criu", "cpuset-mems", "image-path", "l3-cache-schema", "log", "lsm-mount-context",
	"lsm-profile", "mem-bw-schema", "parent-path", "pid-file", "pidfd-socket", "process",
	"process-label", "resources", "root", "sub-cgroup", "work-path"};

static bool is_text(const struct flag *flag)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (!strcmp(texts[i], flag->name))
			return true;
	return false;
}

static void sweep_flag(const char *verb, const struct flag *flag)
{
	static const char *const garbage[] = {"\x1b[2Jsome\nthing", "99999999999999999999", "-5",
		"1e9", "0x", " 7", "7 ", "1.5.5s", "\xff"};
	char name[64], start[96];
	snprintf(name, sizeof(name), "--%s", flag->name);
	if (!flag->argument || !strncmp(flag->argument, "[=", 2))
		return;
	struct call empty = call_with(verb, name, "");
	snprintf(start, sizeof(start), "%s: expected a value (", name);
	assert_ends(&empty, value_status(verb), start);
	tried++;
	for (size_t i = 0; !is_text(flag) && i < sizeof(garbage) / sizeof(*garbage); i++) {
		struct call call = call_with(verb, name, garbage[i]);
		snprintf(start, sizeof(start), "%s: ", name);
		assert_ends(&call, value_status(verb), start);
		tried++;
	}
}

static void sweep_flags(const char *verb, const struct flag_group *groups)
{
	for (; groups->flags; groups++)
		for (const struct flag *flag = groups->flags; flag->name; flag++)
			sweep_flag(verb, flag);
}

static void every_option_is_named_when_its_value_cannot_be(void **state)
{
	(void)state;
	tried = 0;
	sweep_flags(NULL, cooper_command_line.groups);
	for (const struct verb *const *verb = cooper_verbs; *verb; verb++)
		sweep_flags((*verb)->name, (*verb)->groups);
	assert_true(tried > 250);
}

static void every_command_refuses_what_it_does_not_know(void **state)
{
	(void)state;
	for (const struct verb *const *verb = cooper_verbs; *verb; verb++) {
		const char *name = (*verb)->name;
		struct call unknown = {{"cooper", name, "--no-such-option", "id", NULL}};
		assert_refused(&unknown, "--no-such-option: no such option");
		struct call letter = {{"cooper", name, "-Z", "id", NULL}};
		assert_refused(&letter, "-Z: no such option");
		struct call few = {{"cooper", name, NULL}};
		if ((*verb)->operands)
			assert_refused(&few, "too few words: expected ");
		struct call many = {{"cooper", name, "--", "one", "two", "three", "four", NULL}};
		if ((*verb)->optional != VERB_ANY)
			assert_refused(&many, "");
	}
	struct call nothing = {{"cooper", NULL}}, verb = {{"cooper", "destroy", "one", NULL}};
	assert_refused(&nothing, "too few words");
	assert_refused(&verb, "destroy: no such command");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(every_property_is_named_when_it_is_wrong),
		test(every_option_is_named_when_its_value_cannot_be),
		test(every_command_refuses_what_it_does_not_know),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
