/*
 * The same form stands for processors and for memory nodes, in a config and in files of the kernel.
 * What must hold: a list is taken whole or not at all.
 */
#include "6-oci/number_list.h"

#include <ctype.h>
#include <string.h>

static const char *read_number(const char *at, size_t *number)
{
	if (!isdigit((unsigned char)*at))
		return NULL;
	for (*number = 0; isdigit((unsigned char)*at); at++)
		if ((*number = *number * 10 + (size_t)(*at - '0')) >= NUMBERS_MOST)
			return NULL;
	return at;
}

static void add(struct number_set *set, size_t number)
{
	if (!number_set_has(set, number))
		set->count++;
	set->bits[number / NUMBERS_WORD] |= 1UL << number % NUMBERS_WORD;
}

/* A number or a range. Returns where it ends, or NULL. */
static const char *read_range(const char *at, struct number_set *set)
{
	size_t first, last;
	at = read_number(at, &first);
	if (!at)
		return NULL;
	last = first;
	if (*at == '-')
		at = read_number(at + 1, &last);
	if (!at || last < first)
		return NULL;
	for (size_t number = first; number <= last; number++)
		add(set, number);
	return at;
}

bool number_list_read(const char *list, struct number_set *set)
{
	static const char blanks[] = " \n";
	*set = (struct number_set){};
	const char *at = list ? list : "";
	for (at += strspn(at, blanks); *at; at += strspn(at, blanks)) {
		if (*at != ',' && !(at = read_range(at, set)))
			return false;
		at += strspn(at, blanks);
		if (*at && *at++ != ',')
			return false;
	}
	return true;
}

bool number_set_has(const struct number_set *set, size_t number)
{
	return set->bits[number / NUMBERS_WORD] >> number % NUMBERS_WORD & 1;
}
