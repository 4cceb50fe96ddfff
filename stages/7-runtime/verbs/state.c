/* cooper state: what is known of a container, as JSON. */
#include <stdio.h>

#include "7-runtime/record.h"
#include "7-runtime/verbs/verbs.h"
#include "common/cleanup.h"
#include "common/error.h"

static int print_state(const struct record *record)
{
	_cleanup_free char *state = record_state(record, record_status(record), true);
	if (!state)
		return -1;
	fputs(state, stdout);
	return 0;
}

static int state(char **operands)
{
	struct record record;
	int result = record_open(&record, operands[0], false);
	if (result == 0)
		result = print_state(&record);
	record_close(&record);
	return result < 0 ? error_report() : 0;
}

static const struct flag_group groups[] = {{}};

const struct verb verb_state = {
	.name = "state",
	.run = state,
	.summary = "print a container's state",
	.usage = "state ID",
	.about = "Prints the state of the container ID as JSON.",
	.groups = groups,
	.operands = 1,
};
