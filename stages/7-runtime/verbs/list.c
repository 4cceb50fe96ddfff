/* cooper list: all containers of this state directory. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "7-runtime/record.h"
#include "7-runtime/verbs/verbs.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/flags.h"
#include "common/quote.h"

enum form { TABLE, JSON, QUIET };

static struct {
	enum form form;
	bool quiet;
} options;

struct listing {
	enum form form;
	size_t count;
};

/* "ID  PID  STATUS  BUNDLE  CREATED  OWNER" */
static void print_row(const struct record *record, enum status status)
{
	char owner[RECORD_OWNER_SIZE], bundle[PATH_MAX];
	snprintf(bundle, sizeof(bundle), "%s", record->bundle ? record->bundle : "");
	quote_harmless(bundle);
	printf("%-11s %-11" PRId64 " %-11s %-23s %-30s %s\n", record->id,
		status == STOPPED ? 0 : record->pid, status_name(status), bundle,
		record->created ? record->created : "", record_owner(record, owner));
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
	struct listing listing = {.form = options.quiet ? QUIET : options.form};
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

static int read_format(const char *flag, const char *value, void *target)
{
	enum form *form = target;
	*form = strcmp(value, "json") == 0 ? JSON : TABLE;
	if (*form == TABLE && strcmp(value, "table") != 0)
		return fail("%s: expected table or json, found \"%s\"", flag, value);
	return 0;
}

static const struct flag flags[] = {
	{"format", "FORM", "table (default) or json", read_format, offsetof(typeof(options), form),
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
