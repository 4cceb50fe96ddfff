/* Characters in text of unknown origin. */
#ifndef COMMON_UTF8_H
#define COMMON_UTF8_H

#include <stddef.h>

/*
 * How many bytes the UTF-8 character at @at has; 0 when it is none: a stray or missing continuation
 * byte, a longer form than needed, a surrogate, a value beyond U+10FFFF. See RFC 3629. Reads no
 * further than the first byte that does not fit, so the NUL at an end is far enough.
 */
size_t utf8_length(const char *at);

#endif
