/* The seven stages, as the comparison names them. */
#ifndef COMPARE_STAGES_H
#define COMPARE_STAGES_H

enum { STAGES = 8 };

struct stage {
	const char *program; /* below build/bin */
	const char *title;   /* at most six letters: it heads a column */
	const char *adds;    /* what it puts around the process */
};

/* By number; [0] is the host. */
extern const struct stage stages[STAGES];

/* What a group of facts is about; "" for one that is not known. */
const char *group_title(const char *group);

#endif
