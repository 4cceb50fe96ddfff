/* Writes to the files of a cgroup that belong together: all of them, or none. */
#ifndef STAGE7_RESOURCES_BATCH_H
#define STAGE7_RESOURCES_BATCH_H

#include <stdbool.h>
#include <stddef.h>

struct batch_write {
	char *path, *text;
	char *property; /* of the config */
	char *before;   /* what stood in the file; NULL: not known */
	bool done;
};

/* Zeroed, it is empty. */
struct batch {
	struct batch_write *writes;
	size_t count;
};

/* Adds a write; nothing happens yet. Returns -1 with the error set when there is no memory. */
int batch_add(struct batch *batch, const char *directory, const char *file, const char *text,
	const char *property);

/*
 * Does the writes in their order. One that the kernel refuses because of what another file still
 * says is tried again after the others. When one remains refused, the files get back what stood in
 * them (batch_undo()), and the result is -1 with the error set.
 */
int batch_apply(struct batch *batch);

/* Puts back what stood in the files that have been written; of a list, the lines that were. */
void batch_undo(const struct batch *batch);

void batch_release(struct batch *batch);

#endif
