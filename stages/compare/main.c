/* compare: what a process inside can see, touch and use up, stage beside stage, and why. */
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "6-oci/json.h"
#include "common/error.h"
#include "common/flags.h"
#include "common/output.h"
#include "common/step.h"
#include "compare/alongside.h"
#include "compare/changes.h"
#include "compare/cost.h"
#include "compare/facts.h"
#include "compare/matrix.h"
#include "compare/observe.h"
#include "compare/page.h"
#include "compare/paint.h"
#include "compare/report.h"
#include "compare/runner.h"

struct options {
	struct text_list probe;
	const char *data, *html, *markdown, *run;
	bool cost, json, user, trace, stopwatch;
};

static const struct flag option_flags[] = {
	{"probe", "WORD", "only this group of facts, or this fact; as often as wanted", flag_list,
		offsetof(struct options, probe)},
	{"cost", NULL, "what each stage costs: time and system calls until the command runs",
		flag_switch, offsetof(struct options, cost)},
	{"run", "COMMAND", "a shell's command in each stage, its outputs side by side", flag_text,
		offsetof(struct options, run)},
	{"user", NULL, "as a plain user, also when root asks", flag_switch,
		offsetof(struct options, user)},
	{"json", NULL, "print all that is found out as one JSON document", flag_switch,
		offsetof(struct options, json)},
	{"html", "FILE", "write it as a page that explains itself, for a browser", flag_text,
		offsetof(struct options, html)},
	{"markdown", "FILE", "write the matrix and the reasons as text", flag_text,
		offsetof(struct options, markdown)},
	{"data", "FILE", "take facts found out before (by build/bin/columns)", flag_text,
		offsetof(struct options, data)},
	{"trace", NULL, "with --data: look at what the stages do, all the same", flag_switch,
		offsetof(struct options, trace)},
	{"stopwatch", NULL,
		"run the words that follow, print µs to the first output and to the end",
		flag_switch, offsetof(struct options, stopwatch)},
	{},
};

/* Runs the probe, for the two columns of @names, or for all. */
static struct json_object *probe(const struct options *options, char **names)
{
	const char *words[RUNNER_WORDS + 1] = {};
	size_t at = 0;
	for (size_t i = 0; names[0] && i < 2; i++) {
		words[at++] = "--column";
		words[at++] = names[i];
	}
	for (size_t i = 0; i < options->probe.count && at < RUNNER_WORDS; i++)
		words[at++] = options->probe.items[i];
	if (isatty(STDERR_FILENO) && !names[0])
		fprintf(stderr, "The probe runs in every column; this takes a few seconds.\n");
	return runner_run(options->user, words);
}

/* From the file that was named, or from the probe, run here. */
static int read_facts(const struct options *options, char **names, struct matrix *matrix)
{
	struct json_object *data = options->data
					   ? json_read(AT_FDCWD, options->data, options->data, NULL)
					   : probe(options, names);
	if (!data || matrix_decode(matrix, data) < 0)
		return -1;
	return matrix_select(matrix, options->probe.items, options->probe.count);
}

static int write_documents(const struct options *options, const struct matrix *matrix,
	const struct trace traces[STAGES])
{
	struct json_object *report = report_make(matrix, traces);
	int result = report ? 0 : -1;
	if (result == 0 && options->cost)
		result = cost_add(report, options->user, traces);
	if (result == 0 && options->html)
		result = page_write(options->html, report);
	if (result == 0 && options->markdown)
		result = markdown_write(options->markdown, report);
	if (result == 0 && options->json)
		puts(json_object_to_json_string_ext(report, JSON_C_TO_STRING_PRETTY));
	json_object_put(report);
	return result;
}

static bool traces_wanted(const struct options *options)
{
	return !options->data || options->trace;
}

/* The stages whose traces are needed for the changes from one column to the other. */
static int print_changes(const struct options *options, const struct matrix *matrix, char **names)
{
	struct trace traces[STAGES] = {};
	const struct column *from = matrix_column(matrix, names[0]);
	const struct column *to = from ? matrix_column(matrix, names[1]) : NULL;
	int result = to ? 0 : -1;
	if (to && traces_wanted(options) && from->stage != STAGE_NONE)
		result = observe(from->stage + 1, to->stage, options->user, traces);
	if (result == 0)
		result = changes_print(matrix, from, to, traces);
	observe_free(traces);
	return result;
}

static int print_documents(const struct options *options, const struct matrix *matrix)
{
	struct trace traces[STAGES] = {};
	int result = !traces_wanted(options) ? 0 : observe(1, STAGE_LAST, options->user, traces);
	if (result == 0)
		result = write_documents(options, matrix, traces);
	observe_free(traces);
	return result;
}

static int print_facts(const struct options *options, char **names)
{
	struct matrix matrix = {};
	int result = read_facts(options, names, &matrix);
	if (result == 0 && names[0])
		result = print_changes(options, &matrix, names);
	else if (result == 0 && (options->json || options->html || options->markdown))
		result = print_documents(options, &matrix);
	else if (result == 0)
		matrix_print(&matrix);
	matrix_free(&matrix);
	return result;
}

static int print_cost(bool user)
{
	struct trace traces[STAGES] = {};
	int result = observe(1, STAGE_LAST, user, traces);
	if (result == 0)
		result = cost_print(user, traces);
	observe_free(traces);
	return result;
}

static int compare(const struct options *options, char **names)
{
	bool documents = options->json || options->html || options->markdown;
	if (options->run)
		return alongside_run(options->run, options->user);
	if (options->cost && !documents)
		return print_cost(options->user);
	return print_facts(options, names);
}

static int stopwatch(char **words)
{
	int status = cost_stopwatch((const char *const *)words);
	return status < 0 ? error_report() : status;
}

int main(int argc, char **argv)
{
	static struct options options;
	const struct flag_group groups[] = {
		{option_flags, &options},
		{},
	};
	const struct command_line line = {
		.usage = "[options] [FROM TO]",
		.about =
			"Runs the probe on the host and in every stage, and puts what it found out side\n"
			"by side. With two columns (host, 1 to 7, runc, ...): only what changes between\n"
			"them, and the steps, system calls and lines of code that change it.",
		.groups = groups,
	};

	narrate_as("compare");
	int at = flags_read(&line, argc, argv);
	if (options.stopwatch)
		return stopwatch(argv + at);
	paint_begin();
	if (argc - at == 1 || argc - at > 2) {
		fail("two columns are compared, not %d", argc - at);
		fail_hint("compare 2 3");
		error_report();
		return EXIT_USAGE;
	}
	int result = compare(&options, argv + at);
	if (result == 0)
		result = output_finish();
	return result < 0 ? error_report() : 0;
}
