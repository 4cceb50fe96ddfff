/* Strings: formatted ones of any length, and numbers out of what a user typed. */
#ifndef COMMON_TEXT_H
#define COMMON_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* A formatted string in fresh memory (free it), or NULL with the error set. See asprintf(3). */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * How many bytes the UTF-8 character at @at has; 0 when it is none: a stray or missing continuation
 * byte, a longer form than needed, a surrogate, a value beyond U+10FFFF. See RFC 3629. Reads no
 * further than the first byte that does not fit, so the NUL at an end is far enough.
 */
size_t text_utf8_length(const char *at);

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
