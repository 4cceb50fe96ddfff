/* Known traps: what an errno really means at a given step, and what to try. */
#ifndef COMMON_HINTS_H
#define COMMON_HINTS_H

/*
 * The hint for a step that failed with @error (an errno), or NULL. @step is the step's text; the
 * word before its first colon decides.
 */
const char *hint_for(const char *step, int error);

#endif
