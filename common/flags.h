/*
 * Command lines from tables.
 *
 * A module that has something to set brings a table of its flags, and a program lists the tables of
 * the modules it is made of. Reading the command line and --help both come from the tables, so they
 * cannot disagree.
 *
 *	static const struct flag flags[] = {
 *		{"hostname", "NAME", "the name of the machine inside", flag_text,
 *			offsetof(struct options, hostname)},
 *		{},
 *	};
 */
#ifndef COMMON_FLAGS_H
#define COMMON_FLAGS_H

#include <stdbool.h>
#include <stddef.h>

struct flag {
	const char *name;     /* without the dashes */
	const char *argument; /* what --help calls its value, or NULL when it takes none */
	const char *help;     /* one line */

	/*
	 * Reads the value into @target. @flag is the flag as it was written ("--memory"), for
	 * errors. @value is NULL for a flag that takes none. Returns 0, or -1 with the error set.
	 */
	int (*read)(const char *flag, const char *value, void *target);
	size_t offset; /* of the target in the options of the module */
	char letter;   /* its short form, "-b"; 0: none */
};

/* Those that every program has. */
extern const struct flag flags_everywhere[];

/* One module's flags, and the struct that they fill. */
struct flag_group {
	const struct flag *flags; /* ends with an empty row */
	void *options;
};

/* What a program takes on its command line. */
struct command_line {
	const char *usage;               /* "[options] ROOTFS COMMAND [ARG...]" */
	const char *about;               /* what the program does: a line or a few */
	const struct flag_group *groups; /* ends with an empty row */
	int operands;                    /* how many words at least must follow the flags */
	int usage_status;                /* what a wrong usage ends with; 0: EXIT_USAGE */
	int value_status;                /* what a value that cannot be does; 0: EXIT_ERROR */
	bool scattered;                  /* flags may stand behind operands, too */
	void (*print_more)(void);        /* what --help says below about; may be NULL */
	void (*print_versions)(void);    /* what --version says besides; may be NULL */
};

/*
 * Reads the flags of @argv up to the first word that is none, or "--"; where they may be scattered,
 * all of them, and moves the operands behind them. Knows --help (prints and exits), --version
 * (likewise) and --explain[=FORM] by itself. Returns the index of the first operand. On a wrong
 * usage (an unknown flag, a missing value or operand) it prints why and exits with
 * @line->usage_status; on a value that cannot be, or is empty, with @line->value_status.
 */
int flags_read(const struct command_line *line, int argc, char **argv);

/* Readers for a flag's value. The type of the target stands in front. */
int flag_text(const char *flag, const char *value, void *target);   /* const char * */
int flag_switch(const char *flag, const char *value, void *target); /* bool */
int flag_size(const char *flag, const char *value, void *target);   /* int64_t, in bytes */
int flag_list(const char *flag, const char *value, void *target);   /* struct text_list */

/* The values of a flag that may be given more than once, in order. */
struct text_list {
	const char **items;
	size_t count;
};

#endif
