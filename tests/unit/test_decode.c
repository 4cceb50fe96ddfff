/*
 * The decoder: every sample under tests/data/config, each a test of its own, and the values that
 * good ones decode to. A bad sample NAME.json has its errors beside it in NAME.expected, as stage 6
 * finds them.
 */
#include <fcntl.h>
#include <glob.h>
#include <json-c/json.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
/* The project has a function of that name. */
#undef fail

#include "6-oci/arena.h"
#include "6-oci/config_tables.h"
#include "6-oci/json.h"
#include "6-oci/load.h"
#include "6-oci/spec.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/text.h"

#define SAMPLES "tests/data/config"
/* The samples of the specification's schema. */
#define SCHEMA  "../shared/oci/samples/config"

/* --- helpers ---------------------------------------------------------------------------------- */

static struct config *config_of(const char *text, int stage, struct config_errors *errors)
{
	struct json_object *json = json_parse("config.json", text, strlen(text));
	assert_non_null(json);
	struct config *config = config_decode(json, stage, errors);
	json_object_put(json);
	assert_non_null(config);
	return config;
}

static char *read_sample(const char *path, size_t *size)
{
	char *text = file_read(AT_FDCWD, path, 16 << 20, size);
	assert_non_null(text);
	return text;
}

static struct config *sample(const char *name)
{
	struct config_errors errors = {};
	_cleanup_free char *path = text_format(SAMPLES "/good/%s.json", name);
	_cleanup_free char *text = read_sample(path, NULL);
	struct config *config = config_of(text, 6, &errors);
	assert_int_equal(errors.count, 0);
	return config;
}

/* All lines that a file gets, as one text; free it. */
static char *errors_of(const char *path, int stage)
{
	char *lines = NULL;
	size_t length, size;
	FILE *out = open_memstream(&lines, &length);
	_cleanup_free char *text = read_sample(path, &size);
	struct json_object *json = json_parse("config.json", text, size);
	struct config_errors errors = {};
	if (json)
		config_free(config_decode(json, stage, &errors));
	else
		fprintf(out, "%s\n", error_message());
	error_clear();
	json_object_put(json);
	config_errors_print(&errors, out, "");
	config_errors_free(&errors);
	fclose(out);
	return lines;
}

/* The one error of a config that is right but for the text @wrong, appended to its members. */
static void assert_error(const char *wrong, const char *expected)
{
	struct config_errors errors = {};
	_cleanup_free char *text =
		text_format("{\"ociVersion\":\"1.3.0\",\"root\":{\"path\":\"r\"},"
			    "\"process\":{\"cwd\":\"/\",\"args\":[\"sh\"]},%s}",
			wrong);
	config_free(config_of(text, 6, &errors));
	assert_int_equal(errors.count, 1);
	assert_string_equal(errors.lines[0], expected);
	config_errors_free(&errors);
}

/* --- a test a sample -------------------------------------------------------------------------- */

static void test_good_sample(void **state)
{
	_cleanup_free char *lines = errors_of(*state, 6);
	assert_string_equal(lines, "");
}

static void test_bad_sample(void **state)
{
	const char *path = *state;
	_cleanup_free char *expected_path =
		text_format("%.*sexpected", (int)(strlen(path) - strlen("json")), path);
	_cleanup_free char *expected = read_sample(expected_path, NULL);
	_cleanup_free char *lines = errors_of(path, 6);
	assert_string_equal(lines, expected);
}

/* Good for the schema is: the tables take it. Other platforms' configs are in there, too. */
static void test_good_schema_sample(void **state)
{
	struct config_errors errors = {};
	struct config config = {};
	struct decoder decoder = {.arena = arena_make(), .errors = &errors, .stage = STAGE_ANY};
	struct json_object *json = json_read(AT_FDCWD, *state, "config.json", NULL);
	assert_non_null(json);
	decode(&decoder, json, &config_table, &config);
	config_errors_print(&errors, stderr, "");
	assert_int_equal(errors.count, 0);
	json_object_put(json);
	arena_free(decoder.arena);
}

static void test_bad_schema_sample(void **state)
{
	_cleanup_free char *lines = errors_of(*state, STAGE_ANY);
	assert_string_not_equal(lines, "");
}

/* A runtime ignores what is for another platform, so to us this one is good. */
static bool of_another_platform(const char *path)
{
	return strstr(path, "/freebsd-") || strstr(path, "/zos-");
}

static void test_schema_samples_are_not_beside_the_project(void **state)
{
	(void)state;
	skip();
}

/* --- values ----------------------------------------------------------------------------------- */

