/*
 * An engine, or a person with `exec --env`, sets a variable by adding one behind those that are
 * there. But getenv(3) takes the first that it finds.
 */
#include "6-oci/environment.h"

#include <search.h>
#include <string.h>

/* @one and @other are places in the list. */
static int compare_names(const void *one, const void *other)
{
	const char *a = *(char *const *)one, *b = *(char *const *)other;
	size_t length = strcspn(a, "="), rest = strcspn(b, "=");
	int order = memcmp(a, b, length < rest ? length : rest);
	return order ? order : (length > rest) - (length < rest);
}

static void keep(void *place)
{
	(void)place;
}

void environment_settle(struct config_strings *variables)
{
	void *names = NULL;
	size_t kept = 0;
	for (size_t i = 0; i < variables->count; i++) {
		char **place = &variables->items[kept];
		*place = variables->items[i];
		char ***first = tsearch(place, &names, compare_names);
		/* (Without memory it stays as it is.) */
		if (!first || *first == place)
			kept++;
		else
			**first = *place;
	}
	variables->count = kept;
	tdestroy(names, keep);
	if (variables->items)
		variables->items[kept] = NULL;
}
