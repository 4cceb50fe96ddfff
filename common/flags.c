#include "flags.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "output.h"
#include "step.h"
#include "text.h"
#include "version.h"

const struct flag flags_everywhere[] = {
	{"explain", "[=FORM]", "tell each step: text (default), json or trace"},
	{"help", NULL, "print this and exit"},
	{"version", NULL, "print the version and exit"},
	{},
};

static void print_flag(const struct flag *flag)
{
	char left[64], letter[] = "-x, ";
	const char *argument = flag->argument ? flag->argument : "";
	const char *gap = *argument && strncmp(argument, "[=", 2) != 0 ? " " : "";
	letter[1] = flag->letter;
	snprintf(left, sizeof(left), "%s--%s%s%s", flag->letter ? letter : "", flag->name, gap,
		argument);
	/* A long left side gets a line of its own, so that the right side keeps its column. */
	if (strlen(left) > 23)
		printf("  %s\n  %-24s%s\n", left, "", flag->help);
	else
		printf("  %-24s%s\n", left, flag->help);
}

static void print_help(const struct command_line *line)
{
	printf("usage: %s %s\n\n%s\n", narrator(), line->usage, line->about);
	if (line->print_more)
		line->print_more();
	printf("\noptions:\n");
	for (const struct flag_group *group = line->groups; group->flags; group++)
		for (const struct flag *flag = group->flags; flag->name; flag++)
			print_flag(flag);
	for (const struct flag *flag = flags_everywhere; flag->name; flag++)
		print_flag(flag);
}

static void __attribute__((noreturn, format(printf, 2, 3)))
wrong_usage(const struct command_line *line, const char *format, ...)
{
	char message[512];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	fail("%s", message);
	fail_hint("see %s --help", narrator());
	error_report();
	exit(line->usage_status ? line->usage_status : EXIT_USAGE);
}

/* Prints the error. Returns what a value that cannot be ends with. */
static int report(const struct command_line *line)
{
	int status = error_report();
	return line->value_status ? line->value_status : status;
}

/* Nothing is meant by nothing: a script's variable was not set. */
static void __attribute__((noreturn))
wrong_value(const struct command_line *line, const char *flag, const char *expected)
{
	fail("%s: expected a value (%s), found \"\"", flag, expected);
	exit(report(line));
}

/* Behind the dashes. One does as well as two, as with programs in Go. */
static const char *name_in(const char *word)
{
	return word + 1 + (word[1] == '-');
}

/* Whether @word is the flag, in its long or its short form. */
static bool is(const struct flag *flag, const char *word)
{
	const char *name = name_in(word);
	size_t length = strcspn(name, "=");
	if (length == 1 && *name == flag->letter)
		return true;
	return strlen(flag->name) == length && !strncmp(flag->name, name, length);
}

static const struct flag *find(const struct command_line *line, const char *word, void **target)
{
	for (const struct flag_group *group = line->groups; group->flags; group++)
		for (const struct flag *flag = group->flags; flag->name; flag++)
			if (is(flag, word)) {
				*target = (char *)group->options + flag->offset;
				return flag;
			}
	return NULL;
}

/* The flags that every program has. Returns whether @word was one of them. */
static bool read_common(const struct command_line *line, const char *word)
{
	const char *name = name_in(word);
	if (!strcmp(name, "help") || !strcmp(name, "h")) {
		print_help(line);
		exit(output_finish() < 0 ? report(line) : 0);
	}
	if (!strcmp(name, "version") || !strcmp(name, "v")) {
		printf("%s version %s\n", narrator(), COOPER_VERSION);
		if (line->print_versions)
			line->print_versions();
		exit(output_finish() < 0 ? report(line) : 0);
	}
	if (strncmp(name, "explain", 7) != 0 || (name[7] && name[7] != '='))
		return false;
	if (explain(name[7] ? name + 8 : NULL) < 0)
		wrong_usage(line, "%s: expected text, json or trace", word);
	return true;
}

/* What programs in Go take for one: 1 or 0; -1: it is none. */
static int truth(const char *value)
{
	static const char *const words[2][6] = {{"false", "False", "FALSE", "f", "F", "0"},
		{"true", "True", "TRUE", "t", "T", "1"}};
	for (int i = 0; i < 12; i++)
		if (!strcmp(value, words[i / 6][i % 6]))
			return i / 6;
	return -1;
}

/* The flag at @argv[@at], with its value. Returns how many words that is. */
static int read_flag(const struct command_line *line, int argc, char **argv, int at)
{
	const char *word = argv[at];
	void *target;
	if (read_common(line, word))
		return 1;
	const struct flag *flag = find(line, word, &target);
	if (!flag)
		wrong_usage(line, "%s: no such option", word);
	const char *equals = strchr(word, '='), *value = equals ? equals + 1 : NULL;
	if (!flag->argument && equals && truth(value) < 0)
		wrong_usage(line, "%s: takes no value, or true or false", word);
	if (flag->argument && !equals && at + 1 >= argc)
		wrong_usage(line, "%s: expected a value (%s)", word, flag->argument);
	if (flag->argument && !equals)
		value = argv[at + 1];
	char written[64];
	snprintf(written, sizeof(written), "--%s", flag->name);
	if (flag->argument && !*value)
		wrong_value(line, written, flag->argument);
	if (flag->read(written, value, target) < 0)
		exit(report(line));
	return flag->argument && !equals ? 2 : 1;
}

/* Takes the @count words (2 at most) at @argv[@at] to in front of the @passed ones before them. */
static void bring_forward(char **argv, int at, int count, int passed)
{
	char *words[2];
	memcpy((void *)words, (void *)(argv + at), (size_t)count * sizeof(*words));
	memmove((void *)(argv + at - passed + count), (void *)(argv + at - passed),
		(size_t)passed * sizeof(*words));
	memcpy((void *)(argv + at - passed), (void *)words, (size_t)count * sizeof(*words));
}

int flags_read(const struct command_line *line, int argc, char **argv)
{
	int at = 1, operands = 0, count;
	bool last = false;
	for (; at < argc && !last; at += count) {
		count = 1;
		last = strcmp(argv[at], "--") == 0;
		if (argv[at][0] == '-' && argv[at][1]) {
			count = last ? 1 : read_flag(line, argc, argv, at);
			bring_forward(argv, at, count, operands);
		} else if (line->scattered) {
			operands++;
		} else {
			break;
		}
	}
	at -= operands;
	if (argc - at < line->operands)
		wrong_usage(line, "too few words: expected %s", line->usage);
	return at;
}

int flag_text(const char *flag, const char *value, void *target)
{
	(void)flag;
	*(const char **)target = value;
	return 0;
}

int flag_switch(const char *flag, const char *value, void *target)
{
	(void)flag;
	*(bool *)target = !value || truth(value) == 1;
	return 0;
}

int flag_size(const char *flag, const char *value, void *target)
{
	return text_size(flag, value, (int64_t *)target);
}

int flag_list(const char *flag, const char *value, void *target)
{
	(void)flag;
	struct text_list *list = target;
	const char **items = reallocarray(list->items, list->count + 1, sizeof(*items));
	if (!items)
		return fail("out of memory");
	items[list->count++] = value;
	list->items = items;
	return 0;
}
