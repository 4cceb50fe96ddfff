/*
 * From a JSON object to a C struct, by a table.
 *
 * A table describes one object, a row one property of it:
 *
 *	static const struct property memory[] = {
 *		{"limit", INT64, offsetof(struct config_memory, limit), 6, OPTIONAL},
 *		{},
 *	};
 *
 * The rows are all there is to say about a property; the code that reads, checks and stores a value
 * is the same for all.
 */
#ifndef STAGE6_DECODE_H
#define STAGE6_DECODE_H

#include <stddef.h>
#include <stdint.h>

#include "6-oci/config.h"
#include "6-oci/errors.h"

struct json_object;
struct arena;

enum value_type {
	BOOLEAN, /* bool */
	STRING,  /* char * */
	INT32,
	INT64,
	UINT16,
	UINT32,
	UINT64,
	CHOICE, /* const struct config_choice *, into the choices of the row */
	OBJECT, /* the struct of the row's table */
};

enum property_flags {
	REQUIRED = 1,
	OPTIONAL = 2, /* the member is a pointer, NULL when there is no such property */
	LIST = 4,     /* the member is {items, count}; the value is a list */
	MAP = 8,      /* likewise; the value is an object, and an item begins with its char *key */
	ASKS = 16,    /* to be there asks for something, even if the value is empty */
};

struct object_table {
	size_t size; /* of the struct */
	const struct property *properties;
};

struct property {
	const char *name; /* NULL ends a table */
	enum value_type type;
	size_t offset; /* of the member */
	int since;     /* the first stage that does it; 0: as soon as the object around it */
	unsigned flags;
	const struct object_table *table;
	const struct config_choice *choices;
	int64_t low; /* the bounds of a number, if narrower than its type's */
	uint64_t high;
};

struct decoder {
	struct arena *arena; /* takes strings, lists and objects */
	struct config_errors *errors;
	int stage; /* what a later one does is an error */
};

/*
 * Fills the zeroed struct @target from @json, as @table says. Wrong types, values out of bounds and
 * missing properties become errors with their path; the members stay zero then, so a list may hold
 * NULL strings. Properties that the table does not know are skipped, as the specification wants
 * it ("Extensibility" in config.md).
 */
void decode(struct decoder *decoder, struct json_object *json, const struct object_table *table,
	void *target);

#endif
