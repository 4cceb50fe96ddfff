/*
 * The command is a shell that says something and ends: its first byte is the moment at which the
 * command runs. What a stage's features cost is the difference to the stage before.
 *
 * Where the time goes is told by kind of step ("link", "mkdir cgroup"): the kinds on which a
 * stage spends more than the one before it, the dearest first. A step that waits for another
 * process is left out: what that one does meanwhile is told already.
 */
#include "compare/cost.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/text.h"
#include "compare/capture.h"
#include "compare/paint.h"
#include "compare/runner.h"
#include "compare/stages.h"
#include "compare/timing.h"

struct cost {
	long start_us; /* until its command runs; -1: it does not run here */
	long whole_us; /* until nothing of it is left */
	long calls;    /* system calls until the command runs; -1: not known */
	char why[256]; /* what the stage says to it, when it does not run */
};

enum { RUNS = 7, KINDS_MOST = 128, KINDS_SHOWN = 3 };

/* The times of a stage's runs, as many as went well. */
struct times {
	long start_us[RUNS], whole_us[RUNS];
	size_t count;
};

int cost_stopwatch(const char *const words[])
{
	struct captured captured;
	if (capture(words, &captured) < 0)
		return -1;
	int status = captured.status;
	printf("%ld %ld\n", captured.first_us, captured.whole_us);
	fputs(captured.errors, stderr);
	captured_free(&captured);
	return status;
}

/* Takes the times of one run of a stage out of the answer. */
static void read_times(struct json_object *answer, int at, struct times *times, struct cost *cost)
{
	char *end;
	if (runner_status(answer, at) != 0) {
		const char *why = runner_text(answer, at, "errors");
		snprintf(cost->why, sizeof(cost->why), "%.*s", (int)strcspn(why, "\n"), why);
		return;
	}
	times->start_us[times->count] = strtol(runner_text(answer, at, "output"), &end, 10);
	times->whole_us[times->count++] = strtol(end, NULL, 10);
}

/*
 * The shell on the bare host, which is the floor (what a stage cannot be quicker than), then in
 * each stage, and all over again: what slows the machine down for a while slows down all of them.
 */
static int run_in_turn(bool user, struct times times[STAGES], struct cost costs[STAGES])
{
	_cleanup_free char *program = runner_beside("compare");
	_cleanup_free char *under = program ? text_format("%s --stopwatch --", program) : NULL;
	if (!under)
		return -1;
	const char *const options[] = {"--under", under, NULL};
	const char *const command[] = {"/bin/sh", "-c", "echo", NULL};
	struct json_object *answer = runner_run_stages(user, 0, STAGES - 1, RUNS, options, command);
	if (!answer)
		return -1;
	for (int i = 0; i < RUNS * STAGES; i++)
		read_times(answer, i, &times[i % STAGES], &costs[i % STAGES]);
	json_object_put(answer);
	return 0;
}

/* The floor has an execve; each stage begins with one, too. (The fork is its parent's.) */
static long calls_of(int stage, const struct trace *trace)
{
	if (stage == 0)
		return 1;
	return trace->count ? (long)trace->calls : -1;
}

static int measure(bool user, struct cost costs[STAGES], const struct trace traces[STAGES])
{
	struct times times[STAGES] = {};
	memset(costs, 0, STAGES * sizeof(*costs));
	if (run_in_turn(user, times, costs) < 0)
		return -1;
	for (int stage = 0; stage < STAGES; stage++) {
		costs[stage].start_us = median(times[stage].start_us, times[stage].count);
		costs[stage].whole_us = median(times[stage].whole_us, times[stage].count);
		costs[stage].calls = calls_of(stage, &traces[stage]);
	}
	return 0;
}

/* The nearest stage before this one that runs here; 0 is the floor. */
static int stage_before(const struct cost costs[STAGES], int stage)
{
	int before = 0;
	for (int i = 1; i < stage; i++)
		if (costs[i].start_us >= 0)
			before = i;
	return before;
}

struct kind {
	const char *name; /* not ended */
	int length;
	long us, before_us;
};

static bool waits(const char *text)
{
	static const char *const words[] = {"poll:", "waitpid:", "recv:", "recvmsg:", "read: when"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strncmp(text, words[i], strlen(words[i])))
			return true;
	return false;
}

