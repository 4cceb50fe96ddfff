/* A place in cooper's own source: the line that does a thing, and the function around it. */
#ifndef COMPARE_SOURCE_H
#define COMPARE_SOURCE_H

struct source_place {
	const char *file; /* "stages/3-rootfs/rootfs.c" */
	int line;         /* from 1; 0: not found */
	int first;        /* the line that excerpt begins with */
	char *excerpt;    /* the function around it, or a few lines; free it */
};

/*
 * Where the source tree is: the directory above this program that has stages/ in it. Returns it
 * (not to be freed), or NULL with the error set.
 */
const char *source_root(void);

/*
 * Finds the first line of @file, below source_root(), that contains @code. Returns 0 with *@place
 * filled, or -1 with the error set when there is no such file or line.
 */
int source_find(const char *file, const char *code, struct source_place *place);

#endif
