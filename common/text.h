/* Strings: formatted ones of any length, and numbers out of what a user typed. */
#ifndef COMMON_TEXT_H
#define COMMON_TEXT_H

#include <stdint.h>

/* A formatted string in fresh memory (free it), or NULL with the error set. See asprintf(3). */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * A whole decimal number between @low and @high into *@number. Returns -1, with an error that
 * names @what, for anything else: signs where they make no sense, blanks, trailing letters.
 */
int text_number(const char *what, const char *text, int64_t low, int64_t high, int64_t *number);

/*
 * A size in bytes: a whole number, then nothing or one of K M G T (powers of 1024, in either
 * case). From 1 byte to INT64_MAX. Returns -1, with an error that names @what, for anything else.
 */
int text_size(const char *what, const char *text, int64_t *bytes);

/* A size as people write it ("64 MiB"), in a buffer that the next call overwrites. */
const char *text_human_size(int64_t bytes);

#endif
