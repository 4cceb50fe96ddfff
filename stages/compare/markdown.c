/*
 * The comparison as a text that a repository shows. It tells verdicts, not values, and code by its
 * words, not by its number: so it is the same on every machine, and stays true when lines move.
 */
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "compare/facts.h"
#include "compare/page.h"
#include "compare/paint.h"

static struct json_object *get(struct json_object *object, const char *key)
{
	return json_object_object_get(object, key);
}

static const char *text(struct json_object *object, const char *key)
{
	struct json_object *value = get(object, key);
	return value ? json_object_get_string(value) : "";
}

static int number(struct json_object *object, const char *key)
{
	return json_object_get_int(get(object, key));
}

static struct json_object *item(struct json_object *list, int at)
{
	return json_object_array_get_idx(list, (size_t)at);
}

static const char *sign(struct json_object *cell)
{
	for (int i = 0; i < VERDICTS; i++)
		if (!strcmp(text(cell, "verdict"), verdict_names[i]))
			return verdict_sign(i);
	return "";
}

static struct json_object *change_in(struct json_object *fact, int column)
{
	struct json_object *changes = get(fact, "changes");
	for (size_t i = 0; i < json_object_array_length(changes); i++)
		if (number(json_object_array_get_idx(changes, i), "column") == column)
			return json_object_array_get_idx(changes, i);
	return NULL;
}

static void print_row(FILE *out, struct json_object *fact, int columns)
{
	fprintf(out, "| %s |", text(fact, "question"));
	for (int i = 0; i < columns; i++)
		fprintf(out, " %s%s |", sign(item(get(fact, "cells"), i)),
			change_in(fact, i) ? " \\*" : "");
	fputc('\n', out);
}

static void print_table(FILE *out, struct json_object *report, int columns)
{
	struct json_object *facts = get(report, "facts");
	const char *group = "";
	for (size_t i = 0; i < json_object_array_length(facts); i++) {
		struct json_object *fact = json_object_array_get_idx(facts, i);
		if (strcmp(group, text(fact, "group")) != 0) {
			group = text(fact, "group");
			fprintf(out, "\n## %s\n\n| |", text(get(report, "groups"), group));
			for (int j = 0; j < columns; j++)
				fprintf(out, " %s |",
					text(item(get(report, "columns"), j), "name"));
			fprintf(out, "\n|---|");
			for (int j = 0; j < columns; j++)
				fprintf(out, "---|");
			fputc('\n', out);
		}
		print_row(out, fact, columns);
	}
}

static void print_cause(FILE *out, struct json_object *cause)
{
	const char *host = text(cause, "host"), *file = text(cause, "file");
	fprintf(out, "`%s` in [%s](../%s), `", text(cause, "call"), strrchr(file, '/') + 1, file);
	/* A bar would end the cell. */
	for (const char *at = text(cause, "code"); *at; at++)
		fprintf(out, *at == '|' ? "\\|" : "%c", *at);
	fprintf(out, "`%s%s%s", *host ? " (" : "", host, *host ? ")" : "");
}

static void print_change(FILE *out, struct json_object *report, struct json_object *fact,
	int column)
{
	struct json_object *change = change_in(fact, column);
	struct json_object *causes = get(change, "causes"), *cells = get(fact, "cells");
	fprintf(out, "| %s | %s → %s | ", text(fact, "fact"),
		sign(item(cells, number(change, "from"))), sign(item(cells, column)));
	for (size_t i = 0; i < json_object_array_length(causes); i++) {
		int place = json_object_get_int(json_object_array_get_idx(causes, i));
		fprintf(out, "%s", i ? "<br>" : "");
		print_cause(out, item(get(report, "causes"), place));
	}
	fprintf(out, " |\n");
}

static void print_stages(FILE *out, struct json_object *report, int columns)
{
	struct json_object *facts = get(report, "facts");
	for (int i = 0; i < columns; i++) {
		struct json_object *column = item(get(report, "columns"), i);
		if (number(column, "stage") < 1)
			continue;
		fprintf(out,
			"\n## Stage %d adds %s\n\n| fact | changes | system call and code |\n|---|---|---|\n",
			number(column, "stage"), text(column, "adds"));
		for (size_t j = 0; j < json_object_array_length(facts); j++)
			if (change_in(json_object_array_get_idx(facts, j), i))
				print_change(out, report, json_object_array_get_idx(facts, j), i);
	}
}

int markdown_write(const char *file, struct json_object *report)
{
	char *whole = NULL;
	size_t size;
	FILE *out = open_memstream(&whole, &size);
	if (!out)
		return fail("out of memory");
	int columns = (int)json_object_array_length(get(report, "columns"));
	fprintf(out,
		"# Side by side\n\n<!-- Made by \"make docs\"; change stages/compare, or tests/data/compare. -->\n\n"
		"What a process inside gets of the host, stage beside stage: ● open, ◐ limited, ○ closed,\n"
		"· does not arise; \\* changes here. This is how it must be for root on a usual host; a test holds it\n"
		"against the probe. `build/bin/compare` shows it for yours, with values, and\n"
		"[comparison.html](comparison.html) is the same to step through, in a browser.\n");
	print_table(out, report, columns);
	print_stages(out, report, columns);
	fclose(out);
	int result = file_replace(AT_FDCWD, file, whole, 0644);
	free(whole);
	return result;
}
