/*
 * Facts that the same steps have changed stand together, and the steps below them once:
 *
 *	  see     host-mounts           ● 34  ->  ○ 12
 *	  escape  chroot                ● out ->  ○ EPERM
 *	          step  pivot_root: make it the root mount                  47 µs
 *	          call  pivot_root(".", ".") = 0
 *	          code  stages/3-rootfs/rootfs.c:160
 */
#include "compare/changes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/text.h"
#include "compare/evidence.h"
#include "compare/paint.h"
#include "compare/stages.h"

enum { NAME_WIDTH = 20, VALUE_WIDTH = 14, INDENT = 10, HEAD_END = 16, CALL_LINES = 3 };

struct comparison {
	const struct matrix *matrix;
	const struct column *from, *to;
	struct scene scene;
};

static bool same_causes(const char *fact, const char *other, int stage)
{
	const struct change *a = change_of(fact, stage), *b = change_of(other, stage);
	if (!a || !b)
		return a == b;
	return memcmp(a->causes, b->causes, sizeof(a->causes)) == 0;
}

/* Whether all that has changed the one has changed the other. */
static bool same_reason(const struct comparison *comparison, size_t fact, size_t other)
{
	const struct fact *facts = comparison->matrix->facts;
	for (int stage = comparison->from->stage + 1; stage <= comparison->to->stage; stage++)
		if (!same_causes(facts[fact].name, facts[other].name, stage))
			return false;
	return true;
}

static void print_value(const struct cell *cell, painter *paint)
{
	printf("%s%s ", paint_verdict(cell->verdict), verdict_sign(cell->verdict));
	paint(*cell->value ? cell->value : verdict_names[cell->verdict], VALUE_WIDTH);
	printf("%s", paint_end());
}

static void print_fact(const struct comparison *comparison, size_t fact)
{
	const struct fact *about = &comparison->matrix->facts[fact];
	printf("%-*s%s", INDENT, about->group, paint_bold());
	paint_cell(about->name, NAME_WIDTH);
	printf("%s ", paint_end());
	print_value(&comparison->from->cells[fact], paint_cell);
	printf(" → ");
	print_value(&comparison->to->cells[fact], paint_last);
	putchar('\n');
}

static void print_line(const char *head, const char *text)
{
	printf("%*s%s%s%s  ", INDENT, "", paint_dim(), head, paint_end());
	paint_paragraph(text, HEAD_END, paint_width());
}

/* What makes the call that one comes first; a long rest (what netlink sends) is left out. */
static void print_call(const char *call)
{
	size_t room = CALL_LINES * (paint_width() - HEAD_END);
	_cleanup_free char *text =
		text_format("%.*s%s", (int)room, call, strlen(call) > room ? "…" : "");
	print_line("call", text ? text : call);
}

static void print_evidence(const struct evidence *evidence, int stage)
{
	char text[512];
	snprintf(text, sizeof(text), "%s%s%s%s", evidence->step, evidence->property ? "  [" : "",
		evidence->property ? evidence->property : "", evidence->property ? "]" : "");
	print_line("step", text);
	print_call(evidence->call);
	int length =
		snprintf(text, sizeof(text), "%s:%d", evidence->place.file, evidence->place.line);
	if (evidence->us >= 0)
		snprintf(text + length, sizeof(text) - (size_t)length, "  (stage %d, %ld µs)",
			stage, evidence->us);
	print_line("code", text);
}

static int print_reasons(const struct comparison *comparison, size_t fact)
{
	int known = 0;
	for (int stage = comparison->from->stage + 1; stage <= comparison->to->stage; stage++) {
		struct evidence evidence[CAUSES_MOST];
		int count = evidence_collect(evidence, comparison->matrix->facts[fact].name, stage,
			&comparison->scene);
		for (int i = 0; i < count; i++)
			print_evidence(&evidence[i], stage);
		evidence_free(evidence, count);
		if (count < 0)
			return -1;
		known += count;
	}
	if (!known)
		print_line("why ", "no step is known for this");
	return 0;
}

static void print_head(const struct comparison *comparison, size_t count)
{
	const struct column *columns[2] = {comparison->from, comparison->to};
	printf("%s", paint_bold());
	for (int i = 0; i < 2; i++) {
		const struct column *column = columns[i];
		printf("%s%s%s%s", i ? " → " : "", column->name,
			column->stage > STAGE_HOST ? " " : "",
			column->stage > STAGE_HOST ? stages[column->stage].title : "");
	}
	printf("%s: %zu of %zu facts change\n", paint_end(), count, comparison->matrix->fact_count);
}

int changes_print(const struct matrix *matrix, const struct column *from, const struct column *to,
	const struct trace traces[STAGES])
{
	struct comparison comparison = {matrix, from, to, {traces, to->stage, matrix->root}};
	_cleanup_free bool *todo = calloc(matrix->fact_count + 1, sizeof(*todo));
	bool explained = from->stage != STAGE_NONE && to->stage > from->stage;
	size_t count = 0;
	if (!from->ran || !to->ran)
		return fail("%s did not run: %s", from->ran ? to->name : from->name,
			from->ran ? to->error : from->error);
	if (!todo)
		return fail_errno();
	for (size_t i = 0; i < matrix->fact_count; i++)
		count += todo[i] = matrix_changes(from, to, i);
	print_head(&comparison, count);
	for (size_t i = 0; i < matrix->fact_count; i++) {
		if (!todo[i])
			continue;
		if (explained)
			putchar('\n');
		for (size_t j = i; j < matrix->fact_count; j++)
			if (todo[j] && (j == i || (explained && same_reason(&comparison, i, j)))) {
				print_fact(&comparison, j);
				todo[j] = false;
			}
		if (explained && print_reasons(&comparison, i) < 0)
			return -1;
	}
	return 0;
}