static void test_unsigned_64_bits_are_kept_whole(void **state)
{
	(void)state;
	struct config *config = sample("rlimits");
	assert_int_equal(config->process->rlimits.count, 2);
	const struct config_rlimit *core = &config->process->rlimits.items[0];
	assert_int_equal(core->type->value, RLIMIT_CORE);
	assert_true(core->soft == 0);
	assert_true(core->hard == UINT64_MAX);
	assert_true(config->process->rlimits.items[1].soft == UINT64_MAX);
	config_free(config);
}

static void test_process(void **state)
{
	(void)state;
	struct config *config = sample("process");
	const struct config_process *process = config->process;
	assert_true(process->terminal);
	assert_int_equal(process->console_size->height, 24);
	assert_int_equal(process->console_size->width, 80);
	assert_string_equal(process->cwd, "/tmp");
	assert_int_equal(process->env.count, 3);
	assert_string_equal(process->env.items[1], "B==");
	assert_int_equal(process->args.count, 3);
	assert_string_equal(process->args.items[2], "");
	assert_null(process->args.items[3]);
	assert_int_equal(process->user.uid, 4294967294);
	assert_int_equal(*process->user.umask, 077);
	assert_int_equal(process->user.additional_gids.count, 2);
	assert_int_equal(process->user.additional_gids.items[1], 3);
	config_free(config);
}

static void test_what_is_missing_is_null_or_empty(void **state)
{
	(void)state;
	struct config *config = sample("minimal");
	assert_null(config->process->user.umask);
	assert_null(config->process->console_size);
	assert_null(config->process->capabilities);
	assert_null(config->process->oom_score_adj);
	assert_null(config->hostname);
	assert_null(config->linux.resources.memory.limit);
	assert_null(config->linux.resources.pids.limit);
	assert_null(config->linux.seccomp);
	assert_null(config->linux.rootfs_propagation);
	assert_int_equal(config->mounts.count, 0);
	assert_int_equal(config->hooks.prestart.count, 0);
	config_free(config);
}

static void test_linux(void **state)
{
	(void)state;
	struct config *config = sample("linux");
	const struct config_linux *linux = &config->linux;
	assert_int_equal(linux->namespaces.count, 6);
	assert_int_equal(linux->namespaces.items[0].type->value, CLONE_NEWPID);
	assert_null(config_namespace(config, CLONE_NEWPID)->path);
	assert_string_equal(config_namespace(config, CLONE_NEWNET)->path, "/run/netns/web");
	assert_null(config_namespace(config, CLONE_NEWUSER));
	assert_int_equal(linux->devices.items[0].type->value, S_IFCHR);
	assert_int_equal(*linux->devices.items[0].file_mode, 0666);
	assert_int_equal(*linux->devices.items[0].minor, 229);
	assert_null(linux->devices.items[1].major);
	assert_int_equal(linux->rootfs_propagation->value, MS_SLAVE | MS_REC);
	assert_int_equal(*linux->resources.memory.limit, 67108864);
	assert_int_equal(*linux->resources.cpu.quota, 50000);
	assert_int_equal(*linux->resources.cpu.idle, 0);
	assert_int_equal(*linux->resources.pids.limit, -1);
	assert_int_equal(linux->resources.block_io.throttle_read_bps_device.items[0].rate, 1048576);
	assert_string_equal(linux->resources.unified.items[0].key, "memory.high");
	assert_string_equal(linux->resources.unified.items[0].value, "max");
	assert_int_equal(linux->sysctl.count, 3);
	assert_string_equal(config->mounts.items[1].options.items[0], "rbind");
	assert_string_equal(config->annotations.items[0].value, "\u00e9\u4e16\U0001f6e2");
	config_free(config);
}

static void test_id_maps(void **state)
{
	(void)state;
	struct config *config = sample("user-namespace");
	assert_int_equal(config->linux.uid_mappings.count, 1);
	assert_int_equal(config->linux.uid_mappings.items[0].inside, 0);
	assert_int_equal(config->linux.uid_mappings.items[0].outside, 1000);
	assert_int_equal(config->linux.uid_mappings.items[0].count, 5);
	config_free(config);
}

static void test_escapes_are_resolved(void **state)
{
	(void)state;
	struct config *config = sample("blank-at-the-end");
	assert_string_equal(config->root.path, "rootfs");
	assert_string_equal(config->process->args.items[0], "\U0001f6e2\"");
	config_free(config);
}

/* --- stages ----------------------------------------------------------------------------------- */

static void assert_count(const char *sample_name, int stage, size_t count)
{
	_cleanup_free char *path = text_format(SAMPLES "/bad/%s.json", sample_name);
	_cleanup_free char *text = read_sample(path, NULL);
	struct config_errors errors = {};
	config_free(config_of(text, stage, &errors));
	assert_int_equal(errors.count, count);
	config_errors_free(&errors);
}

