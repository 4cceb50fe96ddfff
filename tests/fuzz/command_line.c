/*
 * The command line, words with a NUL behind each: the options in front, a command, its options.
 *
 * What must hold: each word is an option, a value or an operand; or the program ends there, with
 * status 0 for --help and --version and with 1 and an error otherwise. The commands themselves are
 * not run. (exit(3) comes back here: the target is linked with --wrap=exit.)
 */
#include "fuzz.h"

#include <setjmp.h>
#include <stdio.h>

#include "7-runtime/command_line.h"

enum { WORDS_MOST = 48 };

static jmp_buf way_out;
static volatile int ended_with = -1;
static bool inside;

void __real_exit(int status) __attribute__((noreturn));
void __wrap_exit(int status) __attribute__((noreturn));

void __wrap_exit(int status)
{
	if (!inside)
		__real_exit(status);
	ended_with = status;
	longjmp(way_out, 1);
}

/* What an earlier run has gathered. */
static void forget(const struct flag_group *groups)
{
	for (; groups->flags; groups++)
		for (const struct flag *flag = groups->flags; flag->name; flag++)
			if (flag->read == flag_list) {
				struct text_list *list =
					(void *)((char *)groups->options + flag->offset);
				free(list->items);
				*list = (struct text_list){};
			}
}

static int read_words(const struct command_line *line, int count, char **words)
{
	int first = flags_read(line, count, words);
	must(first >= 1 && first <= count && count - first >= line->operands);
	must(first == count || words[first][0] != '-' || !words[first][1] ||
		!strcmp(words[first - 1], "--"));
	return first;
}

static void read_verb(const struct verb *verb, int count, char **words)
{
	const struct command_line line = {
		.usage = verb->usage,
		.about = verb->about,
		.groups = verb->groups,
		.operands = verb->operands,
		.usage_status = cooper_command_line.usage_status,
		.scattered = verb->optional != VERB_ANY,
	};
	read_words(&line, count, words);
}

static void read_all(int count, char **words)
{
	int at = read_words(&cooper_command_line, count, words);
	for (const struct verb *const *verb = cooper_verbs; *verb; verb++)
		if (!strcmp((*verb)->name, words[at]))
			read_verb(*verb, count - at, words + at);
}

static int split(char *text, size_t size, char **words)
{
	int count = 0;
	words[count++] = "cooper";
	for (char *at = text; at < text + size && count < WORDS_MOST; at += strlen(at) + 1)
		words[count++] = at;
	words[count] = NULL;
	return count;
}

/* Nothing of its own is needed after the way out. */
static void read_until_exit(int count, char **words)
{
	ended_with = -1;
	inside = true;
	if (setjmp(way_out) == 0)
		read_all(count, words);
	inside = false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *words[WORDS_MOST + 1];
	narrate_as("cooper");
	read_until_exit(split(text, size, words), words);
	must(ended_with == -1 || ended_with == 0 || ended_with == EXIT_ERROR);
	fuzz_expect_error(ended_with == EXIT_ERROR);
	for (const struct verb *const *verb = cooper_verbs; *verb; verb++)
		forget((*verb)->groups);
	free(text);
	return 0;
}
