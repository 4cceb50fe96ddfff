/*
 * The probe: finds out, from where it is run, what a process there can see, touch, use up, and
 *where it can get out. It asks nobody; it tries.
 *
 *	probe			every fact, a line of JSON each
 *	probe GROUP|FACT...	only these
 *	probe --list		groups, facts and questions
 *
 * For those who run it in other places (stages/compare/columns):
 *
 *	probe --outside DIRECTORY	plays the host (outside.h)
 *	probe --session COMMAND...	runs it with a keyring that is nobody's yet
 *	probe --serve PORT		waits for somebody to reach it (reach.h)
 *	probe --target ADDRESS:PORT[,...] FACT...	tries to reach one
 *
 * Each fact is found out by a process of its own: what it changes of itself goes with it, and a
 * kernel that answers by killing it has answered, too.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/quote.h"
#include "compare/probe/answer.h"
#include "compare/probe/facts.h"
#include "compare/probe/outside.h"
#include "compare/probe/reach.h"

enum { SECONDS_A_FACT = 60 };

static const struct fact_group groups[] = {
	{"see", see_facts},
	{"see", see_network_facts},
	{"touch", touch_facts},
	{"touch", touch_kernel_facts},
	{"use", use_facts},
	{"escape", escape_facts},
	{"reach", reach_facts},
	{"who", who_facts},
	{},
};

static const char *const verdicts[] = {
	[UNKNOWN] = "n/a",
	[OPEN] = "open",
	[LIMITED] = "limited",
	[CLOSED] = "closed",
};

/* In memory that the process which finds it out shares with this one. */
static struct answer *answer;

static void find_out(const struct fact *fact)
{
	*answer = (struct answer){};
	pid_t child = fork();
	if (child == 0) {
		setpgid(0, 0);
		alarm(SECONDS_A_FACT);
		fact->find_out(answer);
		_exit(0);
	}
	int status = 0;
	if (child < 0 || waitpid(child, &status, 0) < 0) {
		found(answer, UNKNOWN, "no process");
	} else if (WIFSIGNALED(status)) {
		note(answer, "the kernel ended the try: SIG%s", sigabbrev_np(WTERMSIG(status)));
		found(answer, WTERMSIG(status) == SIGALRM ? UNKNOWN : CLOSED, "SIG%s",
			sigabbrev_np(WTERMSIG(status)));
	}
}

static void print_member(const char *name, const char *text)
{
	printf("\"%s\":", name);
	quote_json(stdout, text);
	putchar(',');
}

static void print_answer(const char *group, const struct fact *fact)
{
	putchar('{');
	print_member("group", group);
	print_member("fact", fact->name);
	print_member("question", fact->question);
	print_member("value", answer->value);
	print_member("verdict", verdicts[answer->verdict]);
	print_member("how", answer->how);
	printf("\"host\":[");
	char *rest = answer->host;
	for (const char *word, *between = ""; (word = strsep(&rest, " ")); between = ",")
		if (*word) {
			printf("%s", between);
			quote_json(stdout, word);
		}
	puts("]}");
	fflush(stdout);
}

static bool is_wanted(const char *group, const struct fact *fact, char **words)
{
	bool wanted = !*words;
	for (; *words; words++)
		wanted |= strcmp(*words, group) == 0 || strcmp(*words, fact->name) == 0;
	return wanted;
}

static int probe(char **words)
{
	for (char **word = words; *word; word++) {
		bool known = false;
		for (const struct fact_group *group = groups; group->name; group++)
			for (const struct fact *fact = group->facts; fact->name; fact++)
				known |= is_wanted(group->name, fact, (char *[]){*word, NULL});
		if (!known) {
			fprintf(stderr,
				"probe: no group or fact is called %s\n"
				"  hint: probe --list has them all\n",
				*word);
			return 2;
		}
	}
	for (const struct fact_group *group = groups; group->name; group++)
		for (const struct fact *fact = group->facts; fact->name; fact++)
			if (is_wanted(group->name, fact, words)) {
				find_out(fact);
				print_answer(group->name, fact);
			}
	return EXIT_SUCCESS;
}

static int list(void)
{
	for (const struct fact_group *group = groups; group->name; group++)
		for (const struct fact *fact = group->facts; fact->name; fact++)
			printf("%-7s %-17s %s\n", group->name, fact->name, fact->question);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	char **words = argv + 1;
	const char *option = argc > 1 ? argv[1] : "";
	setvbuf(stdout, NULL, _IOFBF, 0);
	answer = mmap(NULL, sizeof(*answer), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		0);
	if (answer == MAP_FAILED) {
		perror("probe: mmap");
		return EXIT_FAILURE;
	}
	if (strcmp(option, "--list") == 0 && argc == 2)
		return list();
	if (strcmp(option, "--outside") == 0 && argc == 3)
		return outside_play(argv[2]);
	if (strcmp(option, "--session") == 0 && argc > 2)
		return outside_session(argv + 2);
	if (strcmp(option, "--serve") == 0 && argc == 3)
		return reach_serve(argv[2]);
	if (strcmp(option, "--target") == 0 && argc > 3) {
		reach_target(argv[2]);
		words = argv + 3;
	} else if (option[0] == '-') {
		fprintf(stderr, "usage: probe [GROUP|FACT]... | --list\n");
		return 2;
	}
	outside_read();
	return probe(words);
}
