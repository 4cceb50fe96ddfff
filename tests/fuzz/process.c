/*
 * The process of an exec: a file (bytes that begin with a brace), or the words of the command line,
 * with a NUL behind each: user, group, cwd, variable, capability, command.
 *
 * What must hold: there is a process, or an error; and a process has a command and an absolute
 * working directory.
 */
#include "fuzz.h"

#include "6-oci/arena.h"
#include "6-oci/load.h"
#include "7-runtime/verbs/exec_process.h"

enum { WORDS = 6 };

static void check(const struct config_process *process)
{
	fuzz_expect_error(!process);
	if (!process)
		return;
	must(process->args.count > 0 && process->args.items[0]);
	must(!process->args.items[process->args.count]);
	must(process->cwd && process->cwd[0] == '/');
	for (size_t i = 0; i < process->env.count; i++)
		must(strchr(process->env.items[i], '='));
}

static void from_file(const uint8_t *data, size_t size, struct config *config)
{
	char *text = fuzz_text(data, size);
	struct json_object *json = json_parse("fuzz.json", text, size);
	check(json ? exec_process_decode(json, "fuzz.json", config) : NULL);
	json_object_put(json);
	free(text);
}

/* The next word, or NULL for none or an empty one. */
static const char *next(const char **at, const char *end)
{
	const char *word = *at;
	if (word >= end)
		return NULL;
	*at = word + strlen(word) + 1;
	return *word ? word : NULL;
}

static struct text_list list_of(const char **word)
{
	return (struct text_list){word, *word != NULL};
}

static void from_words(const uint8_t *data, size_t size, struct config *config)
{
	char *text = fuzz_text(data, size);
	const char *at = text, *words[WORDS];
	for (size_t i = 0; i < WORDS; i++)
		words[i] = next(&at, text + size);
	const struct exec_process asked = {.user = words[0],
		.groups = list_of(&words[1]),
		.cwd = words[2],
		.env = list_of(&words[3]),
		.capabilities = list_of(&words[4])};
	char *arguments[] = {(char *)words[5], NULL};
	check(exec_process_read(&asked, config, arguments));
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char container[] =
		"{\"ociVersion\": \"1.3.0\", \"root\": {\"path\": \"/\"}, \"process\": {\"args\": "
		"[\"sh\"], \"cwd\": \"/\", \"env\": [\"A=b\"], \"capabilities\": {\"bounding\": "
		"[\"CAP_KILL\"]}}}";
	struct json_object *json = fuzz_json((const uint8_t *)container, sizeof(container) - 1);
	struct config_errors errors = {};
	struct config *config = config_decode(json, 7, &errors);
	json_object_put(json);
	must(config && !fuzz_errors(&errors));
	if (size > 0 && data[0] == '{')
		from_file(data, size, config);
	else
		from_words(data, size, config);
	config_free(config);
	return 0;
}
