/* cooper start: lets a created container go. */
#include "7-runtime/delete.h"
#include "7-runtime/gate.h"
#include "7-runtime/hooks.h"
#include "7-runtime/verbs/verbs.h"
#include "common/error.h"

/* A hook that fails ends the container's life ("Lifecycle" in runtime.md); a failed exec does not.
 */
static int let_go(const struct record *record, const struct config *config)
{
	bool over;
	if (!config->process) {
		fail("the container was created without a process");
		return fail_hint("its config.json had no \"process\"");
	}
	if (gate_lift(record, &over) < 0)
		return over ? delete_failed(record, config) : -1;
	if (hooks_run(&config->hooks.poststart, "hooks.poststart", record, RUNNING) < 0)
		return delete_failed(record, config);
	return 0;
}

static int start_created(const struct record *record)
{
	enum status status = record_status(record);
	if (status != CREATED)
		return fail("cannot start a container in the %s state", status_name(status));
	struct config *config = record_config(record);
	int result = config ? let_go(record, config) : -1;
	config_free(config);
	return result;
}

static int start(char **operands)
{
	struct record record;
	int result = record_open(&record, operands[0], true);
	if (result == 0)
		result = start_created(&record);
	record_close(&record);
	return result < 0 ? error_report() : 0;
}

static const struct flag_group groups[] = {{}};

const struct verb verb_start = {
	.name = "start",
	.run = start,
	.summary = "run the command of a created container",
	.usage = "start ID",
	.about = "Runs the command of the container ID, which was created before.",
	.groups = groups,
	.operands = 1,
};
