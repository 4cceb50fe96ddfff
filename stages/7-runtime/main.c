/* Stage 7, cooper: ... through a whole life, create to delete, under an engine or by hand. */
#include <stddef.h>
#include <stdio.h>

#include "7-runtime/log.h"
#include "7-runtime/record.h"
#include "7-runtime/verbs/verbs.h"
#include "common/flags.h"
#include "common/step.h"

static int read_root(const char *flag, const char *value, void *target)
{
	(void)flag;
	(void)target;
	record_set_root(value);
	return 0;
}

static const struct flag global_flags[] = {
	{"root", "DIR", "the state directory; default: /run/cooper", read_root, 0},
	{},
};

static const struct verb *const verbs[] = {&verb_run, &verb_create, &verb_start, &verb_state,
	&verb_exec, &verb_kill, &verb_delete, &verb_list, &verb_spec, NULL};

static void print_versions(void)
{
	printf("spec: 1.3.0\n");
}

int main(int argc, char **argv)
{
	char nothing;
	const struct flag_group groups[] = {{global_flags, &nothing}, log_group, {}};
	const struct command_line line = {
		.usage = "[options] COMMAND [options] [ID]",
		.about = "An OCI container runtime.",
		.groups = groups,
		.operands = 1,
		.print_versions = print_versions,
	};

	narrate_as("cooper");
	return verbs_run(verbs, &line, log_open, argc, argv);
}
