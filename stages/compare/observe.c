#include "compare/observe.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"
#include "common/text.h"
#include "compare/capture.h"
#include "compare/runner.h"
#include "compare/timing.h"

enum { RUNS = 3 };

static const char *const nothing[] = {"/bin/true", NULL};

/*
 * A plain user may have a range of ids, which newuidmap(1) maps. It is set-uid, and nothing is that
 * under strace. A user without a name has no range: then the stage maps their own id, by itself.
 */
#define WITHOUT_RANGE "env USER="

static int trace_stage(int stage, bool user, const char *file, struct trace *trace)
{
	_cleanup_free char *under =
		text_format(WITHOUT_RANGE " strace -f -qq -s 4096 -o %s --", file);
	if (!under)
		return -1;
	const char *const options[] = {"--flags", "--explain=json", "--under", under, NULL};
	struct json_object *answer = runner_run_stages(user, stage, stage, 1, options, nothing);
	if (!answer)
		return -1;
	int status = runner_status(answer, 0);
	json_object_put(answer);
	return status == 0 ? trace_read(trace, file) : 0;
}

static int time_stages(int from, int to, bool user, struct trace traces[STAGES])
{
	static const char *const options[] = {"--flags", "--explain=json", "--under", WITHOUT_RANGE,
		NULL};
	struct json_object *answer = runner_run_stages(user, from, to, RUNS, options, nothing);
	if (!answer)
		return -1;
	for (int stage = from; stage <= to; stage++) {
		const char *narrated[RUNS];
		for (int i = 0; i < RUNS; i++)
			narrated[i] =
				runner_text(answer, i * (to - from + 1) + stage - from, "errors");
		timing_apply(&traces[stage], narrated, RUNS);
	}
	json_object_put(answer);
	return 0;
}

static bool can_trace(void)
{
	struct captured captured;
	int result = capture((const char *const[]){"strace", "-o", "/dev/null", "true", NULL},
		&captured);
	bool can = result == 0 && captured.status == 0;
	if (!can)
		warn("no system calls and no times are shown: strace does not run (%s)",
			result < 0 ? "apt-get install strace" : captured.errors);
	captured_free(&captured);
	error_clear();
	return can;
}

int observe(int from, int to, bool user, struct trace traces[STAGES])
{
	char directory[] = "/tmp/cooper-compare-XXXXXX";
	int result = 0;
	if (from < 1)
		from = 1;
	if (from > to || !can_trace())
		return 0;
	step("mkdtemp: %s, for traces", directory);
	/* Whoever strace runs as writes there. */
	if (!mkdtemp(directory) || chmod(directory, 0777) < 0)
		return fail_errno();
	_cleanup_free char *file = text_format("%s/trace", directory);
	for (int stage = from; file && stage <= to && result == 0; stage++) {
		result = trace_stage(stage, user, file, &traces[stage]);
		unlink(file);
	}
	rmdir(directory);
	return result < 0 ? -1 : time_stages(from, to, user, traces);
}

void observe_free(struct trace traces[STAGES])
{
	for (int stage = 0; stage < STAGES; stage++)
		trace_free(&traces[stage]);
}
