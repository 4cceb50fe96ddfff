/*
 * A row a fact, in @width columns. The host and the stages show the value where there is room for
 * five letters of it; other programs show the sign alone, and have a column only when they ran. In
 * front of the sign is the mark of a change against the stage before.
 *
 *	see: what it sees of the host
 *	host-processes      ● 212    ● 212    »○ 1     ○ 1 ...
 */
#include "compare/matrix.h"

#include <stdio.h>
#include <string.h>

#include "compare/paint.h"
#include "compare/stages.h"

enum { NAME_LEAST = 12, NAME_MOST = 22, SIGN_WIDTH = 4, HEAD_WIDTH = 8 };
enum { LEGEND_WIDTH = 54, VALUE_LEAST = 5, VALUE_MOST = 14, VALUE_AROUND = 4 };

/* How wide what is: a fact's name; a value (0: none is shown); the column of another's program. */
struct layout {
	size_t name, value, other;
};

static bool is_shown(const struct column *column)
{
	return column->ran || column->stage != STAGE_NONE;
}

static size_t name_width(const struct matrix *matrix)
{
	size_t width = NAME_LEAST;
	for (size_t i = 0; i < matrix->fact_count; i++) {
		size_t name = strlen(matrix->facts[i].name) + 2;
		width = name > width ? name : width;
	}
	return width < NAME_MOST ? width : NAME_MOST;
}

static struct layout lay_out(const struct matrix *matrix, size_t width)
{
	struct layout layout = {.name = name_width(matrix), .other = HEAD_WIDTH};
	size_t own = 0, others = 0;
	for (size_t i = 0; i < matrix->column_count; i++)
		if (is_shown(&matrix->columns[i]))
			++*(matrix->columns[i].stage == STAGE_NONE ? &others : &own);
	if (layout.name + SIGN_WIDTH * own + HEAD_WIDTH * others > width)
		layout.other = SIGN_WIDTH;
	size_t least = layout.name + layout.other * others + VALUE_AROUND * own;
	if (own && width >= least + VALUE_LEAST * own)
		layout.value = (width - least) / own;
	if (layout.value > VALUE_MOST)
		layout.value = VALUE_MOST;
	return layout;
}

static size_t column_width(const struct column *column, const struct layout *layout)
{
	if (column->stage == STAGE_NONE)
		return layout->other;
	return layout->value ? layout->value + VALUE_AROUND : SIGN_WIDTH;
}

/* The stages' numbers stand in the first line; their names, where there is room, in the second. */
static const char *head_of(const struct column *column, const struct layout *layout, int line)
{
	if (column->stage == STAGE_NONE)
		return line == 1 ? column->name : "";
	if (line == 0)
		return column->name;
	return layout->value ? stages[column->stage].title : "";
}

static void print_heads(const struct matrix *matrix, const struct layout *layout)
{
	int lines = layout->value ? 2 : 1;
	for (size_t i = 0; i < matrix->column_count; i++)
		if (matrix->columns[i].stage == STAGE_NONE && is_shown(&matrix->columns[i]))
			lines = 2;
	for (int line = 0; line < lines; line++) {
		printf("%s%*s", paint_bold(), (int)layout->name, "");
		for (size_t i = 0; i < matrix->column_count; i++) {
			const struct column *column = &matrix->columns[i];
			if (!is_shown(column))
				continue;
			/* "host" needs all the room that a sign has. */
			bool flush = column->stage == STAGE_HOST && !layout->value;
			printf("%s", flush ? "" : " ");
			paint_cell(head_of(column, layout, line),
				column_width(column, layout) - !flush);
		}
		printf("%s\n", paint_end());
	}
}

