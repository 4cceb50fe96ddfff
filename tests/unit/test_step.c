/* Narration and errors: what the user reads when steps are told, and when one fails. */
#include "test.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>

#include "common/hints.h"
#include "common/step.h"

static int fresh(void **state)
{
	(void)state;
	error_clear();
	narrate_as("tool");
	narrate_task(NULL);
	step_for(NULL);
	return 0;
}

static void an_errno_is_told_with_its_step(void **state)
{
	(void)state;
	step("mount: %s on %s", "proc", "/proc");
	errno = EBUSY;
	assert_int_equal(fail_errno(), -1);
	assert_int_equal(errno, EBUSY);
	assert_string_equal(error_message(), "mount: proc on /proc: Device or resource busy");
	assert_string_equal(error_hint(), "");
}

static void task_and_property_stand_before_the_message(void **state)
{
	(void)state;
	narrate_task("run %s", "web");
	step_for("mounts[%d]", 2);
	assert_int_equal(fail("no such %s", "thing"), -1);
	assert_string_equal(error_message(), "run web: mounts[2]: no such thing");
}

static void the_first_error_stays(void **state)
{
	(void)state;
	fail("first");
	fail_status(126);
	step("umount: clean up");
	errno = EINVAL;
	fail_errno();
	fail_reported(7);
	assert_string_equal(error_message(), "first");
	error_clear();
	fail("second");
	assert_string_equal(error_message(), "second");
}

static void a_known_trap_has_a_hint(void **state)
{
	(void)state;
	assert_non_null(hint_for("chroot: make x the root directory", EPERM));
	assert_non_null(hint_for("chroot", EPERM));
	/* Another errno, a word that only begins alike, no word at all. */
	assert_null(hint_for("chroot: make x the root directory", ENOENT));
	assert_null(hint_for("chroots: x", EPERM));
	assert_null(hint_for("chroo: x", EPERM));
	assert_null(hint_for("", EPERM));
	step("pivot_root: make x the root mount");
	errno = EINVAL;
	fail_errno();
	assert_non_null(strstr(error_hint(), "mount point"));
}

static void report_error(void *what)
{
	(void)what;
	fail("a thing is wrong");
	fail_hint("try %s", "another");
	fail_status(126);
	_exit(error_report());
}

static void an_error_is_one_line_and_its_hint_another(void **state)
{
	char output[1024];
	(void)state;
	assert_int_equal(in_child(report_error, NULL, output, sizeof(output)), 126);
	assert_string_equal(output, "tool: a thing is wrong\n  hint: try another\n");
}

static void report_nothing(void *what)
{
	(void)what;
	fail("a way that was not the last");
	fail_status(126);
	error_clear();
	_exit(error_report());
}

static void report_nothing_at_all(void *what)
{
	(void)what;
	_exit(error_report());
}

static void a_failure_without_an_error_is_one_all_the_same(void **state)
{
	char output[1024];
	(void)state;
	assert_int_equal(in_child(report_nothing, NULL, output, sizeof(output)), EXIT_ERROR);
	assert_int_equal(in_child(report_nothing_at_all, NULL, output, sizeof(output)), EXIT_ERROR);
	assert_string_equal(output, "");
}

static void report_another_s(void *what)
{
	(void)what;
	fail_reported(42);
	fail("not the reason");
	_exit(error_report());
}

static void what_another_process_has_told_is_not_told_again(void **state)
{
	char output[1024];
	(void)state;
	assert_int_equal(in_child(report_another_s, NULL, output, sizeof(output)), 42);
	assert_string_equal(output, "");
}

static void take_steps(void *form)
{
	if (form)
		explain(form);
	errno = ENOENT;
	step("open: \"%s\"", "a\tb\\c\n");
	if (errno != ENOENT)
		_exit(1);
	narrate_process("init");
	step_for("linux.namespaces[%d]", 2);
	step("clone3: a child");
	step_for(NULL);
	step("execve: %s", "ü");
}

static void steps_are_silent_without_explain(void **state)
{
	char output[4096];
	(void)state;
	assert_int_equal(in_child(take_steps, NULL, output, sizeof(output)), 0);
	assert_string_equal(output, "");
}

