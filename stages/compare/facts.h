/* What the probe has found out: facts, columns, and a cell for each pair of them. */
#ifndef COMPARE_FACTS_H
#define COMPARE_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "compare/stages.h"

struct json_object;

enum verdict {
	VERDICT_OPEN,
	VERDICT_LIMITED,
	VERDICT_CLOSED,
	VERDICT_NONE, /* the question does not arise */
	VERDICTS,
};

/* As the data has them: "open", "limited", "closed", "n/a". */
extern const char *const verdict_names[VERDICTS];

struct fact {
	const char *group, *name, *question;
};

struct cell {
	bool known; /* the column has an answer at all */
	enum verdict verdict;
	const char *value, *how;
};

enum { STAGE_HOST = 0, STAGE_LAST = STAGES - 1, STAGE_NONE = -1 };

struct column {
	const char *name;   /* "host", "1" to "7", "runc" */
	int stage;          /* STAGE_HOST, 1 to STAGE_LAST; STAGE_NONE: it is another's program */
	struct cell *cells; /* one a fact */
	bool ran;           /* there is an answer at all; otherwise: */
	const char *error;  /* why not */
};

struct matrix {
	struct fact *facts;
	size_t fact_count;
	struct column *columns;
	size_t column_count;
	bool root;                /* the probe was run by root */
	struct json_object *data; /* what all texts are part of */
};

/*
 * The data @data, as the runner writes it (README.md), into @matrix, which keeps it. A group's
 * facts stand together, in the order of the first column that has them. matrix_free() releases it,
 * also after a failure. Returns 0, or -1 with the error set.
 */
int matrix_decode(struct matrix *matrix, struct json_object *data);
void matrix_free(struct matrix *matrix);

/* The column of that name, or NULL with an error that says which ones there are. */
const struct column *matrix_column(const struct matrix *matrix, const char *name);

/* What a stage's cells change against: the nearest stage before it, or the host, that ran; or NULL.
 */
const struct column *matrix_before(const struct matrix *matrix, const struct column *column);

/* Whether the fact's verdict is another one: a value (a pid, a count) may differ for no reason. */
bool matrix_changes(const struct column *from, const struct column *to, size_t fact);

/*
 * Leaves only those facts that @words name: a group or a fact each; @count 0 leaves all. Returns
 * -1, with an error, for a word that names none.
 */
int matrix_select(struct matrix *matrix, const char *const words[], size_t count);

#endif
