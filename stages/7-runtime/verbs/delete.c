/* cooper delete: the end of a container. */
#include <errno.h>

#include "7-runtime/delete.h"
#include "7-runtime/verbs/verbs.h"
#include "common/error.h"
#include "common/flags.h"

static struct {
	bool force;
} options;

static int delete_if_stopped(const struct record *record)
{
	enum status status = record_status(record);
	bool under_way = status == CREATING && record_init_lives(record);
	if ((status == RUNNING || status == PAUSED || under_way) && !options.force) {
		fail("cannot delete container \"%s\" that is not stopped: %s", record->id,
			status_name(status));
		return fail_hint("kill it first, or use delete --force");
	}
	return delete_container(record, NULL);
}

/* Only some of what is on record may be left; better than to leave all of it. */
static int delete_unreadable(struct record *record)
{
	warn("%s", error_message());
	error_clear();
	if (record_salvage(record) < 0)
		return -1;
	return delete_container(record, NULL);
}

static int delete (char **operands)
{
	struct record record;
	int result = record_open(&record, operands[0], true);
	if (result == 0)
		result = delete_if_stopped(&record);
	else if (options.force && record.directory >= 0)
		result = delete_unreadable(&record);
	else if (options.force && errno == ENOENT)
		result = 0;
	record_close(&record);
	return result < 0 ? error_report() : 0;
}

static const struct flag flags[] = {
	{"force", NULL, "kill it if it runs; no error if there is none", flag_switch, 0, 'f'},
	{},
};

static const struct flag_group groups[] = {{flags, &options}, {}};

const struct verb verb_delete = {
	.name = "delete",
	.run = delete,
	.summary = "remove a container",
	.usage = "delete [--force] ID",
	.about = "Removes the container ID and all that was made for it.",
	.groups = groups,
	.operands = 1,
};
