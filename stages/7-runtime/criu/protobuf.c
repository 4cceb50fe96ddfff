/*
 * Protocol buffers come with a compiler and a library; the dozen fields that we exchange with criu
 * need neither. A number goes out seven bits at a time, the lowest first; the eighth bit says that
 * there is more to come.
 *
 * What must hold: what was received may be cut off or plain wrong. Reading it never goes past its
 * end.
 */
#include "7-runtime/criu/protobuf.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/error.h"

enum wire { WIRE_NUMBER = 0, WIRE_EIGHT_BYTES = 1, WIRE_BYTES = 2, WIRE_FOUR_BYTES = 5 };

enum { WIRE_BITS = 3, MOST_BITS = 63 };

int protobuf_begin(struct protobuf *message)
{
	*message = (struct protobuf){};
	message->out = open_memstream(&message->bytes, &message->size);
	return message->out ? 0 : fail("out of memory");
}

int protobuf_end(struct protobuf *message)
{
	int failed = message->out ? fclose(steal_pointer(&message->out)) : 0;
	return failed || !message->bytes ? fail("out of memory") : 0;
}

void protobuf_free(struct protobuf *message)
{
	if (message->out)
		fclose(steal_pointer(&message->out));
	free(steal_pointer(&message->bytes));
}

static void put_number(struct protobuf *message, uint64_t number)
{
	for (; number > 0x7f; number >>= 7)
		putc((int)(number & 0x7f) | 0x80, message->out);
	putc((int)number, message->out);
}

static void put_key(struct protobuf *message, unsigned field, enum wire kind)
{
	put_number(message, (uint64_t)field << WIRE_BITS | (unsigned)kind);
}

static void put_bytes(struct protobuf *message, unsigned field, const char *bytes, size_t size)
{
	put_key(message, field, WIRE_BYTES);
	put_number(message, size);
	fwrite(bytes, 1, size, message->out);
}

void protobuf_add_number(struct protobuf *message, unsigned field, uint64_t number)
{
	put_key(message, field, WIRE_NUMBER);
	put_number(message, number);
}

void protobuf_add_switch(struct protobuf *message, unsigned field, bool on)
{
	if (on)
		protobuf_add_number(message, field, 1);
}

void protobuf_add_text(struct protobuf *message, unsigned field, const char *text)
{
	if (text)
		put_bytes(message, field, text, strlen(text));
}

int protobuf_add_message(struct protobuf *message, unsigned field, struct protobuf *inner)
{
	int result = protobuf_end(inner);
	if (result == 0)
		put_bytes(message, field, inner->bytes, inner->size);
	protobuf_free(inner);
	return result;
}

static bool take_number(struct protobuf_reader *reader, uint64_t *number)
{
	*number = 0;
	for (unsigned shift = 0; reader->left > 0 && shift <= MOST_BITS; shift += 7) {
		unsigned char byte = (unsigned char)*reader->at++;
		reader->left--;
		*number |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return true;
	}
	return false;
}

static bool take_bytes(struct protobuf_reader *reader, struct protobuf_field *field, uint64_t size)
{
	if (size > reader->left)
		return false;
	field->bytes = reader->at;
	field->size = (size_t)size;
	reader->at += size;
	reader->left -= (size_t)size;
	return true;
}

bool protobuf_next(struct protobuf_reader *reader, struct protobuf_field *field)
{
	uint64_t key, size;
	*field = (struct protobuf_field){};
	if (!take_number(reader, &key))
		return false;
	field->field = (unsigned)(key >> WIRE_BITS);
	switch ((enum wire)(key & 7)) {
	case WIRE_NUMBER:
		return take_number(reader, &field->number);
	case WIRE_BYTES:
		return take_number(reader, &size) && take_bytes(reader, field, size);
	case WIRE_EIGHT_BYTES:
		return take_bytes(reader, field, 8);
	case WIRE_FOUR_BYTES:
		return take_bytes(reader, field, 4);
	}
	return false;
}
