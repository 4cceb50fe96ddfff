/* Lists of small numbers as the kernel writes them: "0-3,7", processors or memory nodes. */
#ifndef STAGE6_NUMBER_LIST_H
#define STAGE6_NUMBER_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* As many processors as a kernel can be built for. */
enum { NUMBERS_MOST = 8192, NUMBERS_WORD = 8 * sizeof(unsigned long) };

/* A bit a number, in the form that sched_setaffinity(2) and set_mempolicy(2) take. */
struct number_set {
	unsigned long bits[NUMBERS_MOST / NUMBERS_WORD];
	size_t count;
};

/*
 * Reads "List format" of cpuset(7): numbers and ranges, with commas and blanks between. NULL, or a
 * list without a number in it, is the empty set. Returns false when it is no such list, and for a
 * number that is too large.
 */
bool number_list_read(const char *list, struct number_set *set);

bool number_set_has(const struct number_set *set, size_t number);

#endif
