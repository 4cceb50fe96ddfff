/* Stage 7, cooper: ... through a whole life, create to delete, under an engine or by hand. */
#include <stddef.h>

#include "7-runtime/record.h"
#include "7-runtime/verbs.h"
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

static const struct verb *const verbs[] = {&verb_create, &verb_start, &verb_run, &verb_state,
	&verb_kill, &verb_delete, &verb_list, &verb_spec, NULL};

int main(int argc, char **argv)
{
	char nothing;
	const struct flag_group groups[] = {{global_flags, &nothing}, {}};
	const struct command_line line = {
		.usage = "[options] COMMAND [options] [ID]",
		.about = "An OCI container runtime. Commands (cooper COMMAND --help tells more):\n"
			 "  run      create and start a container, wait for its end, delete it\n"
			 "  create   make a container from a bundle\n"
			 "  start    run the command of a created container\n"
			 "  state    print a container's state\n"
			 "  kill     send a container a signal\n"
			 "  delete   remove a container\n"
			 "  list     list all containers\n"
			 "  spec     write a config.json to start from",
		.groups = groups,
		.operands = 1,
	};

	narrate_as("cooper");
	return verbs_run(verbs, &line, argc, argv);
}
