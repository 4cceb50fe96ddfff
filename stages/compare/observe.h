/* Runs a stage to see what it does: its steps, their system calls, their times. */
#ifndef COMPARE_OBSERVE_H
#define COMPARE_OBSERVE_H

#include <stdbool.h>

#include "compare/stages.h"
#include "compare/trace.h"

/*
 * Traces the stages @from to @to (1 at least, STAGES - 1 at most), each into traces[its number],
 * and times their steps in a few runs without strace. @user: as a plain user. A stage that this
 * user cannot run keeps an empty trace; so do all, with a warning, where strace is not installed.
 * Returns 0, or -1 with the error set. observe_free() releases the traces.
 */
int observe(int from, int to, bool user, struct trace traces[STAGES]);
void observe_free(struct trace traces[STAGES]);

#endif
