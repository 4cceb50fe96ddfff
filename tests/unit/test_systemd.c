/* linux.cgroupsPath as systemd's names. */
#include "test.h"

#include "7-runtime/systemd/path.h"

static struct arena *arena;

static int begin(void **state)
{
	(void)state;
	arena = arena_make();
	return arena ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void a_path_is_slice_prefix_name(void **state)
{
	static const struct {
		const char *path, *slice, *scope;
	} rows[] = {
		{"system.slice:docker:web", "system.slice", "docker-web.scope"},
		{"a-b.slice:x:y-z", "a-b.slice", "x-y-z.scope"},
		{"-.slice:x:y", "-.slice", "x-y.scope"},
		{":x:y", NULL, "x-y.scope"},
		{"::y", NULL, "y.scope"},
		{"::", NULL, "one.scope"},
		{"a.slice:x:", "a.slice", "x-one.scope"},
		{NULL, NULL, "cooper-one.scope"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct systemd_path path = {};
		assert_int_equal(systemd_path_read(rows[i].path, "one", arena, &path), 0);
		assert_string_equal(path.scope, rows[i].scope);
		if (rows[i].slice)
			assert_string_equal(path.slice, rows[i].slice);
		else
			assert_null(path.slice);
	}
}

static void what_is_no_such_path_is_refused(void **state)
{
	static const char *const wrong[] = {"", "a", "/a/b", "a.slice", "a.slice:b",
		"a.slice:b:c:d", "a:b:c", ".slice:b:c", "-a.slice:b:c", "a-.slice:b:c",
		"a--b.slice:b:c", "a/b.slice:b:c", ":b:c/d", ":b/c:d", ":b:c d", ":b:c+",
		":b:c.slice"};
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct systemd_path path = {};
		error_clear();
		assert_int_equal(systemd_path_read(wrong[i], "one", arena, &path), -1);
		assert_true(*error_message() != '\0');
	}
}

static void a_name_has_at_most_255_characters(void **state)
{
	char id[300];
	struct systemd_path path = {};
	(void)state;
	memset(id, 'a', sizeof(id));
	id[255 - strlen("cooper-.scope")] = '\0';
	assert_int_equal(systemd_path_read(NULL, id, arena, &path), 0);
	assert_int_equal(strlen(path.scope), 255);
	id[strlen(id)] = 'a';
	id[256 - strlen("cooper-.scope")] = '\0';
	error_clear();
	assert_int_equal(systemd_path_read(NULL, id, arena, &path), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_is_slice_prefix_name),
		cmocka_unit_test(what_is_no_such_path_is_refused),
		cmocka_unit_test(a_name_has_at_most_255_characters),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
