/* cooper list: all containers of this state directory. */
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "7-runtime/record.h"
#include "7-runtime/verbs/verbs.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/flags.h"

static struct {
	const char *format;
	bool quiet;
} options = {.format = "table"};

enum form { TABLE, JSON, QUIET };

struct listing {
	enum form form;
	size_t count;
};

/* "ID  PID  STATUS  BUNDLE  CREATED  OWNER" */
static void print_row(const struct record *record, enum status status)
{
	printf("%-11s %-11" PRId64 " %-11s %-23s %-30s %" PRId64 "\n", record->id,
		status == STOPPED ? 0 : record->pid, status_name(status),
		record->bundle ? record->bundle : "", record->created ? record->created : "",
		record->owner);
}

static int print(const struct record *record, struct listing *listing)
{
	enum status status = record_status(record);
	if (listing->form == QUIET) {
		puts(record->id);
	} else if (listing->form == TABLE) {
		print_row(record, status);
	} else {
		_cleanup_free char *state = record_state(record, status, true);
		if (!state)
			return -1;
		printf("%s%s", listing->count ? "," : "", state);
	}
	listing->count++;
	return 0;
}

/* One that is deleted while the list is made is not in it; one that cannot be read is told. */
static int list_one(const char *id, void *what)
{
	struct record record;
	int result = record_open(&record, id, false);
	if (result == 0)
		result = print(&record, what);
	else
		warn("%s", error_message());
	record_close(&record);
	error_clear();
	return 0;
}

static int list(char **operands)
{
	(void)operands;
	struct listing listing = {.form = options.quiet ? QUIET : TABLE};
	if (strcmp(options.format, "json") == 0 && !options.quiet)
		listing.form = JSON;
	else if (strcmp(options.format, "table") != 0) {
		fail("--format: expected table or json, found \"%s\"", options.format);
		return error_report();
	}
	if (listing.form == JSON)
		printf("[");
	if (listing.form == TABLE)
		printf("%-11s %-11s %-11s %-23s %-30s %s\n", "ID", "PID", "STATUS", "BUNDLE",
			"CREATED", "OWNER");
	int result = record_each(list_one, &listing);
	if (listing.form == JSON)
		printf("]\n");
	return result < 0 ? error_report() : 0;
}

static const struct flag flags[] = {
	{"format", "FORM", "table (default) or json", flag_text, offsetof(typeof(options), format),
		'f'},
	{"quiet", NULL, "only the ids", flag_switch, offsetof(typeof(options), quiet), 'q'},
	{},
};

static const struct flag_group groups[] = {{flags, &options}, {}};

const struct verb verb_list = {
	.name = "list",
	.run = list,
	.summary = "list all containers",
	.usage = "list [options]",
	.about = "Lists the containers of the state directory (see --root).",
	.groups = groups,
};
