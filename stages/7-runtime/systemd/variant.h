/*
 * Values in the text form of GVariant, which annotations for systemd have: 'text', true, 5,
 * uint64 5, ['a', 'b'], [byte 1, 2], @as []. See "GVariant Text Format" in GLib's manual.
 */
#ifndef STAGE7_SYSTEMD_VARIANT_H
#define STAGE7_SYSTEMD_VARIANT_H

#include <stddef.h>

struct variant {
	char signature[3]; /* as on D-Bus: "s", "t", "as" ... */
	size_t count;      /* how many values; 1 unless it is an array */
	char **values;     /* numbers in decimal, "true" or "false", strings as they are */
};

/*
 * Reads @text: a boolean, a number, a string, or an array of one of these. A number without a type
 * is an int32, one with a dot or an exponent a double. Returns -1, with an error that names no
 * property, for all else: tuples, dictionaries, variants, byte strings, numbers that their type
 * does not hold. Free @variant in both cases.
 */
int variant_read(struct variant *variant, const char *text);
void variant_free(struct variant *variant);

/* Turns a number of seconds, of any type, into a uint64 of microseconds. -1 with the error set. */
int variant_to_microseconds(struct variant *variant);

#endif
