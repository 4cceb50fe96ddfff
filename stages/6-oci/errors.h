/* All that is wrong with a config, not only the first thing. */
#ifndef STAGE6_ERRORS_H
#define STAGE6_ERRORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Zeroed, it is an empty list. */
struct config_errors {
	char **lines; /* "PATH: what is wrong", in the order found */
	size_t kept;  /* how many of them are there: a hostile file makes millions */
	size_t count; /* how many were found */
};

/*
 * Adds a line, "linux.resources.memory.limit: expected an integer, found ...". The format starts
 * with the property's path and a colon. A property that has a line already gets no second one: what
 * follows from the first error is no news.
 */
void config_errors_add(struct config_errors *errors, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Whether more errors are only counted, so that nobody need put their lines together. */
bool config_errors_full(const struct config_errors *errors);

/* Prints them, a line each, with @prefix in front of every one. */
void config_errors_print(const struct config_errors *errors, FILE *out, const char *prefix);

/* Sets the first of them as the program's error (common/error.h), in the file @file. Returns -1. */
int config_errors_fail(const struct config_errors *errors, const char *file);

void config_errors_free(struct config_errors *errors);

/*
 * Text out of the config for use in a line, as a JSON string and not too much of it: it may be of
 * any length, and hold line breaks or what would steer a terminal.
 */
#define QUOTED_SIZE  320 /* one byte becomes six at most */
#define quoted(text) quote_short((char[QUOTED_SIZE]){0}, text)
const char *quote_short(char *buffer, const char *text);

#endif