static void print_cell(const struct matrix *matrix, const struct column *column, size_t fact,
	const struct layout *layout)
{
	const struct cell *cell = &column->cells[fact];
	const struct column *before = matrix_before(matrix, column);
	bool changed = before && matrix_changes(before, column, fact);
	if (!cell->known) {
		printf("%*s", (int)column_width(column, layout), "");
		return;
	}
	printf("%s%s%s%s ", paint_verdict(cell->verdict), changed ? paint_bold() : "",
		changed ? "»" : " ", verdict_sign(cell->verdict));
	paint_cell(column->stage == STAGE_NONE || !layout->value ? "" : cell->value,
		column_width(column, layout) - VALUE_AROUND);
	printf("%s ", paint_end());
}

static void print_rows(const struct matrix *matrix, const struct layout *layout)
{
	const char *group = "";
	for (size_t i = 0; i < matrix->fact_count; i++) {
		const struct fact *fact = &matrix->facts[i];
		if (strcmp(group, fact->group) != 0) {
			group = fact->group;
			printf("%s%s%s: %s\n", paint_bold(), group, paint_end(),
				group_title(group));
		}
		printf("  ");
		paint_cell(fact->name, layout->name - 2);
		for (size_t j = 0; j < matrix->column_count; j++)
			if (is_shown(&matrix->columns[j]))
				print_cell(matrix, &matrix->columns[j], i, layout);
		putchar('\n');
	}
}

static void print_legend(size_t width)
{
	putchar('\n');
	for (int i = 0; i < VERDICTS; i++)
		printf("%s%s%s%s %s", i ? "   " : "", paint_verdict(i), verdict_sign(i),
			paint_end(), verdict_names[i]);
	printf("%s» changes here\n\n", width < LEGEND_WIDTH ? "\n" : "   ");
}

/* Which of its changes went where; what did not arise before has come up. */
static void count_changes(const struct matrix *matrix, const struct column *column, char *text,
	size_t size)
{
	static const char *const verbs[VERDICTS + 1] = {"opens", "limits", "closes", "ends",
		"brings up"};
	static const int order[] = {VERDICT_CLOSED, VERDICT_LIMITED, VERDICT_OPEN, VERDICT_NONE,
		VERDICTS};
	const struct column *before = matrix_before(matrix, column);
	size_t counts[VERDICTS + 1] = {}, length = 0;
	for (size_t i = 0; before && i < matrix->fact_count; i++)
		if (matrix_changes(before, column, i))
			counts[before->cells[i].verdict == VERDICT_NONE
					? VERDICTS
					: column->cells[i].verdict]++;
	*text = '\0';
	for (size_t i = 0; i <= VERDICTS; i++)
		if (counts[order[i]] && length < size)
			length += (size_t)snprintf(text + length, size - length, "%s%s %zu",
				length ? ", " : "", verbs[order[i]], counts[order[i]]);
}

static void print_stage(const struct matrix *matrix, const struct column *column, size_t width)
{
	char line[256], changes[128];
	count_changes(matrix, column, changes, sizeof(changes));
	snprintf(line, sizeof(line), "%s%s%s%s", stages[column->stage].adds, *changes ? " (" : "",
		changes, *changes ? ")" : "");
	printf("%s%d %-6s%s  ", paint_bold(), column->stage, stages[column->stage].title,
		paint_end());
	paint_paragraph(line, 10, width);
}

static void print_missing(const struct matrix *matrix, size_t width)
{
	for (size_t i = 0; i < matrix->column_count; i++) {
		const struct column *column = &matrix->columns[i];
		char line[1024];
		if (column->ran || !matrix->fact_count)
			continue;
		snprintf(line, sizeof(line), "did not run: %s", column->error);
		printf("%s%-8s%s  ", paint_bold(), column->name, paint_end());
		paint_paragraph(line, 10, width);
	}
}

void matrix_print(const struct matrix *matrix)
{
	size_t width = paint_width();
	struct layout layout = lay_out(matrix, width);
	print_heads(matrix, &layout);
	print_rows(matrix, &layout);
	print_legend(width);
	for (size_t i = 0; i < matrix->column_count; i++)
		if (matrix->columns[i].stage > STAGE_HOST)
			print_stage(matrix, &matrix->columns[i], width);
	print_missing(matrix, width);
}
