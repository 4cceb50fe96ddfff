/*
 * Why a cell changes: which step of which stage did it, by which system call, in which line of
 * code.
 *
 * A cause is told by words that stay when code moves: a pattern that the text of the step matches
 * (fnmatch(3)), the name of the system call, and words of the line of source.
 * tests/behaviour/compare.bats holds each of them against a trace and the source, and the table
 * against the matrix: every change has its causes, and every cause its change.
 */
#ifndef COMPARE_CAUSES_H
#define COMPARE_CAUSES_H

#include <stddef.h>

enum { CAUSES_MOST = 4 };

/* Hosts that a cause is seen on only. */
#define FOR_V1   "cgroup v1"
#define FOR_V2   "cgroup v2"
#define FOR_ROOT "as root"
#define FOR_USER "without root"

struct cause {
	const char *step; /* "pivot_root: *" */
	const char *call; /* "pivot_root" */
	const char *file; /* below the source tree */
	const char *code; /* words of the line */
	const char *host; /* FOR_V1 ...; NULL: on all */
};

/* What changes @fact at @stage. Several causes work together, or do the same on other hosts. */
struct change {
	const char *fact;
	int stage;
	const struct cause *causes[CAUSES_MOST + 1]; /* ends with NULL */
};

/* Ends with a row without a fact. */
extern const struct change changes[];

/* The row of the table; NULL: there is none. */
const struct change *change_of(const char *fact, int stage);

#endif
