/* Asks the runner (columns) to run something in columns. */
#ifndef COMPARE_RUNNER_H
#define COMPARE_RUNNER_H

#include <stdbool.h>

struct json_object;

enum { RUNNER_WORDS = 200 };

/*
 * Runs the script columns, which lies beside this program, with @arguments (ends with NULL;
 * RUNNER_WORDS of them at most), for root or for a plain @user. Returns what it printed
 * (json_object_put() frees it), or NULL with the error set: its own, when it has failed.
 */
struct json_object *runner_run(bool user, const char *const arguments[]);

/*
 * The same for the command @command (ends with NULL) in stages: each of @from to @to in turn,
 * @times times; runner_text() gets at the outputs. @options come first.
 */
struct json_object *runner_run_stages(bool user, int from, int to, int times,
	const char *const options[], const char *const command[]);

/* The path of a file @name beside this program, in fresh memory; NULL with the error set. */
char *runner_beside(const char *name);

/* A text ("output") of the column number @at of an answer; "" where it has none. */
const char *runner_text(struct json_object *answer, int at, const char *key);

/* The exit status of what was run in it. */
int runner_status(struct json_object *answer, int at);

#endif
