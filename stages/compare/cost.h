/* What a stage costs, against a bare fork and exec. */
#ifndef COMPARE_COST_H
#define COMPARE_COST_H

#include <stdbool.h>

#include "compare/stages.h"
#include "compare/trace.h"

struct json_object;

/*
 * Measures the stages in turn, and a bare fork and exec with them: each once, then each again, so
 * that what disturbs the machine hits all of them. Prints the medians, and below a stage its
 * dearest steps.
 * @traces: one a stage; without steps, the system calls are not known. Returns 0, or -1 with the
 * error set.
 */
int cost_print(bool user, const struct trace traces[STAGES]);

/*
 * Runs @words under a stopwatch, and prints how many microseconds went by until their first output
 * and until their end. This is how the runner runs a stage for the two above. Returns its exit
 * status, or -1 with the error set.
 */
int cost_stopwatch(const char *const words[]);

/* The same into @report, as "cost". */
int cost_add(struct json_object *report, bool user, const struct trace traces[STAGES]);

#endif
