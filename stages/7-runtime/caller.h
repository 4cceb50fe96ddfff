/* What whoever starts a command leaves it with. */
#ifndef STAGE7_CALLER_H
#define STAGE7_CALLER_H

/*
 * Once, before anything is opened: makes good what a careless caller leaves behind, and has the
 * standard output looked at when this program ends: what could not be written to it is an error.
 * Returns 0, or -1 with the error set.
 */
int caller_make_good(void);

#endif
