/*
 * Messages in the wire format of protocol buffers, as much of it as the talk with criu needs. A
 * message is a row of fields; a field is its number, its kind, and a number or some bytes. Text and
 * messages within the message are bytes. See "Encoding" in the documentation of protocol buffers.
 */
#ifndef STAGE7_CRIU_PROTOBUF_H
#define STAGE7_CRIU_PROTOBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A message in the making. */
struct protobuf {
	FILE *out;
	char *bytes; /* all of it, after protobuf_end() */
	size_t size;
};

/* Begins an empty message. Returns 0, or -1 with the error set; protobuf_free() in both cases. */
int protobuf_begin(struct protobuf *message);

/* Ends it: @bytes and @size are set then. Returns 0, or -1 with the error set. */
int protobuf_end(struct protobuf *message);
void protobuf_free(struct protobuf *message);

/* Each adds a field. A switch that is off, and a text that is NULL, add nothing. */
void protobuf_add_number(struct protobuf *message, unsigned field, uint64_t number);
void protobuf_add_switch(struct protobuf *message, unsigned field, bool on);
void protobuf_add_text(struct protobuf *message, unsigned field, const char *text);

/* The same for the message @inner, which it ends and frees. Returns 0, or -1 with the error set. */
int protobuf_add_message(struct protobuf *message, unsigned field, struct protobuf *inner);

/* A field that has been received; @bytes is NULL when it is a number. */
struct protobuf_field {
	unsigned field;
	uint64_t number;
	const char *bytes;
	size_t size;
};

/* What is left to read of a message. */
struct protobuf_reader {
	const char *at;
	size_t left;
};

/* Takes the next field. Returns false at the end, and at anything that is no field. */
bool protobuf_next(struct protobuf_reader *reader, struct protobuf_field *field);

#endif
