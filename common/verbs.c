#include "common/verbs.h"

#include <stdio.h>
#include <string.h>

#include "common/error.h"
#include "common/step.h"

static int wrong_usage(const struct command_line *program, const char *word, const char *what)
{
	fail("%s: %s", word, what);
	fail_hint("see %s --help", narrator());
	fail_status(program->usage_status ? program->usage_status : EXIT_USAGE);
	return error_report();
}

static int run(const struct verb *verb, const struct command_line *program, int argc, char **argv)
{
	const struct command_line line = {
		.usage = verb->usage,
		.about = verb->about,
		.groups = verb->groups,
		.operands = verb->operands,
		.usage_status = program->usage_status,
		.value_status = verb->value_status,
		/* What stands behind the operands of these is for another program. */
		.scattered = verb->optional != VERB_ANY,
	};
	int first = flags_read(&line, argc, argv), most = verb->operands + verb->optional;
	if (argc - first > most)
		return wrong_usage(program, argv[first + most], "one word too many");
	if (verb->operands > 0)
		narrate_task("%s %s", verb->name, argv[first]);
	else
		narrate_task("%s", verb->name);
	return verb->run(argv + first);
}

static const struct verb *const *all;

static void print_verbs(void)
{
	printf("\ncommands (%s COMMAND --help tells more):\n", narrator());
	for (const struct verb *const *verb = all; *verb; verb++)
		printf("  %-12s%s\n", (*verb)->name, (*verb)->summary);
}

static const struct verb *find(const char *name)
{
	for (const struct verb *const *verb = all; *verb; verb++)
		if (!strcmp(name, (*verb)->name))
			return *verb;
	return NULL;
}

/* "help" and "help VERB" are "--help" and "VERB --help". */
static void turn_help(const struct command_line *program, int argc, char **argv, int at)
{
	static char option[] = "--help";
	int last = argc - 1;
	if (strcmp(argv[at], "help") != 0 || last > at + 1)
		return;
	argv[at] = argv[last];
	argv[last] = option;
	if (last == at)
		flags_read(program, argc, argv);
}

int verbs_run(const struct verb *const verbs[], const struct command_line *program,
	int (*begin)(void), int argc, char **argv)
{
	struct command_line line = *program;
	all = verbs;
	line.print_more = print_verbs;
	int at = flags_read(&line, argc, argv);
	if (begin && begin() < 0)
		return error_report();
	turn_help(&line, argc, argv, at);
	const struct verb *verb = find(argv[at]);
	return verb ? run(verb, program, argc - at, argv + at)
		    : wrong_usage(program, argv[at], "no such command");
}
