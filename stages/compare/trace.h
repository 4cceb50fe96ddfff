/* What a program does until its command runs: its steps, and the system calls of each. */
#ifndef COMPARE_TRACE_H
#define COMPARE_TRACE_H

#include <stddef.h>

struct traced_step {
	char *process;  /* "parent", "init", ... */
	char *text;     /* as --explain has it */
	char *property; /* of config.json; NULL: none */
	char **calls;   /* as strace writes them, in order */
	size_t call_count;
	long us; /* from an untraced run, until the next step of the same process; -1: not known */
};

struct trace {
	struct traced_step *steps;
	size_t count;
	size_t calls; /* all of them, until the command runs */
};

/*
 * Reads a trace that "strace -f" has written to @file of a program with --explain=json. Each step
 * is one write(2) to stderr; what follows it in the same process, up to the next, is that step's.
 * trace_free() releases it. Returns 0, or -1 with the error set.
 */
int trace_read(struct trace *trace, const char *file);

void trace_free(struct trace *trace);

/* The first step at or behind @from whose text matches the pattern (fnmatch(3)); NULL: none. */
const struct traced_step *trace_find(const struct trace *trace, const char *pattern,
	const struct traced_step *from);

/* The step's first call of that name that went well (what fails changes nothing); NULL: none. */
const char *traced_call(const struct traced_step *step, const char *name);

#endif
