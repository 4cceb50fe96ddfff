/* cooper pause, cooper resume: a container stands still, and goes on. */
#include "4-cgroups/cgroup.h"
#include "7-runtime/record.h"
#include "7-runtime/resources/freezer.h"
#include "7-runtime/verbs/verbs.h"
#include "common/error.h"
#include "common/flags.h"

static int freeze(const struct record *record, bool frozen)
{
	struct cgroup cgroup;
	if (!record->cgroup)
		return fail("the container has no cgroup to freeze");
	int result = cgroup_open(&cgroup, record->cgroup);
	if (result == 0)
		result = freezer_set(&cgroup, frozen);
	cgroup_close(&cgroup);
	return result;
}

static int pause_container(const struct record *record)
{
	enum status status = record_status(record);
	if (status != CREATED && status != RUNNING)
		return fail("container not running: it is %s", status_name(status));
	return freeze(record, true);
}

static int resume_container(const struct record *record)
{
	enum status status = record_status(record);
	if (status != PAUSED)
		return fail("container not paused: it is %s", status_name(status));
	return freeze(record, false);
}

static int with_record(const char *id, int (*act)(const struct record *record))
{
	struct record record;
	int result = record_open(&record, id, true);
	if (result == 0)
		result = act(&record);
	record_close(&record);
	return result < 0 ? error_report() : 0;
}

static int pause_verb(char **operands)
{
	return with_record(operands[0], pause_container);
}

static int resume_verb(char **operands)
{
	return with_record(operands[0], resume_container);
}

static const struct flag_group groups[] = {{}};

const struct verb verb_pause = {
	.name = "pause",
	.run = pause_verb,
	.summary = "hold all processes of a container still",
	.usage = "pause ID",
	.about = "Freezes all processes of the container ID, until resume.",
	.groups = groups,
	.operands = 1,
};

const struct verb verb_resume = {
	.name = "resume",
	.run = resume_verb,
	.summary = "let a paused container go on",
	.usage = "resume ID",
	.about = "Lets the processes of the container ID go on, which was paused.",
	.groups = groups,
	.operands = 1,
};
