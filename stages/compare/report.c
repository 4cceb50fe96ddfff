/*
 * The document has a row a fact, and in it a cell a column and its changes. A change names its
 * causes by their place in a list of their own: one pivot_root changes many facts.
 */
#include "compare/report.h"

#include <json-c/json.h>
#include <stdlib.h>

#include "compare/causes.h"
#include "compare/evidence.h"

struct report {
	const struct matrix *matrix;
	const struct trace *traces;
	struct json_object *causes;
};

static void set_text(struct json_object *object, const char *key, const char *text)
{
	if (text)
		json_object_object_add(object, key, json_object_new_string(text));
}

static void set_number(struct json_object *object, const char *key, long number)
{
	json_object_object_add(object, key, json_object_new_int64(number));
}

static struct json_object *columns_of(const struct matrix *matrix)
{
	struct json_object *list = json_object_new_array();
	for (size_t i = 0; i < matrix->column_count; i++) {
		const struct column *column = &matrix->columns[i];
		struct json_object *one = json_object_new_object();
		set_text(one, "name", column->name);
		set_number(one, "stage", column->stage);
		if (column->stage >= STAGE_HOST) {
			set_text(one, "title", stages[column->stage].title);
			set_text(one, "program", stages[column->stage].program);
			set_text(one, "adds", stages[column->stage].adds);
		}
		if (!column->ran)
			set_text(one, "error", column->error);
		json_object_array_add(list, one);
	}
	return list;
}

static struct json_object *cell_of(const struct cell *cell)
{
	if (!cell->known)
		return NULL;
	struct json_object *object = json_object_new_object();
	set_text(object, "value", cell->value);
	set_text(object, "verdict", verdict_names[cell->verdict]);
	set_text(object, "how", cell->how);
	return object;
}

static struct json_object *cause_of(const struct evidence *evidence, int stage)
{
	struct json_object *object = json_object_new_object();
	set_number(object, "stage", stage);
	if (!evidence->traced)
		set_text(object, "host", evidence->cause->host);
	set_text(object, "step", evidence->step);
	set_text(object, "property", evidence->property);
	set_text(object, "call", evidence->call);
	set_text(object, "file", evidence->place.file);
	/* Without a trace it is about no run in particular, and stays true when code moves. */
	int first = !evidence->traced ? 1 : evidence->place.first;
	set_number(object, "line", evidence->place.line - evidence->place.first + first);
	set_number(object, "first", first);
	set_text(object, "code", evidence->cause->code);
	set_text(object, "excerpt", evidence->place.excerpt);
	set_number(object, "us", evidence->us);
	return object;
}

/* The cause's place in the list; it is put there when it is new. */
static size_t place_in_list(struct report *report, struct json_object *cause)
{
	size_t count = json_object_array_length(report->causes);
	for (size_t i = 0; i < count; i++) {
		struct json_object *other = json_object_array_get_idx(report->causes, i);
		if (json_object_equal(other, cause)) {
			json_object_put(cause);
			return i;
		}
	}
	json_object_array_add(report->causes, cause);
	return count;
}

static int add_causes(struct report *report, struct json_object *list, const char *fact, int stage,
	const struct scene *scene)
{
	struct evidence evidence[CAUSES_MOST];
	int count = evidence_collect(evidence, fact, stage, scene);
	for (int i = 0; i < count; i++) {
		size_t place = place_in_list(report, cause_of(&evidence[i], stage));
		json_object_array_add(list, json_object_new_int64((int64_t)place));
	}
	evidence_free(evidence, count);
	return count < 0 ? -1 : 0;
}

static int add_change(struct report *report, struct json_object *list, size_t fact,
	const struct column *from, const struct column *to)
{
	const struct matrix *matrix = report->matrix;
	const struct scene scene = {report->traces, to->stage, matrix->root};
	struct json_object *change = json_object_new_object(), *causes = json_object_new_array();
	set_number(change, "column", to - matrix->columns);
	set_number(change, "from", from - matrix->columns);
	json_object_object_add(change, "causes", causes);
	json_object_array_add(list, change);
	for (int stage = from->stage + 1; stage <= to->stage; stage++)
		if (add_causes(report, causes, matrix->facts[fact].name, stage, &scene) < 0)
			return -1;
	return 0;
}

static int add_changes(struct report *report, struct json_object *list, size_t fact)
{
	const struct matrix *matrix = report->matrix;
	for (size_t i = 0; i < matrix->column_count; i++) {
		const struct column *column = &matrix->columns[i];
		const struct column *before = matrix_before(matrix, column);
		if (before && matrix_changes(before, column, fact) &&
			add_change(report, list, fact, before, column) < 0)
			return -1;
	}
	return 0;
}

static int add_fact(struct report *report, struct json_object *facts, size_t index)
{
	const struct matrix *matrix = report->matrix;
	struct json_object *fact = json_object_new_object();
	struct json_object *cells = json_object_new_array(), *turns = json_object_new_array();
	set_text(fact, "group", matrix->facts[index].group);
	set_text(fact, "fact", matrix->facts[index].name);
	set_text(fact, "question", matrix->facts[index].question);
	json_object_object_add(fact, "cells", cells);
	json_object_object_add(fact, "changes", turns);
	json_object_array_add(facts, fact);
	for (size_t i = 0; i < matrix->column_count; i++)
		json_object_array_add(cells, cell_of(&matrix->columns[i].cells[index]));
	return add_changes(report, turns, index);
}

struct json_object *report_make(const struct matrix *matrix, const struct trace traces[STAGES])
{
	struct report report = {matrix, traces, json_object_new_array()};
	struct json_object *document = json_object_new_object(), *facts = json_object_new_array();
	struct json_object *groups = json_object_new_object();
	json_object_object_add(document, "host",
		json_object_get(json_object_object_get(matrix->data, "host")));
	json_object_object_add(document, "columns", columns_of(matrix));
	json_object_object_add(document, "groups", groups);
	json_object_object_add(document, "facts", facts);
	json_object_object_add(document, "causes", report.causes);
	for (size_t i = 0; i < matrix->fact_count; i++) {
		const char *group = matrix->facts[i].group;
		set_text(groups, group, group_title(group));
		if (add_fact(&report, facts, i) < 0) {
			json_object_put(document);
			return NULL;
		}
	}
	return document;
}
