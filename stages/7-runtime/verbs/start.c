/* cooper start: lets a created container go. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "7-runtime/delete.h"
#include "7-runtime/hooks.h"
#include "7-runtime/verbs/verbs.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"

/*
 * The init reads from the fifo; with no reader there is no init that waits, and O_NONBLOCK makes
 * that an error instead of a wait for one.
 */
static int open_gate(const struct record *record)
{
	step("open: the exec fifo");
	_cleanup_fd int fifo =
		openat(record->directory, "exec.fifo", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (fifo < 0)
		return fail_errno();
	step("write: a byte into the exec fifo lets the init go");
	if (write(fifo, "s", 1) != 1)
		return fail_errno();
	step("unlink: the exec fifo; the container is running");
	if (unlinkat(record->directory, "exec.fifo", 0) < 0)
		return fail_errno();
	return 0;
}

static int start_created(const struct record *record)
{
	enum status status = record_status(record);
	if (status != CREATED)
		return fail("cannot start a container in the %s state", status_name(status));
	if (open_gate(record) < 0)
		return -1;
	struct config *config = record_config(record);
	int result =
		config ? hooks_run(&config->hooks.poststart, "hooks.poststart", record, RUNNING)
		       : 0;
	config_free(config);
	return result < 0 ? delete_failed(record) : 0;
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