static void add_kinds(struct kind kinds[KINDS_MOST], size_t *count, const struct trace *trace,
	bool before)
{
	for (size_t i = 0; i < trace->count; i++) {
		const struct traced_step *step = &trace->steps[i];
		struct kind *kind = kinds, *end = kinds + *count;
		int length = (int)strcspn(step->text, ":");
		if (step->us < 0 || waits(step->text))
			continue;
		while (kind < end && (kind->length != length ||
					     strncmp(kind->name, step->text, (size_t)length) != 0))
			kind++;
		if (kind == kinds + KINDS_MOST)
			return;
		if (kind == end) {
			*kind = (struct kind){step->text, length, 0, 0};
			++*count;
		}
		*(before ? &kind->before_us : &kind->us) += step->us;
	}
}

static int dearest_first(const void *one, const void *other)
{
	const struct kind *a = one, *b = other;
	long more_a = a->us - a->before_us, more_b = b->us - b->before_us;
	return more_a < more_b ? 1 : more_a > more_b ? -1 : 0;
}

static void print_kinds(const struct trace *trace, const struct trace *before)
{
	struct kind kinds[KINDS_MOST] = {};
	size_t count = 0;
	add_kinds(kinds, &count, trace, false);
	add_kinds(kinds, &count, before, true);
	qsort(kinds, count, sizeof(*kinds), dearest_first);
	bool any = false;
	for (size_t i = 0; i < count && i < KINDS_SHOWN; i++) {
		long more = kinds[i].us - kinds[i].before_us;
		if (more <= 0)
			break;
		printf("%s%.*s +%ld", any ? ", " : "           ", kinds[i].length, kinds[i].name,
			more);
		any = true;
	}
	printf("%s", any ? "\n" : "");
}

static void name_of(int stage, char name[32])
{
	if (stage == 0)
		snprintf(name, 32, "fork and exec");
	else
		snprintf(name, 32, "%d %s", stage, stages[stage].title);
}

static void print_row(const struct cost costs[STAGES], int stage)
{
	const struct cost *cost = &costs[stage];
	char name[32], more[32] = "", calls[32] = "-";
	name_of(stage, name);
	if (cost->start_us < 0) {
		printf("%s%-16s%s  ", paint_bold(), name, paint_end());
		paint_paragraph(cost->why, 18, paint_width());
		return;
	}
	if (stage > 0)
		snprintf(more, sizeof(more), "%+ld",
			cost->start_us - costs[stage_before(costs, stage)].start_us);
	if (cost->calls >= 0)
		snprintf(calls, sizeof(calls), "%ld", cost->calls);
	printf("%s%-16s%s %8ld %8s %8s %10ld\n", paint_bold(), name, paint_end(), cost->start_us,
		more, calls, cost->whole_us);
}

int cost_print(bool user, const struct trace traces[STAGES])
{
	struct cost costs[STAGES];
	if (measure(user, costs, traces) < 0)
		return -1;
	printf("%s%-16s %8s %8s %8s %10s%s\n", paint_bold(), "", "start µs", "more", "calls",
		"in all µs", paint_end());
	for (int stage = 0; stage < STAGES; stage++) {
		print_row(costs, stage);
		if (stage > 0)
			print_kinds(&traces[stage], &traces[stage_before(costs, stage)]);
	}
	printf("\nstart: until the command (a shell) says its first word; in all: until nothing is "
	       "left.\nMedians of %d runs in turn. Below a stage: the kinds of step that take it "
	       "more time\nthan the stage before, in µs.\n",
		RUNS);
	return 0;
}

int cost_add(struct json_object *report, bool user, const struct trace traces[STAGES])
{
	struct cost costs[STAGES];
	if (measure(user, costs, traces) < 0)
		return -1;
	struct json_object *list = json_object_new_array();
	json_object_object_add(report, "cost", list);
	for (int stage = 0; stage < STAGES; stage++) {
		if (costs[stage].start_us < 0)
			continue;
		struct json_object *row = json_object_new_object();
		char name[32];
		name_of(stage, name);
		json_object_object_add(row, "name", json_object_new_string(name));
		json_object_object_add(row, "us", json_object_new_int64(costs[stage].start_us));
		json_object_object_add(row, "whole_us",
			json_object_new_int64(costs[stage].whole_us));
		json_object_object_add(row, "calls", json_object_new_int64(costs[stage].calls));
		json_object_array_add(list, row);
	}
	return 0;
}
