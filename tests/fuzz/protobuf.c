/*
 * What criu says to us, as fields of a protocol buffer.
 *
 * What must hold: reading never leaves the message and comes to its end; and a field that was read
 * is the same when it is written and read again.
 */
#include "fuzz.h"

#include "7-runtime/criu/protobuf.h"

static void check_again(const struct protobuf_field *field)
{
	struct protobuf message, inner;
	must(protobuf_begin(&message) == 0);
	if (field->bytes) {
		must(protobuf_begin(&inner) == 0);
		fwrite(field->bytes, 1, field->size, inner.out);
		must(protobuf_add_message(&message, field->field, &inner) == 0);
	} else {
		protobuf_add_number(&message, field->field, field->number);
	}
	must(protobuf_end(&message) == 0);
	struct protobuf_reader reader = {message.bytes, message.size};
	struct protobuf_field again;
	must(protobuf_next(&reader, &again));
	must(again.field == field->field && again.number == field->number);
	must(!again.bytes == !field->bytes && again.size == field->size);
	must(!field->bytes || !memcmp(again.bytes, field->bytes, field->size));
	must(!protobuf_next(&reader, &again));
	protobuf_free(&message);
}

/* A field's bytes may be a message again. */
static void check(const char *bytes, size_t size, int depth)
{
	struct protobuf_reader reader = {bytes, size};
	struct protobuf_field field;
	for (size_t left = size; protobuf_next(&reader, &field); left = reader.left) {
		must(reader.left < left && reader.at == bytes + size - reader.left);
		must(!field.bytes || (field.bytes >= bytes && field.size <= left &&
					     field.bytes + field.size <= bytes + size));
		check_again(&field);
		if (field.bytes && depth < 4)
			check(field.bytes, field.size, depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check((const char *)data, size, 0);
	return 0;
}