static void test_a_later_stage_refuses_less(void **state)
{
	(void)state;
	assert_count("later-hooks", 7, 0);
	assert_count("later-capabilities", 7, 0);
	assert_count("later-process", 6, 7);
	assert_count("later-process", 7, 0);
	assert_count("later-process", STAGE_ANY, 0);
	assert_count("later-linux", STAGE_ANY, 0);
	assert_count("later-resources", STAGE_ANY, 0);
	assert_count("later-seccomp", STAGE_ANY, 0);
}

static void test_the_default_config_passes_at_its_stage(void **state)
{
	(void)state;
	for (int stage = 6; stage <= 7; stage++) {
		char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);
		struct config_errors errors = {};
		assert_int_equal(spec_print(out, stage, stage > 6), 0);
		fclose(out);
		struct config *config = config_of(text, stage, &errors);
		assert_int_equal(errors.count, 0);
		assert_true(config->process->terminal);
		assert_int_equal(config->process->no_new_privileges, stage == 7);
		config_free(config);
		free(text);
	}
}

/* --- errors ----------------------------------------------------------------------------------- */

static void test_paths_lead_to_the_value(void **state)
{
	(void)state;
	assert_error("\"linux\":{\"resources\":{\"memory\":{\"limit\":\"64M\"}}}",
		"linux.resources.memory.limit: expected an integer, found a string \"64M\"");
	assert_error("\"annotations\":{\"a.b\\n\":[]}",
		"annotations[\"a.b\\n\"]: expected a string, found a list");
	assert_error("\"hooks\":{\"poststop\":[{\"path\":\"/a\",\"env\":[\"A=\",{}]}]}",
		"hooks.poststop[0].env[1]: expected a string, found an object");
}

/* A million wrong values: counted, but not kept, and the work stays linear. */
static void test_a_million_errors(void **state)
{
	(void)state;
	enum { COUNT = 1000000 };
	_cleanup_free char *text = malloc(2 * COUNT + 100);
	assert_non_null(text);
	char *end = text + sprintf(text, "{\"process\":{\"cwd\":\"/\",\"args\":[");
	for (int i = 0; i < COUNT; i++)
		end += sprintf(end, "%s", i ? ",1" : "1");
	sprintf(end, "]}}");
	struct config_errors errors = {};
	config_free(config_of(text, 6, &errors));
	assert_true(errors.count >= COUNT);
	assert_true(errors.kept <= 100);
	config_errors_free(&errors);
}

/* --- all of it -------------------------------------------------------------------------------- */

/* Adds a test for each file that matches; the names live as long as the program. */
static struct CMUnitTest *add_samples(struct CMUnitTest *tests, size_t *count, const char *pattern,
	CMUnitTestFunction test, bool (*left_out)(const char *path))
{
	glob_t found;
	if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++) {
			if (left_out && left_out(found.gl_pathv[i]))
				continue;
			tests = reallocarray(tests, *count + 1, sizeof(*tests));
			char *path = strdup(found.gl_pathv[i]);
			tests[(*count)++] = (struct CMUnitTest){.name = path,
				.test_func = test,
				.initial_state = path};
		}
	globfree(&found);
	return tests;
}

int main(void)
{
	static const struct CMUnitTest fixed[] = {
		cmocka_unit_test(test_unsigned_64_bits_are_kept_whole),
		cmocka_unit_test(test_process),
		cmocka_unit_test(test_what_is_missing_is_null_or_empty),
		cmocka_unit_test(test_linux),
		cmocka_unit_test(test_id_maps),
		cmocka_unit_test(test_escapes_are_resolved),
		cmocka_unit_test(test_a_later_stage_refuses_less),
		cmocka_unit_test(test_the_default_config_passes_at_its_stage),
		cmocka_unit_test(test_paths_lead_to_the_value),
		cmocka_unit_test(test_a_million_errors),
		cmocka_unit_test(test_schema_samples_are_not_beside_the_project),
	};
	size_t count = sizeof(fixed) / sizeof(*fixed);
	/* The last one stands for the schema's samples where they are missing. */
	if (access(SCHEMA, F_OK) == 0)
		count--;
	struct CMUnitTest *tests = calloc(count, sizeof(*tests));
	memcpy(tests, fixed, count * sizeof(*tests));
	tests = add_samples(tests, &count, SAMPLES "/good/*.json", test_good_sample, NULL);
	tests = add_samples(tests, &count, SAMPLES "/bad/*.json", test_bad_sample, NULL);
	tests = add_samples(tests, &count, SCHEMA "/good/*.json", test_good_schema_sample, NULL);
	tests = add_samples(tests, &count, SCHEMA "/bad/*.json", test_bad_schema_sample,
		of_another_platform);
	int failed = _cmocka_run_group_tests("decode", tests, count, NULL, NULL);
	for (size_t i = 0; i < count; i++)
		if (tests[i].initial_state)
			free(tests[i].initial_state);
	free(tests);
	return failed;
}
