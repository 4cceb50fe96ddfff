/* What changes from one column to another, and why. */
#ifndef COMPARE_CHANGES_H
#define COMPARE_CHANGES_H

#include "compare/facts.h"
#include "compare/trace.h"

/*
 * Prints the facts whose verdicts differ between @from and @to; for two stages, below each the
 * causes of all stages in between. @traces: as for report_make(). Returns 0, or -1 with the error
 * set.
 */
int changes_print(const struct matrix *matrix, const struct column *from, const struct column *to,
	const struct trace traces[STAGES]);

#endif
