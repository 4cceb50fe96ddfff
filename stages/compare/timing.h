/* The middle of several measurements: one that something has disturbed does not count. */
#ifndef COMPARE_TIMING_H
#define COMPARE_TIMING_H

#include <stddef.h>

#include "compare/trace.h"

/* The median of @count values, which it puts in order; -1 when there are none. */
long median(long *values, size_t count);

/*
 * Gives each step of @trace its time, in µs: up to the next step of the same process. @narrated:
 * what each of @runs untraced runs of the same has printed with --explain=json.
 */
void timing_apply(struct trace *trace, const char *const narrated[], size_t runs);

#endif
