/* Programs of several commands, "PROGRAM [options] VERB [options] [OPERAND...]". */
#ifndef COMMON_VERBS_H
#define COMMON_VERBS_H

#include "common/flags.h"

struct verb {
	const char *name;
	int (*run)(char **operands); /* ends with NULL; returns the exit status */
	const char *summary;         /* a line for the list of all */
	const char *usage, *about;   /* for its --help, as in struct command_line */
	const struct flag_group *groups;
	int operands;     /* how many it needs */
	int optional;     /* and how many more it takes */
	int value_status; /* what a value that cannot be ends with; 0: EXIT_ERROR */
};

/* For .optional: as many as there are. */
enum { VERB_ANY = 10000000 };

/*
 * Reads the flags of @program, calls @begin (may be NULL), reads the verb and its flags, and runs
 * it; "help" is "--help". @verbs ends with NULL. The first failure ends the program; @begin has set
 * an error then. Returns the verb's exit status; a wrong usage ends the program as with
 * flags_read().
 */
int verbs_run(const struct verb *const verbs[], const struct command_line *program,
	int (*begin)(void), int argc, char **argv);

#endif
