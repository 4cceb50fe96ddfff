/* JSON from a file, by the letter of RFC 8259. */
#ifndef STAGE6_JSON_H
#define STAGE6_JSON_H

#include <stddef.h>

struct json_object;

/*
 * Parses the @size bytes of @text, which a NUL follows. Beyond the grammar it refuses what programs
 * read differently, so that nobody can be shown one config and run another: a key twice in one
 * object, a NUL in a string, a number that does not fit. Returns the value (json_object_put() frees
 * it), or NULL with an error that names @file, the line and the column; for json-c a null is NULL,
 * so a text that is nothing but null is an error, too.
 */
struct json_object *json_parse(const char *file, const char *text, size_t size);

/*
 * The same for the file @path, of 16 MiB at most; @directory is as for openat(2). @file is what
 * errors in it shall call it. Unless @text is NULL, *@text becomes the text itself (free it).
 */
struct json_object *json_read(int directory, const char *path, const char *file, char **text);

/* The same from @fd, whatever that is, to its end. */
struct json_object *json_read_from(int fd, const char *file);

#endif
