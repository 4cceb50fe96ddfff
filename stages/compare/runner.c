#include "compare/runner.h"

#include <json-c/json.h>
#include <string.h>
#include <unistd.h>

#include "6-oci/json.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"
#include "common/text.h"
#include "compare/capture.h"
#include "compare/stages.h"

char *runner_beside(const char *name)
{
	char program[4096];
	step("readlink: /proc/self/exe, to find %s beside this program", name);
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
	if (length < 0) {
		fail_errno();
		return NULL;
	}
	program[length] = '\0';
	*strrchr(program, '/') = '\0';
	return text_format("%s/%s", program, name);
}

/* The last words of a script that has failed: its error, and the hint below it. */
static void fail_as(const char *errors)
{
	static const char hint[] = "\n  hint: ";
	_cleanup_free char *copy = strdup(errors);
	size_t length = copy ? strlen(copy) : 0;
	if (length && copy[length - 1] == '\n')
		copy[length - 1] = '\0';
	char *advice = copy ? strstr(copy, hint) : NULL;
	if (advice)
		*advice = '\0';
	fail("%s", copy && *copy ? copy : "columns has failed and does not say why");
	if (advice)
		fail_hint("%s", advice + strlen(hint));
}

struct json_object *runner_run(bool user, const char *const arguments[])
{
	_cleanup_free char *script = runner_beside("columns");
	const char *words[RUNNER_WORDS + 3] = {script};
	struct captured captured;
	struct json_object *answer = NULL;
	size_t at = 1;
	if (user)
		words[at++] = "--user";
	for (size_t i = 0; i < RUNNER_WORDS && arguments[i]; i++)
		words[at++] = arguments[i];
	if (!script || capture(words, &captured) < 0)
		return NULL;
	if (captured.status == 0)
		answer = json_parse("columns", captured.output, strlen(captured.output));
	else
		fail_as(captured.errors);
	captured_free(&captured);
	return answer;
}

static size_t append(const char *words[RUNNER_WORDS + 1], size_t at, const char *const more[])
{
	while (*more && at < RUNNER_WORDS)
		words[at++] = *more++;
	words[at] = NULL;
	return at;
}

struct json_object *runner_run_stages(bool user, int from, int to, int times,
	const char *const options[], const char *const command[])
{
	static const char *const names[STAGES] = {"host", "1", "2", "3", "4", "5", "6", "7"};
	const char *words[RUNNER_WORDS + 1];
	size_t at = append(words, 0, options);
	for (int i = 0; i < times; i++)
		for (int stage = from; stage <= to; stage++)
			at = append(words, at, (const char *[]){"--column", names[stage], NULL});
	at = append(words, at, (const char *[]){"--run", NULL});
	append(words, at, command);
	return runner_run(user, words);
}

static struct json_object *of_column(struct json_object *answer, int at, const char *key)
{
	struct json_object *columns = json_object_object_get(answer, "columns");
	return json_object_object_get(json_object_array_get_idx(columns, (size_t)at), key);
}

const char *runner_text(struct json_object *answer, int at, const char *key)
{
	struct json_object *value = of_column(answer, at, key);
	return value ? json_object_get_string(value) : "";
}

int runner_status(struct json_object *answer, int at)
{
	return json_object_get_int(of_column(answer, at, "status"));
}