static void explain_text_has_time_process_and_property(void **state)
{
	char output[4096];
	(void)state;
	assert_int_equal(in_child(take_steps, "text", output, sizeof(output)), 0);
	assert_non_null(strstr(output, " µs  parent("));
	assert_non_null(strstr(output, " µs  init("));
	assert_non_null(strstr(output, " clone3: a child  [linux.namespaces[2]]\n"));
	assert_non_null(strstr(output, " execve: ü\n"));
}

static const char *member(struct json_object *object, const char *name)
{
	struct json_object *value;
	return json_object_object_get_ex(object, name, &value) ? json_object_get_string(value) : "";
}

static void explain_json_is_an_object_a_line(void **state)
{
	char output[4096], *rest;
	(void)state;
	assert_int_equal(in_child(take_steps, "json", output, sizeof(output)), 0);
	struct json_object *first = json_tokener_parse(strtok_r(output, "\n", &rest));
	struct json_object *second = json_tokener_parse(strtok_r(NULL, "\n", &rest));
	struct json_object *third = json_tokener_parse(strtok_r(NULL, "\n", &rest));
	assert_null(strtok_r(NULL, "\n", &rest));
	assert_string_equal(member(first, "step"), "open: \"a\tb\\c\n\"");
	assert_string_equal(member(first, "program"), "tool");
	assert_string_equal(member(first, "process"), "parent");
	assert_string_equal(member(first, "property"), "");
	assert_string_equal(member(second, "process"), "init");
	assert_string_equal(member(second, "property"), "linux.namespaces[2]");
	assert_string_equal(member(third, "step"), "execve: ü");
	json_object_put(first);
	json_object_put(second);
	json_object_put(third);
}

/* Every span but the last of a process is closed, and the closing bracket may be missing. */
static void explain_trace_is_a_list_of_spans(void **state)
{
	char output[4096];
	int opened = 0, closed = 0;
	(void)state;
	assert_int_equal(in_child(take_steps, "trace", output, sizeof(output) - 1), 0);
	char *comma = strrchr(output, ',');
	assert_non_null(comma);
	*comma = ']';
	struct json_object *events = json_tokener_parse(output);
	assert_true(json_object_is_type(events, json_type_array));
	for (size_t i = 0; i < json_object_array_length(events); i++) {
		const char *phase = member(json_object_array_get_idx(events, i), "ph");
		opened += !strcmp(phase, "B");
		closed += !strcmp(phase, "E");
	}
	assert_int_equal(opened, 3);
	assert_int_equal(closed, 1);
	json_object_put(events);
}

static void a_step_of_any_length_is_cut_and_does_no_harm(void **state)
{
	char longest[9000];
	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	step("open: %s", longest);
	errno = ENAMETOOLONG;
	fail_errno();
	assert_true(strlen(error_message()) < 2048);
	assert_ptr_equal(strstr(error_message(), "open: xxx"), error_message());
}

static void there_are_three_forms(void **state)
{
	(void)state;
	assert_int_equal(explain("song"), -1);
	assert_int_equal(explain(""), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(an_errno_is_told_with_its_step, fresh),
		cmocka_unit_test_setup(task_and_property_stand_before_the_message, fresh),
		cmocka_unit_test_setup(the_first_error_stays, fresh),
		cmocka_unit_test_setup(a_known_trap_has_a_hint, fresh),
		cmocka_unit_test_setup(an_error_is_one_line_and_its_hint_another, fresh),
		cmocka_unit_test_setup(a_failure_without_an_error_is_one_all_the_same, fresh),
		cmocka_unit_test_setup(what_another_process_has_told_is_not_told_again, fresh),
		cmocka_unit_test_setup(steps_are_silent_without_explain, fresh),
		cmocka_unit_test_setup(explain_text_has_time_process_and_property, fresh),
		cmocka_unit_test_setup(explain_json_is_an_object_a_line, fresh),
		cmocka_unit_test_setup(explain_trace_is_a_list_of_spans, fresh),
		cmocka_unit_test_setup(a_step_of_any_length_is_cut_and_does_no_harm, fresh),
		cmocka_unit_test_setup(there_are_three_forms, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
