/*
 * Man pages and a shell's completion from the tables that cooper itself reads its command line by.
 *
 *	generate man cooper|COMMAND	the page cooper.8 or cooper-COMMAND.8
 *	generate completion		for bash
 *	generate commands		the names of all commands
 *
 * "make docs" puts them into docs/; a test holds what is there against what comes out here.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "7-runtime/command_line.h"
#include "common/version.h"

/* A line that begins with a dot or a quote would be a request; a hyphen would be a soft one. */
static void print_roff(const char *text)
{
	bool start = true;
	for (; *text; text++) {
		if (start && (*text == '.' || *text == '\''))
			printf("\\&");
		if (*text == '-' || *text == '\\')
			putchar('\\');
		putchar(*text);
		start = *text == '\n';
	}
}

static void print_upper(const char *text)
{
	for (; *text; text++)
		putchar(toupper((unsigned char)*text));
}

static void print_flag(const struct flag *flag)
{
	printf(".TP\n");
	if (flag->letter)
		printf("\\fB\\-%c\\fR, ", flag->letter);
	printf("\\fB\\-\\-");
	print_roff(flag->name);
	printf("\\fR");
	if (flag->argument) {
		printf("%s\\fI", strncmp(flag->argument, "[=", 2) == 0 ? "" : " ");
		print_roff(flag->argument);
		printf("\\fR");
	}
	printf("\n");
	print_roff(flag->help);
	printf("\n");
}

static void print_flags(const struct flag_group *groups)
{
	for (const struct flag_group *group = groups; group->flags; group++)
		for (const struct flag *flag = group->flags; flag->name; flag++)
			print_flag(flag);
	for (const struct flag *flag = flags_everywhere; flag->name; flag++)
		print_flag(flag);
}

static void print_head(const char *verb, const char *summary, const char *usage, const char *about)
{
	printf(".\\\" Made by \"make docs\" from the tables of stages/7-runtime; change those.\n");
	printf(".TH COOPER");
	if (*verb)
		printf("\\-");
	print_upper(verb);
	printf(" 8 \"\" \"cooper %s\" \"cooper\"\n.SH NAME\ncooper%s%s \\- ", COOPER_VERSION,
		*verb ? "\\-" : "", verb);
	print_roff(summary);
	printf("\n.SH SYNOPSIS\n.B cooper\n");
	print_roff(usage);
	printf("\n.SH DESCRIPTION\n");
	print_roff(about);
	printf("\n");
}

static void print_see_also(void)
{
	printf(".SH SEE ALSO\n");
	printf(".BR cooper (8),\n");
	for (const struct verb *const *verb = cooper_verbs; *verb; verb++)
		printf(".BR cooper\\-%s (8)%s\n", (*verb)->name, verb[1] ? "," : "");
	printf(".PP\nThe Open Container Initiative's runtime specification, version 1.3.0.\n");
}

static void print_verb_page(const struct verb *verb)
{
	print_head(verb->name, verb->summary, verb->usage, verb->about);
	printf(".SH OPTIONS\n");
	print_flags(verb->groups);
	printf(".SH EXIT STATUS\n0 when it is done; 1 when it failed, with the reason in one line on "
	       "standard\nerror. Where the command of a container is waited "
	       "for, its\nown status, or 128 and the number of the signal that ended it.\n");
	print_see_also();
}

static void print_main_page(void)
{
	print_head("", "an OCI container runtime", cooper_command_line.usage,
		"cooper makes containers from bundles: directories with a config.json and a root\n"
		"filesystem, as the Open Container Initiative's runtime specification has them.\n"
		"Its command line is that of runc, so engines such as Docker, containerd and\n"
		"Podman can use it in runc's place.");
	printf(".SH COMMANDS\n");
	for (const struct verb *const *verb = cooper_verbs; *verb; verb++) {
		printf(".TP\n.BR cooper\\-%s (8)\n", (*verb)->name);
		print_roff((*verb)->summary);
		printf("\n");
	}
	printf(".SH OPTIONS\nThese stand in front of the command.\n");
	print_flags(cooper_command_line.groups);
	printf(".SH FILES\n.TP\n.I /run/cooper/ID/state.json\nwhat is on record about the container "
	       "ID; for a user who is not root below\n$XDG_RUNTIME_DIR.\n");
	print_see_also();
}

static void print_words(const struct flag_group *groups)
{
	for (const struct flag_group *group = groups; group->flags; group++)
		for (const struct flag *flag = group->flags; flag->name; flag++)
			printf("--%s ", flag->name);
	for (const struct flag *flag = flags_everywhere; flag->name; flag++)
		printf("--%s%s", flag->name, flag[1].name ? " " : "");
}

/* Which words of the command line take a value, so that the command can be told from one. */
static void print_valued(const struct flag_group *groups)
{
	for (const struct flag_group *group = groups; group->flags; group++)
		for (const struct flag *flag = group->flags; flag->name; flag++)
			if (flag->argument && strncmp(flag->argument, "[=", 2) != 0)
				printf("%s--%s", flag == groups->flags ? "" : "|", flag->name);
}

static void print_completion(void)
{
	printf("# bash completion for cooper. Made by \"make docs\" from cooper's own tables.\n\n"
	       "_cooper() {\n"
	       "\tlocal current=${COMP_WORDS[COMP_CWORD]} verb='' words='' i root=()\n"
	       "\tCOMPREPLY=()\n"
	       "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	       "\t\tcase ${COMP_WORDS[i]} in\n"
	       "\t\t");
	print_valued(cooper_command_line.groups);
	printf(")\n"
	       "\t\t\t[[ ${COMP_WORDS[i]} != --root ]] || root=(--root \"${COMP_WORDS[i + 1]}\")\n"
	       "\t\t\t((i++)) ;;\n"
	       "\t\t-*) ;;\n"
	       "\t\t*) verb=${COMP_WORDS[i]} && break ;;\n"
	       "\t\tesac\n"
	       "\tdone\n"
	       "\tcase $verb in\n"
	       "\t'') words='");
	print_words(cooper_command_line.groups);
	for (const struct verb *const *verb = cooper_verbs; *verb; verb++)
		printf(" %s", (*verb)->name);
	printf("' ;;\n");
	for (const struct verb *const *verb = cooper_verbs; *verb; verb++) {
		printf("\t%s) words='", (*verb)->name);
		print_words((*verb)->groups);
		printf("' ;;\n");
	}
	printf("\tesac\n"
	       "\tif [[ $verb && $current != -* ]]; then\n"
	       "\t\twords=$(cooper \"${root[@]}\" list --quiet 2>/dev/null)\n"
	       "\tfi\n"
	       "\t# What an option may be followed by is often a file.\n"
	       "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
	       "}\n\n"
	       "complete -o bashdefault -o default -F _cooper cooper\n");
}

static int print_page(const char *name)
{
	if (!strcmp(name, "cooper")) {
		print_main_page();
		return 0;
	}
	for (const struct verb *const *verb = cooper_verbs; *verb; verb++)
		if (!strcmp((*verb)->name, name)) {
			print_verb_page(*verb);
			return 0;
		}
	return 2;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "man"))
		return print_page(argv[2]);
	if (argc == 2 && !strcmp(argv[1], "completion"))
		print_completion();
	else if (argc == 2 && !strcmp(argv[1], "commands"))
		for (const struct verb *const *verb = cooper_verbs; *verb; verb++)
			puts((*verb)->name);
	else
		return 2;
	return 0;
}
