/*
 * The data comes column by column, as the probe has printed it in each of them. Who reads a matrix
 * goes row by row. So the rows are collected first, from all columns: a fact that the host has no
 * answer for is a fact all the same. Texts stay where json-c has put them.
 */
#include "compare/facts.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/error.h"

const char *const verdict_names[VERDICTS] = {"open", "limited", "closed", "n/a"};

static const char *text(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;
	json_object_object_get_ex(object, key, &value);
	const char *found = value ? json_object_get_string(value) : NULL;
	return found ? found : "";
}

static struct json_object *list(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;
	if (!json_object_object_get_ex(object, key, &value) ||
		!json_object_is_type(value, json_type_array))
		return NULL;
	return value;
}

static int verdict(const char *name, enum verdict *verdict)
{
	for (int i = 0; i < VERDICTS; i++)
		if (!strcmp(name, verdict_names[i])) {
			*verdict = i;
			return 0;
		}
	return fail("the data: \"%s\" is no verdict", name);
}

static int column_stage(const char *name)
{
	if (!strcmp(name, "host"))
		return STAGE_HOST;
	if (strlen(name) == 1 && *name >= '1' && *name <= '0' + STAGE_LAST)
		return *name - '0';
	return STAGE_NONE;
}

static size_t fact_index(const struct matrix *matrix, const char *group, const char *name)
{
	size_t i = 0;
	while (i < matrix->fact_count && (strcmp(matrix->facts[i].name, name) != 0 ||
						 strcmp(matrix->facts[i].group, group) != 0))
		i++;
	return i;
}

/* A new fact goes behind the last one of its group. */
static void insert_fact(struct matrix *matrix, const struct fact *fact)
{
	size_t at = matrix->fact_count;
	for (size_t i = 0; i < matrix->fact_count; i++)
		if (!strcmp(matrix->facts[i].group, fact->group))
			at = i + 1;
	memmove(&matrix->facts[at + 1], &matrix->facts[at],
		(matrix->fact_count - at) * sizeof(*fact));
	matrix->facts[at] = *fact;
	matrix->fact_count++;
}

static int collect_facts(struct matrix *matrix, struct json_object *columns)
{
	size_t most = 0;
	for (size_t i = 0; i < matrix->column_count; i++) {
		struct json_object *lines = list(json_object_array_get_idx(columns, i), "facts");
		if (!lines)
			return fail("the data: column %zu has no facts", i);
		most += json_object_array_length(lines);
	}
	matrix->facts = calloc(most + 1, sizeof(*matrix->facts));
	matrix->fact_count = 0;
	if (!matrix->facts)
		return fail_errno();
	for (size_t i = 0; i < matrix->column_count; i++) {
		struct json_object *lines = list(json_object_array_get_idx(columns, i), "facts");
		for (size_t j = 0; j < json_object_array_length(lines); j++) {
			struct json_object *line = json_object_array_get_idx(lines, j);
			struct fact fact = {text(line, "group"), text(line, "fact"),
				text(line, "question")};
			if (fact_index(matrix, fact.group, fact.name) == matrix->fact_count)
				insert_fact(matrix, &fact);
		}
	}
	return 0;
}

static int fill_column(struct matrix *matrix, struct column *column, struct json_object *from)
{
	struct json_object *lines = list(from, "facts");
	column->name = text(from, "name");
	column->error = text(from, "error");
	column->stage = column_stage(column->name);
	column->cells = calloc(matrix->fact_count + 1, sizeof(*column->cells));
	if (!column->cells)
		return fail_errno();
	for (size_t i = 0; i < json_object_array_length(lines); i++) {
		struct json_object *line = json_object_array_get_idx(lines, i);
		struct cell *cell =
			&column->cells[fact_index(matrix, text(line, "group"), text(line, "fact"))];
		if (verdict(text(line, "verdict"), &cell->verdict) < 0)
			return -1;
		cell->known = column->ran = true;
		cell->value = text(line, "value");
		cell->how = text(line, "how");
	}
	return 0;
}

int matrix_decode(struct matrix *matrix, struct json_object *data)
{
	struct json_object *columns = list(data, "columns");
	*matrix = (struct matrix){.data = data};
	if (!columns)
		return fail("the data: no columns");
	matrix->root = json_object_get_boolean(
		json_object_object_get(json_object_object_get(data, "host"), "root"));
	matrix->column_count = json_object_array_length(columns);
	matrix->columns = calloc(matrix->column_count + 1, sizeof(*matrix->columns));
	if (!matrix->columns)
		return fail_errno();
	if (collect_facts(matrix, columns) < 0)
		return -1;
	for (size_t i = 0; i < matrix->column_count; i++)
		if (fill_column(matrix, &matrix->columns[i],
			    json_object_array_get_idx(columns, i)) < 0)
			return -1;
	return 0;
}

void matrix_free(struct matrix *matrix)
{
	for (size_t i = 0; i < matrix->column_count; i++)
		free(matrix->columns[i].cells);
	free(matrix->columns);
	free(matrix->facts);
	json_object_put(matrix->data);
	*matrix = (struct matrix){};
}

const struct column *matrix_column(const struct matrix *matrix, const char *name)
{
	char names[256] = "";
	for (size_t i = 0; i < matrix->column_count; i++) {
		const struct column *column = &matrix->columns[i];
		if (!strcmp(column->name, name))
			return column;
		strncat(names, " ", sizeof(names) - strlen(names) - 1);
		strncat(names, column->name, sizeof(names) - strlen(names) - 1);
	}
	fail("no column \"%s\"", name);
	fail_hint("there are:%s", names);
	return NULL;
}

const struct column *matrix_before(const struct matrix *matrix, const struct column *column)
{
	const struct column *before = NULL;
	for (size_t i = 0; i < matrix->column_count; i++) {
		const struct column *other = &matrix->columns[i];
		if (other->ran && other->stage >= STAGE_HOST && other->stage < column->stage &&
			(!before || other->stage > before->stage))
			before = other;
	}
	return before;
}

bool matrix_changes(const struct column *from, const struct column *to, size_t fact)
{
	const struct cell *a = &from->cells[fact], *b = &to->cells[fact];
	return a->known && b->known && a->verdict != b->verdict;
}

static bool is_named(const struct fact *fact, const char *const words[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(fact->group, words[i]) || !strcmp(fact->name, words[i]))
			return true;
	return count == 0;
}

int matrix_select(struct matrix *matrix, const char *const words[], size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		size_t at = 0;
		while (at < matrix->fact_count && !is_named(&matrix->facts[at], &words[i], 1))
			at++;
		if (at == matrix->fact_count)
			return fail("no group and no fact \"%s\"", words[i]);
	}
	for (size_t i = 0; i < matrix->fact_count; i++) {
		if (!is_named(&matrix->facts[i], words, count))
			continue;
		matrix->facts[kept] = matrix->facts[i];
		for (size_t j = 0; j < matrix->column_count; j++)
			matrix->columns[j].cells[kept] = matrix->columns[j].cells[i];
		kept++;
	}
	matrix->fact_count = kept;
	return 0;
}
