/* The config with an example of every property has them all: those of the decoder's tables. */
#include "test.h"

#include <fcntl.h>
#include <json-c/json.h>

#include "6-oci/config_tables.h"
#include "6-oci/json.h"
#include "6-oci/load.h"
#include "common/cleanup.h"
#include "common/text.h"

#define SAMPLE "tests/data/config/every-property.json"

static size_t missing;

enum { VALUES_MOST = 256 };

/* The objects that stand in the property of any of @objects: itself, in its list, in its map. */
static size_t collect(struct json_object *const *objects, size_t count, const struct property *row,
	struct json_object *values[VALUES_MOST])
{
	size_t found = 0;
	for (size_t i = 0; i < count; i++) {
		struct json_object *value = json_object_object_get(objects[i], row->name);
		if (!value)
			continue;
		if (row->flags & LIST) {
			for (size_t j = 0; j < json_object_array_length(value); j++)
				values[found++] = json_object_array_get_idx(value, j);
		} else if (row->flags & MAP) {
			json_object_object_foreach(value, key, item)
			{
				(void)key;
				values[found++] = item;
			}
		} else {
			values[found++] = value;
		}
	}
	assert_true(found < VALUES_MOST);
	return found;
}

static void look(struct json_object *const *objects, size_t count, const struct object_table *table,
	const char *path)
{
	for (const struct property *row = table->properties; row->name; row++) {
		struct json_object *values[VALUES_MOST];
		_cleanup_free char *below =
			text_format("%s%s%s", path, *path ? "." : "", row->name);
		bool there = false;
		for (size_t i = 0; i < count; i++)
			there |= json_object_object_get_ex(objects[i], row->name, NULL);
		if (!there) {
			print_error("%s: no example in " SAMPLE "\n", below);
			missing++;
		} else if (row->type == OBJECT) {
			look(values, collect(objects, count, row, values), row->table, below);
		}
	}
}

static void test_no_property_is_missing(void **state)
{
	(void)state;
	struct json_object *json = json_read(AT_FDCWD, SAMPLE, "config.json", NULL);
	assert_non_null(json);
	look(&json, 1, &config_table, "");
	json_object_put(json);
	assert_int_equal(missing, 0);
}

static void test_it_decodes(void **state)
{
	(void)state;
	struct json_object *json = json_read(AT_FDCWD, SAMPLE, "config.json", NULL);
	struct config_errors errors = {};
	struct config *config = config_decode(json, STAGE_ANY, &errors);
	json_object_put(json);
	config_errors_print(&errors, stderr, "");
	assert_int_equal(errors.count, 0);
	config_free(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_no_property_is_missing),
		test(test_it_decodes),
	};
	return cmocka_run_group_tests_name("every property", tests, NULL, NULL);
}
