/* cooper ps: the processes of a container, as ps(1) prints them or as a list of pids. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "4-cgroups/members.h"
#include "7-runtime/record.h"
#include "7-runtime/verbs/verbs.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/flags.h"
#include "common/process.h"
#include "common/step.h"
#include "common/text.h"

static struct {
	const char *format;
} options = {.format = "table"};

static int list_pids(const struct record *record, struct process_list *list)
{
	struct cgroup cgroup;
	if (!record->cgroup || cgroup_open(&cgroup, record->cgroup) < 0)
		return fail("the container has no cgroup, so nobody knows its processes");
	int result = cgroup_processes(&cgroup, list);
	if (result == 0 && !cgroup_exists(&cgroup) && record_status(record) != STOPPED) {
		fail("the container has no cgroup, so nobody knows its processes");
		result = fail_hint("without root, cgroups must be delegated to the user");
	}
	cgroup_close(&cgroup);
	return result;
}

static void print_json(const struct process_list *list)
{
	printf("[");
	for (size_t i = 0; i < list->count; i++)
		printf("%s%d", i ? "," : "", list->pids[i]);
	printf("]\n");
}

/* Starts ps(1); its output, errors among it, comes from *@out. Returns its pid. */
static pid_t start_ps(char **arguments, FILE **out)
{
	int ends[2];
	pid_t pid;
	posix_spawn_file_actions_t actions;
	step("run: ps");
	if (pipe2(ends, O_CLOEXEC) < 0)
		return fail_errno();
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
	errno = posix_spawnp(&pid, "ps", &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	*out = fdopen(ends[0], "r");
	return errno ? fail_errno() : pid;
}

/* Which word of the heading is "PID", from 0; -1: none. */
static int pid_column(const char *heading)
{
	_cleanup_free char *copy = strdup(heading);
	char *rest = NULL;
	int column = 0;
	for (char *word = copy ? strtok_r(copy, " \n", &rest) : NULL; word;
		word = strtok_r(NULL, " \n", &rest), column++)
		if (!strcmp(word, "PID"))
			return column;
	return -1;
}

static bool is_in(const struct process_list *list, const char *line, int column)
{
	const char *word = line + strspn(line, " ");
	for (; column > 0; column--) {
		word += strcspn(word, " ");
		word += strspn(word, " ");
	}
	for (size_t i = 0; i < list->count; i++)
		if (list->pids[i] == (pid_t)strtol(word, NULL, 10))
			return true;
	return false;
}

/* The heading, and the lines of the container's processes. */
static int print_lines(FILE *in, const struct process_list *list)
{
	_cleanup_free char *line = NULL;
	size_t size = 0;
	if (getline(&line, &size, in) < 0)
		return fail("ps printed nothing");
	int column = pid_column(line);
	if (column < 0) {
		line[strcspn(line, "\n")] = '\0';
		fail("ps printed no column PID: %s", line);
		while (getline(&line, &size, in) >= 0)
			;
		return -1;
	}
	fputs(line, stdout);
	while (getline(&line, &size, in) >= 0)
		if (is_in(list, line, column))
			fputs(line, stdout);
	return 0;
}

static int print_table(const struct process_list *list, char **arguments)
{
	size_t count = 0;
	while (arguments[count])
		count++;
	_cleanup_free char **all = calloc(count + 3, sizeof(*all));
	if (!all)
		return fail("out of memory");
	char program[] = "ps", usual[] = "-ef";
	all[0] = program;
	all[1] = usual;
	if (count > 0)
		memcpy((void *)(all + 1), (void *)arguments, count * sizeof(*all));
	_cleanup_stream FILE *out = NULL;
	pid_t pid = start_ps(all, &out);
	if (pid < 0 || !out)
		return -1;
	int result = print_lines(out, list);
	int status = process_wait(pid);
	if (result == 0 && status != 0)
		return fail("ps ended with status %d", process_exit_status(status));
	return result;
}

static int print(const struct record *record, char **arguments)
{
	struct process_list list = {};
	int result = list_pids(record, &list);
	if (result == 0 && !strcmp(options.format, "json"))
		print_json(&list);
	else if (result == 0)
		result = print_table(&list, arguments);
	free(list.pids);
	return result;
}

static int ps(char **operands)
{
	struct record record;
	int result = record_open(&record, operands[0], false);
	if (result == 0)
		result = print(&record, operands + 1);
	record_close(&record);
	return result < 0 ? error_report() : 0;
}

static int read_format(const char *flag, const char *value, void *target)
{
	if (strcmp(value, "json") != 0 && strcmp(value, "table") != 0)
		return fail("%s: expected table or json, found \"%s\"", flag, value);
	return flag_text(flag, value, target);
}

static const struct flag flags[] = {
	{"format", "FORM", "table (default) or json", read_format, 0, 'f'},
	{},
};

static const struct flag_group groups[] = {{flags, &options}, {}};

const struct verb verb_ps = {
	.name = "ps",
	.run = ps,
	.summary = "list the processes of a container",
	.usage = "ps [options] ID [PS-OPTION...]",
	.about = "Lists the processes of the container ID: the lines that ps(1) has for them,\n"
		 "with the options given to it (default: -ef), or their pids.",
	.groups = groups,
	.operands = 1,
	.optional = VERB_ANY,
};
