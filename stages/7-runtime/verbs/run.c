/* cooper run: create and start in one, and with nobody else to look after it, to the end. */
#include "7-runtime/attend.h"
#include "7-runtime/create.h"
#include "7-runtime/delete.h"
#include "7-runtime/hooks.h"
#include "7-runtime/release.h"
#include "7-runtime/verbs/verbs.h"
#include "common/error.h"
#include "common/flags.h"
#include "common/step.h"

static struct {
	struct create_options create;
	bool keep;
} options;

/* What is left to do for a container that has just been started. */
static int follow(struct creation *creation)
{
	const struct config_hook_list *hooks = &creation->config->hooks.poststart;
	/* Otherwise its exit status tells. */
	if (options.create.detach && release_executed(&creation->container.child) < 0)
		return delete_failed(&creation->record, creation->config);
	if (hooks_run(hooks, "hooks.poststart", &creation->record, RUNNING) < 0)
		return delete_failed(&creation->record, creation->config);
	return options.create.detach ? 0 : attend(creation, options.keep);
}

static int run(char **operands)
{
	struct creation creation;
	int status = create_container(&creation, &options.create, operands[0], true);
	if (status == 0)
		status = follow(&creation);
	create_close(&creation);
	return status < 0 ? error_report() : status;
}

/* Whoever is left over in a container has the container's own init for a parent. */
static int read_no_subreaper(const char *flag, const char *value, void *target)
{
	(void)flag;
	(void)value;
	(void)target;
	return 0;
}

static const struct flag flags[] = {
	{"detach", NULL, "leave it running and return", flag_switch,
		offsetof(typeof(options), create.detach), 'd'},
	{"no-subreaper", NULL, "for runc's sake; cooper adopts nobody's processes",
		read_no_subreaper},
	{"keep", NULL, "do not delete the container when it has ended", flag_switch,
		offsetof(typeof(options), keep)},
	{},
};

static const struct flag_group groups[] = {{create_flags, &options.create},
	{files_flags, &options.create.files}, {flags, &options}, {}};

const struct verb verb_run = {
	.name = "run",
	.run = run,
	.summary = "create and start a container, wait for its end, delete it",
	.usage = "run [options] ID",
	.about = "Creates the container ID from a bundle and runs its command. The exit\n"
		 "status is the command's.",
	.groups = groups,
	.operands = 1,
};
