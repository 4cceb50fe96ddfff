/*
 * Errors: set where they happen, printed once.
 *
 * A function that fails returns what fail() or fail_errno() returns, -1, with the message set.
 * Its callers hand the -1 up. Only main(), and a child between clone and exec, print it, with
 * error_report(). The message of a later failure does not replace that of an earlier one: what
 * went wrong first is what the user can mend.
 */
#ifndef COMMON_ERROR_H
#define COMMON_ERROR_H

#include <stdbool.h>

/* Exit statuses that are the program's own; 126 and 127 mean what they mean in a shell. */
enum {
	EXIT_ERROR = 1,
	EXIT_USAGE = 2,
	EXIT_CANNOT_EXECUTE = 126,
	EXIT_NOT_FOUND = 127,
};

/* Sets an error that speaks for itself. Keeps errno. Always returns -1. */
int fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Sets the error "STEP: what the kernel said" from the step under way and errno, with the hint that
 * hints.c knows for the two. Keeps errno. Always returns -1.
 */
int fail_errno(void);

/* Adds what to try to the error just set. Returns -1, so that it can follow fail() in a return. */
int fail_hint(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Another process of this program failed and has printed why. Nothing more is said here. @status:
 * what that process exited with, and what this one shall exit with. Always returns -1.
 */
int fail_reported(int status);

/* The exit status that goes with the error just set, where it is not EXIT_ERROR. Returns -1. */
int fail_status(int status);

/* Forgets the error: the caller found another way. */
void error_clear(void);

/* The error that is set: "" if none. The hint: "" if none. */
const char *error_message(void);
const char *error_hint(void);

/*
 * Prints the error that is set, in one line on stderr, its hint in a second one; a log gets both as
 * one record (narrate_to() in step.h). Returns the exit status that goes with it: EXIT_ERROR, also
 * where a -1 came without an error, or what fail_status() or fail_reported() was told.
 */
int error_report(void);

/* Prints a line that is no error, "PROGRAM: warning: ...", in the same place. A hundred at most. */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * clang's analyzer looks at one file at a time. Without this it takes a failure for a success, and
 * finds what is not there.
 */
#if defined(__clang_analyzer__) && !defined(COMMON_ERROR_ITSELF)
#define fail(...)            (fail(__VA_ARGS__), -1)
#define fail_errno()         (fail_errno(), -1)
#define fail_hint(...)       (fail_hint(__VA_ARGS__), -1)
#define fail_reported(value) (fail_reported(value), -1)
#define fail_status(value)   (fail_status(value), -1)
#endif

#endif
