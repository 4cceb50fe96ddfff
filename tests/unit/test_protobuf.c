/* Messages to criu and from it. */
#include "test.h"

#include "7-runtime/criu/protobuf.h"

/* The first two are the examples of the format's own description. */
static void what_is_made_has_the_bytes_of_the_format(void **state)
{
	static const char expected[] = "\x08\x96\x01"
				       "\x12\x07testing"
				       "\x1a\x03\x08\x96\x01"
				       "\xf8\x01\x00"
				       "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
	struct protobuf message, inner;
	(void)state;
	assert_int_equal(protobuf_begin(&message), 0);
	assert_int_equal(protobuf_begin(&inner), 0);
	protobuf_add_number(&message, 1, 150);
	protobuf_add_text(&message, 2, "testing");
	protobuf_add_number(&inner, 1, 150);
	assert_int_equal(protobuf_add_message(&message, 3, &inner), 0);
	protobuf_add_number(&message, 31, 0);
	protobuf_add_number(&message, 1, UINT64_MAX);
	protobuf_add_switch(&message, 4, false);
	protobuf_add_text(&message, 4, NULL);
	assert_int_equal(protobuf_end(&message), 0);
	assert_int_equal(message.size, sizeof(expected) - 1);
	assert_memory_equal(message.bytes, expected, message.size);
	protobuf_free(&message);
}

static void what_is_read_is_what_was_made(void **state)
{
	struct protobuf message;
	struct protobuf_field field;
	(void)state;
	assert_int_equal(protobuf_begin(&message), 0);
	protobuf_add_number(&message, 50, UINT64_MAX);
	protobuf_add_text(&message, 2, "");
	protobuf_add_switch(&message, 3, true);
	assert_int_equal(protobuf_end(&message), 0);
	struct protobuf_reader reader = {message.bytes, message.size};
	assert_true(protobuf_next(&reader, &field));
	assert_int_equal(field.field, 50);
	assert_true(field.number == UINT64_MAX && !field.bytes);
	assert_true(protobuf_next(&reader, &field));
	assert_int_equal(field.field, 2);
	assert_true(field.bytes && field.size == 0);
	assert_true(protobuf_next(&reader, &field));
	assert_int_equal(field.number, 1);
	assert_false(protobuf_next(&reader, &field));
	protobuf_free(&message);
}

static void fields_of_a_fixed_size_are_passed_over(void **state)
{
	static const char bytes[] = "\x09"
				    "12345678"
				    "\x0d"
				    "1234"
				    "\x10\x05";
	struct protobuf_reader reader = {bytes, sizeof(bytes) - 1};
	struct protobuf_field field;
	(void)state;
	assert_true(protobuf_next(&reader, &field));
	assert_int_equal(field.size, 8);
	assert_true(protobuf_next(&reader, &field));
	assert_int_equal(field.size, 4);
	assert_true(protobuf_next(&reader, &field));
	assert_int_equal(field.number, 5);
}

/* Each in memory of just its size, so that the sanitizer sees a look beyond its end. */
static void what_is_cut_off_or_wrong_ends_it(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
	} wrong[] = {
		{"", 0},
		{"\x08", 1},
		{"\x08\x96", 2},
		{"\x12", 1},
		{"\x12\x05"
		 "1234",
			6},
		{"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11},
		{"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 13},
		{"\x09"
		 "1234567",
			8},
		{"\x0b", 1},
		{"\x0f", 1},
	};
	struct protobuf_field field;
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		char *copy = malloc(wrong[i].size ? wrong[i].size : 1);
		assert_non_null(copy);
		memcpy(copy, wrong[i].bytes, wrong[i].size);
		struct protobuf_reader reader = {copy, wrong[i].size};
		assert_false(protobuf_next(&reader, &field));
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_is_made_has_the_bytes_of_the_format),
		test(what_is_read_is_what_was_made),
		test(fields_of_a_fixed_size_are_passed_over),
		test(what_is_cut_off_or_wrong_ends_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
