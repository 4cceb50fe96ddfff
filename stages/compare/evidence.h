/* A cause, with what there is to see of it: in the trace, and in the source. */
#ifndef COMPARE_EVIDENCE_H
#define COMPARE_EVIDENCE_H

#include <stdbool.h>

#include "compare/causes.h"
#include "compare/source.h"
#include "compare/trace.h"

struct evidence {
	const struct cause *cause;
	char *step; /* as traced; without a trace what is known of it, "…" for the rest */
	const char *property; /* of config.json; NULL: none */
	const char *call;     /* likewise; without a trace the name alone */
	struct source_place place;
	bool traced; /* step, property, call and time are of a run */
	long us;     /* -1: not known */
};

/* Where to look for it. */
struct scene {
	const struct trace *traces; /* STAGES of them; one without steps was not made */
	int to;    /* the stage that is looked at: it has done what those before do */
	bool root; /* run by root */
};

/*
 * Fills @evidence, which has room for CAUSES_MOST, with the causes of the change of @fact at
 * @stage. With a trace only those of which it has the step, since some causes are another host's.
 * Returns how many, or -1 with the error set. evidence_free() releases them.
 */
int evidence_collect(struct evidence *evidence, const char *fact, int stage,
	const struct scene *scene);
void evidence_free(struct evidence *evidence, int count);

#endif
