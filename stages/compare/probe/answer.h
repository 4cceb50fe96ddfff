/*
 * The answer to one question, as it grows: what was tried, what the kernel said, what follows.
 *
 *	if (attempt(answer, sethostname(name, length), "sethostname to the present name") < 0)
 *		return refused(answer);
 *	found(answer, OPEN, "the host's");
 *
 * A verdict is about what the host gives away, not about what works:
 *
 *	OPEN     what is the host's can be seen, changed, used up, reached
 *	LIMITED  a part of it, or something of one's own in its place that is as good
 *	CLOSED   no
 *	UNKNOWN  the question makes no sense here, or nobody has made the stand-in that it needs
 */
#ifndef COMPARE_PROBE_ANSWER_H
#define COMPARE_PROBE_ANSWER_H

#include <stdbool.h>

enum verdict {
	UNKNOWN,
	OPEN,
	LIMITED,
	CLOSED,
};

struct answer {
	enum verdict verdict;
	char value[15]; /* short enough for a cell of the matrix */
	char how[512];  /* the tries, "; " between them */
	char host[64];  /* what of the host it depends on: words, a blank between them */
	int error;      /* errno of the last try, 0 when it succeeded */
};

/* Adds to "how" what was tried, and what the kernel said: @result is a system call's. Returns it.
 */
int attempt(struct answer *answer, int result, const char *what, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds something seen to "how". */
void note(struct answer *answer, const char *what, ...) __attribute__((format(printf, 2, 3)));

/* The end: the verdict and its value, which is cut to its room. */
void found(struct answer *answer, enum verdict verdict, const char *value, ...)
	__attribute__((format(printf, 3, 4)));

/* The end: CLOSED, and the value is the name of the last try's error. */
void refused(struct answer *answer);

/*
 * The end: it worked, on a namespace that is the host's (OPEN) or its own (LIMITED), as @hosts
 * says: what is_hosts_namespace() of outside.h has returned.
 */
void worked_on(struct answer *answer, int hosts);

/* The end: UNKNOWN, since nobody outside has made what would have to be found. */
void nobody_outside(struct answer *answer, const char *what);

/* The answer may be another one where this word does not hold: "cgroup-v1", "root". */
void depends(struct answer *answer, const char *word);

#endif
