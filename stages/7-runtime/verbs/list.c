/* cooper list: all containers of this state directory. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
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
	FILE *out; /* the table: a tab behind each cell, a newline behind the last */
};

/* --- the table -------------------------------------------------------------------------------- */

/* As wide as runc's: a column begins behind the longest cell of the one before it. */
enum { COLUMNS = 6, WIDTH_LEAST = 12, GAP = 3 };

/* In characters, which have one byte each that does not continue another. */
static int cell_width(const char *cell)
{
	int width = 0;
	for (; *cell != '\t' && *cell != '\n'; cell++)
		width += (*cell & 0xc0) != 0x80;
	return width;
}

static void measure(const char *text, int widths[COLUMNS])
{
	for (int column = 0; *text; column++) {
		int width = cell_width(text) + GAP;
		if (widths[column] < width)
			widths[column] = width;
		text += strcspn(text, "\t\n");
		if (*text++ == '\n')
			column = -1;
	}
}

static void print_table(const char *text)
{
	int widths[COLUMNS];
	for (int i = 0; i < COLUMNS; i++)
		widths[i] = WIDTH_LEAST;
	measure(text, widths);
	for (int column = 0; *text; column++) {
		int bytes = (int)strcspn(text, "\t\n");
		bool last = text[bytes] == '\n';
		printf("%.*s%*s", bytes, text, last ? 1 : widths[column] - cell_width(text),
			last ? "\n" : "");
		text += bytes + 1;
		if (last)
			column = -1;
	}
}

static void add_row(FILE *out, const struct record *record, enum status status)
{
	char owner[RECORD_OWNER_SIZE], bundle[PATH_MAX];
	snprintf(bundle, sizeof(bundle), "%s", record->bundle ? record->bundle : "");
	quote_harmless(bundle);
	fprintf(out, "%s\t%" PRId64 "\t%s\t%s\t%s\t%s\n", record->id,
		status == STOPPED ? 0 : record->pid, status_name(status), bundle,
		record->created ? record->created : "", record_owner(record, owner));
}

/* --- the containers --------------------------------------------------------------------------- */

/* In one line. (A newline in a string of JSON is written as an escape.) */
static void print_joined(const char *json)
{
	for (; *json; json++)
		if (*json == '\n')
			json += strspn(json + 1, " ");
		else
			putchar(*json);
}

static int print(const struct record *record, struct listing *listing)
{
	enum status status = record_status(record);
	if (listing->form == QUIET) {
		puts(record->id);
	} else if (listing->form == TABLE) {
		add_row(listing->out, record, status);
	} else {
		_cleanup_free char *state = record_state(record, status, true);
		if (!state)
			return -1;
		fputs(listing->count ? "," : "", stdout);
		print_joined(state);
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

static int list_table(struct listing *listing)
{
	char *text = NULL;
	size_t size;
	listing->out = open_memstream(&text, &size);
	if (!listing->out)
		return fail("out of memory");
	fputs("ID\tPID\tSTATUS\tBUNDLE\tCREATED\tOWNER\n", listing->out);
	int result = record_each(list_one, listing);
	if (fclose(listing->out) != 0)
		result = fail("out of memory");
	else
		print_table(text);
	free(text);
	return result;
}

static int list(char **operands)
{
	(void)operands;
	struct listing listing = {.form = options.quiet ? QUIET : options.form};
	if (listing.form == TABLE)
		return list_table(&listing) < 0 ? error_report() : 0;
	if (listing.form == JSON)
		printf("[");
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
