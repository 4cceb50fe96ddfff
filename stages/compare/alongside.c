/*
 * Outputs as columns fit a terminal when there are few and narrow ones: so neighbours whose outputs
 * are the same become one column, and lines that are too long for theirs are cut. Where even that
 * leaves too little, they stand below each other.
 */
#include "compare/alongside.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "compare/paint.h"
#include "compare/runner.h"

enum { GAP = 2, COLUMN_LEAST = 16, COLUMNS_MOST = 32 };

struct heard {
	char title[64]; /* the columns that said it */
	char *text;     /* the output, and the errors behind it */
	int status;
};

static const char *text_of(struct json_object *column, const char *key)
{
	struct json_object *value = json_object_object_get(column, key);
	return value ? json_object_get_string(value) : "";
}

/* Adds what @column said, or its name to the last one that said the same. */
static int add(struct heard heard[COLUMNS_MOST], size_t *count, struct json_object *column)
{
	struct heard *last = *count ? &heard[*count - 1] : NULL;
	const char *name = text_of(column, "name");
	int status = json_object_get_int(json_object_object_get(column, "status"));
	_cleanup_free char *text = NULL;
	if (asprintf(&text, "%s%s%s", text_of(column, "output"),
		    *text_of(column, "output") && *text_of(column, "errors") ? "\n" : "",
		    text_of(column, "errors")) < 0)
		return fail_errno();
	if (last && last->status == status && !strcmp(last->text, text)) {
		size_t length = strlen(last->title);
		snprintf(last->title + length, sizeof(last->title) - length, " %s", name);
		return 0;
	}
	if (*count == COLUMNS_MOST)
		return fail("more than %d different outputs", COLUMNS_MOST);
	last = &heard[(*count)++];
	*last = (struct heard){.text = steal_pointer(&text), .status = status};
	snprintf(last->title, sizeof(last->title), "%s", name);
	return 0;
}

static void print_title(const struct heard *heard, size_t width, painter *paint)
{
	char title[96];
	snprintf(title, sizeof(title), "%s", heard->title);
	if (heard->status)
		snprintf(title, sizeof(title), "%s (exit %d)", heard->title, heard->status);
	printf("%s", paint_bold());
	paint(title, width);
	printf("%s", paint_end());
}

/* Prints the next line of *@text in @width columns. */
static void print_line(char **text, size_t width, painter *paint)
{
	char *line = *text ? strsep(text, "\n") : "";
	for (char *at = line; *at; at++)
		if ((unsigned char)*at < ' ')
			*at = ' ';
	paint(line, width);
	if (*text && !**text)
		*text = NULL;
}

static void print_columns(struct heard heard[COLUMNS_MOST], size_t count, size_t width)
{
	char *rest[COLUMNS_MOST];
	bool more = true;
	for (size_t i = 0; i < count; i++) {
		bool last = i + 1 == count;
		rest[i] = *heard[i].text ? heard[i].text : NULL;
		print_title(&heard[i], width, last ? paint_last : paint_cell);
		printf("%*s", last ? 0 : GAP, "");
	}
	putchar('\n');
	for (; more; putchar('\n')) {
		more = false;
		for (size_t i = 0; i < count; i++) {
			bool last = i + 1 == count;
			print_line(&rest[i], width, last ? paint_last : paint_cell);
			printf("%*s", last ? 0 : GAP, "");
			more |= rest[i] != NULL;
		}
	}
}

static void print_blocks(const struct heard heard[COLUMNS_MOST], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		printf("── ");
		print_title(&heard[i], paint_width() - 3, paint_last);
		printf("\n%s%s", heard[i].text, *heard[i].text ? "\n" : "");
	}
}

int alongside_run(const char *command, bool user)
{
	struct json_object *answer =
		runner_run(user, (const char *const[]){"--run", "/bin/sh", "-c", command, NULL});
	if (!answer)
		return -1;
	struct heard heard[COLUMNS_MOST] = {};
	struct json_object *columns = json_object_object_get(answer, "columns");
	size_t count = 0;
	int result = 0;
	for (size_t i = 0; i < json_object_array_length(columns) && result == 0; i++)
		result = add(heard, &count, json_object_array_get_idx(columns, i));
	size_t width = count ? (paint_width() - GAP * (count - 1)) / count : 0;
	if (result == 0 && width >= COLUMN_LEAST)
		print_columns(heard, count, width);
	else if (result == 0)
		print_blocks(heard, count);
	for (size_t i = 0; i < count; i++)
		free(heard[i].text);
	json_object_put(answer);
	return result;
}
